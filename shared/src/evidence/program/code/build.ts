import {
  scopeOf,
  type Argument,
  type Binding,
  type Call,
  type Code,
  type Condition,
  type Entry,
  type Expr,
  type Scope,
  type Unit,
} from './tree';

/** What is not evaluated. */
export const other: Expr = { k: 'other' };

/** How a unit is written. */
interface UnitOptions {
  readonly name?: string | null;
  readonly owner?: Unit | null;
  readonly isGiven?: boolean;
}

/** Builds the small tree of one program, while its adapter goes through the text. */
export interface Builder {
  /** The unit that is being read. */
  readonly unit: () => Unit;
  name(name: string, at: number): Expr;
  member(of: Expr, name: string): Expr;
  call(callee: Expr, args: readonly Argument[], from: number, to: number): Call;
  /** Reads a unit, in a scope of its own. */
  inUnit(kind: Unit['kind'], options: UnitOptions, read: (unit: Unit) => void): Unit;
  /** Reads what has a scope of its own within its unit. */
  inBlock<T>(read: () => T): T;
  /** Reads what is done under a condition. */
  under<T>(test: Expr | null, is: boolean, read: () => T): T;
  /** Gives a name a meaning: in this block, in this unit, or wherever it is declared. */
  declare(name: string, value: Expr, at: number, where?: 'block' | 'unit' | 'declared'): void;
  /** Sets a field of the objects of a class. */
  field(of: Unit, name: string, value: Expr, at: number): void;
  import(from: string, name: string | null): Expr;
  returns(value: Expr): void;
  sets(name: string, value: Expr, beside?: readonly Entry[]): void;
  /** The whole of it. */
  code(language: Code['language'], text: string): Code;
}

/** A unit of which nothing is read yet, in the scope around it. */
function emptyUnit(
  kind: Unit['kind'],
  { name = null, owner = null, isGiven = false }: UnitOptions,
  around: Scope | null,
  when: Condition | null,
): Unit {
  const unit: Unit = {
    ...{ kind, name, owner, outer: around?.unit ?? null, isGiven, when, parameters: [], bases: [] },
    ...{ methods: new Map(), fields: new Map(), calls: [], returns: [], mentions: new Set(), imports: [], sets: [], inner: [] },
    scope: { kind: 'unit', parent: around, names: new Map(), unit: null as unknown as Unit },
  };
  (unit.scope as { unit: Unit }).unit = unit;
  around?.unit.inner.push(unit);
  return unit;
}

/** Keeps one more thing under a name. */
function putInto(map: Map<string, Binding[]>, name: string, binding: Binding): void {
  const known = map.get(name);
  if (known) known.push(binding);
  else map.set(name, [binding]);
}

/** Functions that call what they are given, with what follows it, and which argument that is. */
const callers: Readonly<Record<string, number>> = {
  to_thread: 0,
  run_sync: 0,
  run_in_threadpool: 0,
  run_in_executor: 1,
  submit: 0,
  call_soon: 0,
  add_job: 0,
};

/** The call that a call hands on: `to_thread(save, path)`, `Thread(target=save, args=(path,))`. */
function handedOn(callee: Expr, args: readonly Argument[]): Pick<Call, 'callee' | 'args'> | null {
  const name = callee.k === 'member' || callee.k === 'name' ? callee.name : '';
  const place = Object.hasOwn(callers, name) ? callers[name]! : -1;
  if (place >= 0 && args[place]) return { callee: args[place].value, args: args.slice(place + 1) };
  const target = name === 'Thread' || name === 'Process' ? args.find(each => each.name === 'target') : undefined;
  const given = args.find(each => each.name === 'args')?.value;
  if (!target || (given && given.k !== 'list')) return null;
  return {
    callee: target.value,
    args: (given?.items ?? []).map(value => ({ value, name: null, isSpread: false, from: target.from, to: target.to })),
  };
}

/** A builder that begins in the module. */
export function createBuilder(): Builder {
  const later: { readonly name: string; readonly scope: Scope; readonly binding: Binding }[] = [];
  let scope!: Scope;
  let when: Condition | null = null;

  function within<T>(next: Scope, condition: Condition | null, read: () => T): T {
    const before = [scope, when] as const;
    [scope, when] = [next, condition];
    const value = read();
    [scope, when] = before;
    return value;
  }

  const module = emptyUnit('module', {}, null, null);
  const units = [module];
  scope = module.scope;
  return {
    unit: () => scope.unit,
    name(name, at) {
      scope.unit.mentions.add(name);
      return { k: 'name', name, at, scope, when };
    },
    member(of, name) {
      scope.unit.mentions.add(name);
      return { k: 'member', of, name };
    },
    call(callee, args, from, to) {
      const call: Call = { k: 'call', callee, args, from, to, when, unit: scope.unit };
      scope.unit.calls.push(call);
      const handed = handedOn(callee, args);
      if (handed) scope.unit.calls.push({ ...call, ...handed });
      return call;
    },
    inUnit(kind, options, read) {
      const unit = emptyUnit(kind, options, scope, when);
      units.push(unit);
      within(unit.scope, null, () => read(unit));
      return unit;
    },
    inBlock: read => within({ kind: 'block', parent: scope, unit: scope.unit, names: new Map() }, when, read),
    under: (test, is, read) => within(scope, { test, is, outer: when }, read),
    declare(name, value, at, where = 'block') {
      const binding: Binding = { value, when, at, unit: scope.unit };
      if (where === 'declared') later.push({ name, scope, binding });
      else putInto((where === 'unit' ? scope.unit.scope : scope).names, name, binding);
    },
    field(of, name, value, at) {
      const binding: Binding = { value, when, at, unit: scope.unit };
      putInto(of.fields, name, binding);
    },
    import(from, name) {
      scope.unit.imports.push({ from, when });
      if (name !== null) scope.unit.mentions.add(name);
      return { k: 'import', from, name, unit: module };
    },
    returns: value => void scope.unit.returns.push({ value, when }),
    sets: (name, value, beside = []) => void scope.unit.sets.push({ name, value, when, beside }),
    code(language, text) {
      for (const { name, scope: from, binding } of later) putInto((scopeOf(name, from) ?? module.scope).names, name, binding);
      for (const unit of units) for (const list of unit.scope.names.values()) list.sort((one, two) => one.at - two.at);
      return { language, module, text, units };
    },
  };
}
