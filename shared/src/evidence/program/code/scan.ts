import type { SyntaxNode } from '@lezer/common';
import { partsOf } from './nodes';
import { scopeOf, type Binding, type Code, type Condition, type Part, type Scope, type Source, type Unit } from './tree';

/** A program while it is gone through once, for its names and calls. */
export interface Scan {
  readonly code: Code;
  readonly module: Unit;
  scope: Scope;
  when: Condition | null;
  deep: number;
  readonly readers: Readers;
  /** What is declared once all is read: `name = …` of an outer name that follows. */
  readonly later: (() => void)[];
}

/** What reads nodes that declare names or are done under a condition, by their kind; of all others their parts are read. */
export type Readers = Readonly<Record<string, (scan: Scan, node: SyntaxNode, parts: readonly SyntaxNode[]) => void>>;

/** Programs that nest deeper are not read. */
const mostDeep = 400;

interface UnitOptions {
  readonly name?: string | null;
  readonly owner?: Unit | null;
  readonly isGiven?: boolean;
}

function createUnit(code: Code, kind: Unit['kind'], { name = null, owner = null, isGiven = false }: UnitOptions, s: Scan | null): Unit {
  const scope = { parent: s?.scope ?? null, names: new Map<string, Binding[]>() } as unknown as Scope;
  const unit: Unit = {
    ...{ kind, name, owner, code, outer: s?.scope.unit ?? null, isGiven, when: s?.when ?? null, scope, hasBases: false },
    ...{ fields: new Map(), calls: [], returns: [], mentions: new Set(), imports: [], sets: [], inner: [] },
  };
  (scope as { unit: Unit }).unit = unit;
  s?.scope.unit.inner.push(unit);
  code.units.push(unit);
  return unit;
}

/** Goes through a program once. */
export function scanProgram(top: SyntaxNode, text: string, language: Code['language'], readers: Readers): Code {
  const code: Code = { language, text, units: [], written: new Map() };
  const module = createUnit(code, 'module', {}, null);
  const scan: Scan = { code, module, scope: module.scope, when: null, deep: 0, readers, later: [] };
  visitAll(scan, partsOf(top));
  for (const declare of scan.later) declare();
  for (const unit of code.units) for (const list of unit.scope.names.values()) list.sort((one, two) => one.at - two.at);
  return code;
}

/** What a node is written as. */
export const written = ({ code }: Scan, node: SyntaxNode): string => code.text.slice(node.from, node.to);

/** A node where the scan is. */
export const part = ({ scope, when }: Scan, node: SyntaxNode): Part => ({ node, scope, when });

/** Takes what a node mentions, calls and declares. */
export function visit(s: Scan, node: SyntaxNode): void {
  if (++s.deep > mostDeep) throw new SyntaxError('nested too deep');
  const { unit } = s.scope;
  if (node.name === 'VariableName' || node.name === 'PropertyName') unit.mentions.add(written(s, node));
  else {
    if (node.name === 'CallExpression' || node.name === 'NewExpression') unit.calls.push(part(s, node));
    const parts = partsOf(node);
    if (Object.hasOwn(s.readers, node.name)) s.readers[node.name]!(s, node, parts);
    else visitAll(s, parts);
  }
  s.deep--;
}

export const visitAll = (s: Scan, nodes: readonly (SyntaxNode | undefined)[]): void => nodes.forEach(node => node && visit(s, node));

function within<T>(s: Scan, scope: Scope, when: Condition | null, read: () => T): T {
  const before = [s.scope, s.when] as const;
  [s.scope, s.when] = [scope, when];
  const value = read();
  [s.scope, s.when] = before;
  return value;
}

/** Reads a unit, in a scope of its own. */
export function inUnit(s: Scan, node: SyntaxNode, kind: Unit['kind'], options: UnitOptions, read: (unit: Unit) => void): Unit {
  const unit = createUnit(s.code, kind, options, s);
  s.code.written.set(node.from, unit);
  within(s, unit.scope, null, () => read(unit));
  return unit;
}

/** Reads what has a scope of its own within its unit. */
export const inBlock = (s: Scan, read: () => void): void =>
  within(s, { parent: s.scope, unit: s.scope.unit, names: new Map() }, s.when, read);

/** Reads what is done under a condition. */
export const under = (s: Scan, test: SyntaxNode | null | undefined, is: boolean, read: () => void): void =>
  within(s, s.scope, { test: test ? part(s, test) : null, is, outer: s.when }, read);

function put(names: Map<string, Binding[]>, name: string, binding: Binding): void {
  const known = names.get(name);
  if (known) known.push(binding);
  else names.set(name, [binding]);
}

/** Gives a name of a scope a value. */
export const declare = (s: Scan, name: string, value: Source, at: number, scope = s.scope): void =>
  put(scope.names, name, { value, when: s.when, at, unit: s.scope.unit });

/** Gives a name a value wherever it is declared. */
export function declareOutside(s: Scan, name: string, value: Source, at: number, from: Scope | null = s.scope): void {
  const binding: Binding = { value, when: s.when, at, unit: s.scope.unit };
  s.later.push(() => put((scopeOf(name, from) ?? s.module.scope).names, name, binding));
}

/** Sets a field of the objects of a class. */
export const field = (s: Scan, of: Unit, name: string, value: Source, at: number): void =>
  put(of.fields, name, { value, when: s.when, at, unit: s.scope.unit });

export function imports(s: Scan, from: string, name: string | null): Source {
  const source = { k: 'import', from, name, unit: s.module } as const;
  s.scope.unit.imports.push(source);
  if (name !== null) s.scope.unit.mentions.add(name);
  return source;
}

/** Notes that something is set by a name. */
export const sets = (s: Scan, name: string, node: SyntaxNode | undefined, object: SyntaxNode | null = null): void =>
  void (node && s.scope.unit.sets.push({ name, value: part(s, node), object }));
