import { resolvePath } from '../../../base/text/path';
import { constants, givenBy, usualName } from './library';
import { libraryWrites } from './write-calls';
import { scopeOf, type Call, type Condition, type Entry, type Expr, type Scope, type Unit } from './tree';
import { concatenated, folderAround, joined, nothing, textValue, unknown, type Frame, type Module, type Value } from './values';

/** What surrounds the modules of a program. */
export interface Surroundings {
  /** The value of a variable; `null` is not known, `undefined` is set by nobody. */
  readonly variable: (name: string) => string | null | undefined;
  /** The folder that relative paths count from. */
  readonly workdir: string;
  readonly moduleOf: (unit: Unit) => Module;
  /** A file of the program that a module imports; `null`: it is none, or not here. */
  readonly imported: (from: string, importer: Module) => Module | null;
  /** Where a function or class is called; each tells what it is called on. */
  readonly callsOf: (unit: Unit) => readonly Call[];
  /** What an option of the command line stands for where nobody gives it. */
  readonly option: (name: string) => Expr | string | undefined;
  /** What a constant of the settings is given that a framework hands on by its name: `settings.MEDIA_ROOT`, `app.config['INBOX']`. */
  readonly setting: (name: string) => readonly Expr[];
}

/** Evaluates expressions of a program without running it. */
export interface Evaluator {
  /** What an expression may stand for. */
  of(expr: Expr, frame: Frame | null): readonly Value[];
  /** Whether something holds; `null`: that is not known. */
  truth(expr: Expr, frame: Frame | null): boolean | null;
  /** Whether a condition cannot hold. */
  isDead(when: Condition | null, frame: Frame | null): boolean;
  /** The functions and classes that a call calls, each with the object whose method it is. */
  called(call: Call, frame: Frame | null): readonly (Value & { readonly k: 'unit' })[];
}

/** More values of one expression are not followed. */
const mostValues = 12;
const mostDeep = 60;
/** More steps are not taken for one program; what is not reached by then is not known. */
const mostSteps = 60_000;

const isSame = (one: Value, other: Value): boolean =>
  one === other ||
  (one.k === other.k &&
    ((one.k === 'text' && other.k === 'text' && one.text === other.text && one.isOpen === other.isOpen) ||
      one.k === 'nothing' ||
      one.k === 'unknown'));

/** Each value once; of too many the rest is not known. */
function distinct(values: readonly Value[]): readonly Value[] {
  if (values.length < 2) return values;
  const kept: Value[] = [];
  for (const value of values) if (!kept.some(one => isSame(one, value))) kept.push(value);
  return kept.length > mostValues ? [...kept.slice(0, mostValues), unknown] : kept;
}

/** What two lists of values give together. */
const cross = (left: readonly Value[], right: readonly Value[], make: (one: Value, other: Value) => Value): readonly Value[] =>
  distinct(left.flatMap(one => right.map(other => make(one, other))));

/** Whether what holds at one place holds at another, too. */
function isAround(outer: Condition | null, inner: Condition | null): boolean {
  if (outer === null) return true;
  for (let at = inner; at !== null; at = at.outer) if (at === outer) return true;
  return false;
}

/** The innermost frame of a function among those that led here. */
function frameOf(unit: Unit, frame: Frame | null, steps = 0): Frame | null {
  if (!frame || steps > 12) return null;
  if (frame.unit === unit) return frame;
  return frameOf(unit, frame.outer, steps + 1) ?? frameOf(unit, frame.caller, steps + 1);
}

/** Methods that leave a path, or a text, what it is as far as paths go. */
const keeping =
  /^(?:resolve|absolute|strip|trim|rstrip|lstrip|trimEnd|toString|as_posix|encode|decode|__str__|href|pathname|value|normalize|path|copy|expandvars|get_secret_value|valueOf)$/;

/** Whether something is known of what a library has by this name. */
const isKnown = (name: string): boolean => givenBy(name) !== undefined || libraryWrites(name).length > 0;

export function createEvaluator(around: Surroundings): Evaluator {
  let steps = 0;
  let deep = 0;
  /** Whether names stand for all that they are ever given. */
  let isEver = false;
  const open = new Map<Expr, Set<Frame | null>>();

  function of(expr: Expr, frame: Frame | null): readonly Value[] {
    if (++steps > mostSteps || deep > mostDeep) return [unknown];
    const frames = open.get(expr) ?? new Set();
    if (frames.has(frame)) return [unknown];
    frames.add(frame);
    open.set(expr, frames);
    deep++;
    const values = distinct(evaluate(expr, frame));
    deep--;
    frames.delete(frame);
    return values;
  }

  function evaluate(expr: Expr, frame: Frame | null): readonly Value[] {
    switch (expr.k) {
      case 'text':
        return [textValue(expr.text)];
      case 'const':
        return [expr.value === null ? nothing : { k: 'const', value: expr.value }];
      case 'name':
        return named(expr, frame);
      case 'member':
        return distinct(of(expr.of, frame).flatMap(value => member(value, expr.name)));
      case 'index':
        return cross(of(expr.of, frame), of(expr.key, frame), at).flatMap(value => (value.k === 'many' ? value.of : value));
      case 'call':
        return called(expr, frame);
      case 'join':
        return expr.parts.reduce<readonly Value[]>((left, part) => cross(left, of(part, frame), concatenated), [textValue('')]);
      case 'binary':
        return binary(expr, frame);
      case 'either':
        return either(expr, frame);
      case 'choice': {
        const test = truth(expr.test, frame);
        return [...(test === false ? [] : of(expr.yes, frame)), ...(test === true ? [] : of(expr.no, frame))];
      }
      case 'not': {
        const test = truth(expr.of, frame);
        return [test === null ? unknown : { k: 'const', value: !test }];
      }
      case 'object':
        return [{ k: 'entries', entries: expr.entries, frame }];
      case 'list':
        return [{ k: 'list', items: expr.items, frame }];
      case 'unit':
        return [{ k: 'unit', unit: expr.unit, frame, self: null }];
      case 'this':
        return [selfOf(expr.unit, frame)];
      case 'element':
        return of(expr.of, frame).flatMap(value => element(value, expr.at));
      case 'parameter':
        return parameter(expr.unit, expr.at, frame);
      case 'import':
        return imported(expr.from, expr.name, around.moduleOf(expr.unit));
      case 'other':
        return [unknown];
    }
  }

  function either({ sign, left, right }: Expr & { k: 'either' }, frame: Frame | null): readonly Value[] {
    if (sign === 'and') return truth(left, frame) === false ? of(left, frame) : of(right, frame);
    return of(left, frame).flatMap(value => {
      if (value.k === 'nothing') return of(right, frame);
      if (value.k === 'unknown' || value.k === 'method' || value.k === 'library') return [value, ...of(right, frame)];
      return sign === 'or' && isTrue(value) === false ? of(right, frame) : value;
    });
  }

  function binary({ sign, left, right }: Expr & { k: 'binary' }, frame: Frame | null): readonly Value[] {
    if (sign === '/') return cross(of(left, frame), of(right, frame), (one, other) => joined(one, other, false));
    if (sign === '%')
      return of(left, frame).map(value =>
        value.k === 'text' ? formatted(value, /%(?:\((\w+)\))?[-+ #0]?[\d.]*[sdrifx%]/g, filled(right, frame)) : unknown,
      );
    const holds = truth({ k: 'binary', sign, left, right }, frame);
    return [holds === null ? unknown : { k: 'const', value: holds }];
  }

  /** What is filled into a pattern: each value by its place or its name. */
  function filled(right: Expr, frame: Frame | null): (name: string | undefined, place: number) => Value {
    const one = (expr: Expr | undefined): Value => (expr ? single(of(expr, frame)) : unknown);
    if (right.k === 'list') return (_, place) => one(right.items[place]);
    if (right.k === 'object') return name => one(right.entries.find(({ key }) => key?.k === 'text' && key.text === name)?.value);
    return (_, place) => (place === 0 ? one(right) : unknown);
  }

  const single = (values: readonly Value[]): Value => (values.length === 1 ? values[0]! : unknown);

  /** A pattern with its marks filled in. */
  function formatted(pattern: Value & { k: 'text' }, mark: RegExp, value: (name: string | undefined, place: number) => Value): Value {
    let result = textValue('');
    let last = 0;
    let place = 0;
    for (const match of pattern.text.matchAll(mark)) {
      result = concatenated(result, textValue(pattern.text.slice(last, match.index)));
      result = match[0].endsWith('%')
        ? concatenated(result, textValue('%'))
        : concatenated(result, value(match[1], match[1] !== undefined && /^\d+$/.test(match[1]) ? Number(match[1]) : place++));
      last = match.index + match[0].length;
    }
    return concatenated(result, textValue(pattern.text.slice(last), pattern.isOpen));
  }

  // names

  function named(use: Expr & { k: 'name' }, frame: Frame | null): readonly Value[] {
    const scope = scopeOf(use.name, use.scope);
    if (scope) return bound(scope, use.name, use, frame);
    const module = around.moduleOf(use.scope.unit);
    const isScript = module.code.language === 'script';
    if (use.name === '__file__' || (use.name === '__filename' && isScript)) return [textValue(module.image)];
    if (use.name === '__dirname' && isScript) return [folderAround(textValue(module.image))];
    if (use.name === 'import.meta') return [{ k: 'entries', entries: metaOf(module), frame: null }];
    if (use.name === '__name__') return [textValue(module.isMain ? '__main__' : 'module')];
    if (use.name === 'super') return superOf(use.scope.unit, frame);
    for (const { value } of module.code.module.scope.names.get('*') ?? []) {
      const found = of(value, null).flatMap((one): readonly Value[] => {
        if (one.k === 'module') return exported(one.module, use.name);
        const name = one.k === 'library' ? usualName(`${one.name}.${use.name}`) : '';
        return isKnown(name) ? [{ k: 'library', name }] : [];
      });
      if (found.length > 0) return found;
    }
    return [{ k: 'library', name: use.name }];
  }

  /** What a module of JavaScript knows of itself. */
  const metaOf = ({ image, isMain }: Module): readonly Entry[] =>
    Object.entries({ url: `file://${image}`, filename: image, dirname: image.slice(0, image.lastIndexOf('/')) || '/' })
      .map(([name, text]): Entry => ({ key: { k: 'text', text: name }, value: { k: 'text', text } }))
      .concat({ key: { k: 'text', text: 'main' }, value: { k: 'const', value: isMain } });

  /** What a name of a scope stands for where it is used: what it was given last, and whatever it may be given else. */
  function bound(
    scope: Scope,
    name: string,
    use: { readonly scope: Scope; readonly at: number; readonly when: Condition | null } | null,
    frame: Frame | null,
  ): readonly Value[] {
    const all = scope.names.get(name) ?? [];
    const isInside = use !== null && use.scope.unit === scope.unit;
    const before = isInside && !isEver ? all.filter(each => each.unit !== scope.unit || each.at <= use.at) : all;
    const found: Value[] = [];
    let left = before.length > 0 ? before : all;
    if (left.length > 24) return [unknown];
    while (left.length > 0) {
      const last = left.at(-1)!;
      left = left.slice(0, -1);
      if (isDead(last.when, frame)) continue;
      found.push(...of(last.value, frame));
      if (!isEver && last.unit === scope.unit && isAround(last.when, isInside ? use.when : null)) break;
    }
    return found.length === 0 ? [unknown] : found;
  }

  function imported(from: string, name: string | null, importer: Module): readonly Value[] {
    const module = around.imported(from, importer);
    if (name === null) return [module ? { k: 'module', module } : { k: 'library', name: usualName(from) }];
    if (module) {
      const own = exported(module, name);
      if (own.length > 0) return own;
    }
    // what is imported from a package of Python may be a module of it
    const below =
      importer.code.language === 'python' ? around.imported(from.endsWith('.') ? from + name : `${from}.${name}`, importer) : null;
    if (below) return [{ k: 'module', module: below }];
    return [module ? unknown : { k: 'library', name: usualName(`${from}.${name}`) }];
  }

  /** What a file has by a name for those that import it; empty: nothing that is known. */
  function exported({ code }: Module, name: string): readonly Value[] {
    const { scope } = code.module;
    for (const key of code.language === 'python' ? [name] : [`export ${name}`, ...(name === 'default' ? [] : [name])])
      if (scope.names.has(key)) return bound(scope, key, null, null);
    if (scope.names.has('module.exports')) {
      const whole = bound(scope, 'module.exports', null, null);
      return name === 'default' ? whole : whole.flatMap(value => (value.k === 'module' ? [] : member(value, name)));
    }
    for (const { value } of scope.names.get('*') ?? []) {
      const found = of(value, null).flatMap(one => (one.k === 'module' ? exported(one.module, name) : []));
      if (found.length > 0) return found;
    }
    return [];
  }

  // objects

  /** The classes of the program that a class grows on, itself first. */
  function lineOf(unit: Unit): readonly Unit[] {
    const line = [unit];
    for (const one of line)
      for (const base of one.bases)
        for (const value of of(base, null))
          if (value.k === 'unit' && value.unit.kind === 'class' && !line.includes(value.unit) && line.length < 8) line.push(value.unit);
    return line;
  }

  const constructorOf = (unit: Unit): Unit | undefined => unit.methods.get('__init__') ?? unit.methods.get('constructor');

  /** The object of a method. */
  function selfOf(unit: Unit, frame: Frame | null, depth = 0): Value {
    for (let at = frame; at && depth < 12; at = at.outer ?? at.caller, depth++) {
      if (at.self?.k === 'unit' && at.self.unit === unit) return at.self;
      if (at.self?.k === 'made' && lineOf(at.self.unit).includes(unit)) return at.self;
    }
    return { k: 'made', unit, call: undefined, frame: null };
  }

  function superOf(unit: Unit, frame: Frame | null): readonly Value[] {
    let method: Unit | null = unit;
    while (method && method.owner === null) method = method.outer;
    if (!method?.owner) return [unknown];
    const [, base] = lineOf(method.owner);
    return [base ? { k: 'super', unit: base, self: selfOf(method.owner, frame) } : unknown];
  }

  /** The frame in which an object of a class was made: `unit` is a class that its own grows on. */
  function makingFrame(made: Value & { k: 'made' }, line: readonly Unit[], unit: Unit): Pick<Frame, 'call' | 'caller'> {
    let { call, frame: caller } = made;
    for (const each of line) {
      if (each === unit) break;
      const own = constructorOf(each);
      if (!own) continue;
      const handed = own.calls.find(
        ({ callee }) => (callee.k === 'name' && callee.name === 'super') || (callee.k === 'member' && callee.name === '__init__'),
      );
      caller = { unit: own, call, caller, self: made, outer: null };
      call = handed;
    }
    return { call, caller };
  }

  function memberOfMade(made: Value & { k: 'made' }, name: string, from: Unit = made.unit): readonly Value[] {
    const whole = lineOf(made.unit);
    const line = lineOf(from);
    const found: Value[] = [];
    for (const unit of line) {
      const making = (): Pick<Frame, 'call' | 'caller'> => makingFrame(made, whole, unit);
      for (const { value, unit: method, when } of unit.fields.get(name) ?? []) {
        const own = constructorOf(unit) === method ? making() : { call: undefined, caller: null };
        const frame: Frame = { unit: method, ...own, self: made, outer: null };
        if (!isDead(when, frame)) found.push(...of(value, frame));
      }
      if (found.length > 0) break;
      if (unit.scope.names.has(name)) {
        const values = bound(unit.scope, name, null, { unit, call: undefined, caller: null, self: made, outer: null });
        found.push(
          ...values.flatMap(value => (value.k === 'unit' && value.unit.kind === 'function' ? method({ ...value, self: made }) : value)),
        );
        break;
      }
      const declared = unit.declared.indexOf(name);
      const { call, caller } = making();
      if (declared >= 0 && call) {
        const argument =
          call.args.find(each => each.name === name) ??
          (call.args.slice(0, declared + 1).some(each => each.name !== null || each.isSpread) ? undefined : call.args[declared]);
        found.push(...(argument ? of(argument.value, caller) : [unknown]));
        break;
      }
    }
    if (found.length > 0) return made.call === undefined && found.every(({ k }) => k === 'nothing') ? [unknown] : found;
    return [{ k: 'method', of: made, name }];
  }

  /** A method, or what it gives where it is asked for without a call. */
  function method(value: Value & { k: 'unit' }): readonly Value[] {
    return value.unit.isProperty
      ? returned(value, { unit: value.unit, call: null, caller: null, self: value.self, outer: value.frame })
      : [value];
  }

  function member(value: Value, name: string): readonly Value[] {
    switch (value.k) {
      case 'made':
        return memberOfMade(value, name);
      case 'super':
        return value.self?.k === 'made' ? memberOfMade(value.self, name, value.unit) : [unknown];
      case 'unit': {
        if (value.unit.kind !== 'class') return [{ k: 'method', of: value, name }];
        const unit = lineOf(value.unit).find(({ scope }) => scope.names.has(name));
        return unit
          ? bound(unit.scope, name, null, null).map(one =>
              one.k === 'unit' && one.unit.kind === 'function' ? { ...one, self: value } : one,
            )
          : [{ k: 'method', of: value, name }];
      }
      case 'module': {
        const own = exported(value.module, name);
        if (own.length > 0) return own;
        const below = value.module.code.language === 'python' ? around.imported(`.${name}`, value.module) : null;
        return [below ? { k: 'module', module: below } : unknown];
      }
      case 'library': {
        const whole = usualName(`${value.name}.${name}`);
        if (/^(?:os\.environ|process\.env|Bun\.env)$/.test(whole)) return [{ k: 'environment' }];
        if (Object.hasOwn(constants, whole)) return [textValue(constants[whole]!)];
        return told(name, value.name.endsWith('()')) ?? [{ k: 'library', name: whole }];
      }
      case 'environment':
        return /^(?:get|pop|setdefault|items|keys|values|copy|has|hasOwnProperty)$/.test(name)
          ? [{ k: 'method', of: value, name }]
          : [variable(name)];
      case 'entries':
        return entry(value, name);
      case 'text':
        if (name === 'parent') return [folderAround(value)];
        if (name === 'name') return [baseName(value)];
        if (name === 'href' || name === 'pathname' || name === 'value' || name === 'path') return [value];
        return [{ k: 'method', of: value, name }];
      case 'nothing':
        return [nothing];
      case 'unknown':
      case 'method':
        return told(name, true) ?? [{ k: 'method', of: value, name }];
      default:
        return [{ k: 'method', of: value, name }];
    }
  }

  /** What a name stands for by the command line, as `parser.parse_args().store`, or by the settings of a framework; `undefined`: neither has it. */
  function told(name: string, mayBeOption: boolean): readonly Value[] | undefined {
    const option = mayBeOption ? around.option(name) : undefined;
    if (option !== undefined) return typeof option === 'string' ? [textValue(option)] : of(option, null);
    const set = /^[A-Z][A-Z\d_]+$/.test(name) ? around.setting(name) : [];
    return set.length === 0 ? undefined : set.flatMap(value => of(value, null));
  }

  function variable(name: string): Value {
    const value = around.variable(name);
    return value === undefined ? nothing : value === null ? unknown : textValue(value);
  }

  function baseName(value: Value & { k: 'text' }): Value {
    const at = value.text.lastIndexOf('/');
    return value.isOpen && at < 0 ? unknown : value.isOpen ? unknown : textValue(value.text.slice(at + 1));
  }

  function entry(value: Value & { k: 'entries' }, name: string): readonly Value[] {
    const own = value.entries.findLast(({ key }) => key?.k === 'text' && key.text === name);
    if (own) return of(own.value, value.frame);
    for (const { key, value: other } of value.entries)
      if (key === null) {
        const found = of(other, value.frame).flatMap(one => (one.k === 'entries' ? entry(one, name) : []));
        if (found.length > 0) return found;
      }
    // of an object that is written down whole, what is not in it is nothing
    const isWhole =
      value.entries.every(({ key }) => key?.k === 'text') && !/^(?:get|items|keys|values|pop|copy|update|setdefault)$/.test(name);
    return [isWhole ? nothing : { k: 'method', of: value, name }];
  }

  function at(value: Value, key: Value): Value {
    if (key.k === 'text' && !key.isOpen)
      return { k: 'many', of: value.k === 'library' ? (told(key.text, false) ?? [unknown]) : member(value, key.text) };
    if (key.k === 'const' && typeof key.value === 'number' && value.k !== 'library') {
      if (value.k === 'method' && value.name === 'parents' && value.of.k === 'text')
        return Array.from({ length: Math.min(key.value, 12) + 1 }).reduce<Value>(folderAround, value.of);
      return { k: 'many', of: element(value, key.value) };
    }
    return value.k === 'entries'
      ? { k: 'many', of: value.entries.flatMap(each => (each.key === null ? unknown : of(each.value, value.frame))) }
      : unknown;
  }

  function element(value: Value, place: number | null): readonly Value[] {
    if (value.k === 'many') return value.of;
    if (value.k === 'list') {
      const items = place === null ? value.items : value.items.slice(place, place < 0 ? place + 1 || undefined : place + 1);
      return items.length === 0 ? [place === null ? nothing : unknown] : items.slice(0, mostValues).flatMap(item => of(item, value.frame));
    }
    if (value.k === 'entries' && place === null) return value.entries.flatMap(({ key }) => (key ? of(key, value.frame) : unknown));
    return [unknown];
  }

  // calls

  function parameter(unit: Unit, place: number, frame: Frame | null): readonly Value[] {
    const own = frameOf(unit, frame);
    if (own?.call) return argument(unit, place, own.call, own);
    if (own?.call === null) return fromOutside(unit, place);
    const calls = around.callsOf(unit);
    if (calls.length === 0) return fromOutside(unit, place);
    return calls.slice(0, mostValues).flatMap(call => argument(unit, place, call, { unit, call, caller: null, self: null, outer: null }));
  }

  /** What a library gives a function: nobody knows, but for options of the command line. */
  function fromOutside(unit: Unit, place: number): readonly Value[] {
    const name = unit.parameters[place]?.name;
    const option = name == null || !unit.isGiven ? undefined : around.option(name);
    return option === undefined ? [unknown] : typeof option === 'string' ? [textValue(option)] : of(option, null);
  }

  function argument(unit: Unit, place: number, call: Call, frame: Frame): readonly Value[] {
    const { name, standard, isRest } = unit.parameters[place]!;
    const named = call.args.find(each => each.name !== null && each.name === name);
    const before = call.args.slice(0, place + 1);
    if (!named && (isRest || before.some(({ isSpread }) => isSpread))) return [unknown];
    const given = named ?? (before.length > place && before.every(each => each.name === null) ? before[place] : undefined);
    const values = given ? of(given.value, frame.caller) : [nothing];
    return values.flatMap(value =>
      value.k === 'nothing' && standard && (!given || around.moduleOf(unit).code.language === 'script') ? of(standard, frame) : value,
    );
  }

  /** What a function gives. */
  function returned(value: Value & { k: 'unit' }, frame: Frame): readonly Value[] {
    const found = value.unit.returns.flatMap(({ value: result, when }) => (isDead(when, frame) ? [] : of(result, frame)));
    return found.length === 0 ? [unknown] : found;
  }

  function callees(call: Call, frame: Frame | null): readonly Value[] {
    return of(call.callee, frame).flatMap(value => {
      // `module.exports = function`, `super(…)`
      if (value.k === 'module') return value.module.code.language === 'script' ? exported(value.module, 'default') : unknown;
      return value;
    });
  }

  function called(call: Call, frame: Frame | null): readonly Value[] {
    return callees(call, frame).flatMap((value): readonly Value[] => {
      if (value.k === 'unit' && value.unit.kind === 'class') return [{ k: 'made', unit: value.unit, call, frame }];
      if (value.k === 'unit') return returned(value, { unit: value.unit, call, caller: frame, self: value.self, outer: value.frame });
      if (value.k === 'library') return value.name === 'super' ? superOf(call.unit, frame) : libraryCall(value.name, call, frame);
      // `super()` of Python gives what a name of JavaScript is
      if (value.k === 'super') return [value];
      if (value.k === 'method') return methodCall(value, call, frame);
      return [unknown];
    });
  }

  const args = (call: Call, frame: Frame | null): readonly (readonly Value[])[] =>
    call.args.map(({ value, isSpread }) => (isSpread ? [unknown] : of(value, frame)));

  function libraryCall(name: string, call: Call, frame: Frame | null): readonly Value[] {
    const given = givenBy(name);
    if (given === undefined) return [{ k: 'library', name: `${name}()` }];
    const all = call.args.length > 8 ? [] : args(call, frame);
    const [first = [nothing], second] = all;
    switch (given) {
      case 'join':
      case 'join-below':
      case 'resolve': {
        const start: readonly Value[] = given === 'resolve' ? [textValue(around.workdir)] : [textValue('')];
        return all.reduce(
          (left, right, place) =>
            cross(left, right, (one, other) => (place === 0 && given !== 'resolve' ? other : joined(one, other, given === 'join-below'))),
          start,
        );
      }
      case 'same':
        return first;
      case 'folder':
        return first.map(folderAround);
      case 'base':
        return first.map(value => (value.k === 'text' ? baseName(value) : unknown));
      case 'format':
        return first.flatMap(value => (value.k === 'entries' ? entry(value, 'dir').map(folder => joined(folder, unknown, true)) : unknown));
      case 'memory':
        return [{ k: 'const', value: 0 }];
      case 'cwd':
        return [textValue(around.workdir)];
      case 'home': {
        const home = variable('HOME');
        return [home.k === 'text' ? home : textValue('~')];
      }
      case 'temporary':
        return [textValue('/tmp')];
      case 'made-temporary': {
        const folder = call.args.find(each => each.name === 'dir');
        return folder ? of(folder.value, frame).map(value => joined(value, unknown, true)) : [textValue('/tmp/', true)];
      }
      case 'url':
        return second ? cross(first, second, resolvedUrl) : first;
      case 'variable':
        return fromVariable(first, call, second, frame);
      case 'object':
        return [
          {
            k: 'entries',
            entries: call.args.map(each => ({ key: each.name === null ? null : { k: 'text', text: each.name }, value: each.value })),
            frame,
          },
        ];
      case 'entries':
        return [{ k: 'many', of: first.flatMap(pairs) }];
      case 'values':
        return [{ k: 'many', of: first.flatMap(membersOf) }];
      case 'keys':
        return [{ k: 'many', of: first.flatMap(value => element(value, null)) }];
    }
  }

  const pairs = (value: Value): readonly Value[] =>
    value.k === 'entries'
      ? value.entries.map(({ key, value: item }) => (key ? { k: 'list', items: [key, item], frame: value.frame } : unknown))
      : [unknown];

  const membersOf = (value: Value): readonly Value[] =>
    value.k === 'entries' ? value.entries.flatMap(({ key, value: item }) => (key ? of(item, value.frame) : [unknown])) : [unknown];

  /** A variable that is asked for by a call, with what stands for it where nobody sets it. */
  function fromVariable(names: readonly Value[], call: Call, second: readonly Value[] | undefined, frame: Frame | null): readonly Value[] {
    const named = call.args.find(({ name }) => name === 'default');
    return names.flatMap(name => {
      if (name.k !== 'text' || name.isOpen) return unknown;
      const value = variable(name.text);
      return value.k !== 'nothing' ? value : named ? of(named.value, frame) : (second ?? nothing);
    });
  }

  /** A path against the URL of a file. */
  function resolvedUrl(path: Value, base: Value): Value {
    if (path.k !== 'text' || base.k !== 'text' || path.isOpen || base.isOpen) return unknown;
    if (!base.text.startsWith('file://')) return unknown;
    const folder = base.text.slice(7, base.text.lastIndexOf('/') + 1);
    const whole = resolvePath(path.text.startsWith('/') ? path.text : folder + path.text);
    return textValue(`file://${whole}${path.text.endsWith('/') && whole !== '/' ? '/' : ''}`);
  }

  function methodCall({ of: value, name }: Value & { k: 'method' }, call: Call, frame: Frame | null): readonly Value[] {
    const all = call.args.length > 8 ? [] : args(call, frame);
    const [first = [nothing], second] = all;
    if (value.k === 'environment') return /^(?:get|pop|setdefault)$/.test(name) ? fromVariable(first, call, second, frame) : [unknown];
    if (value.k === 'entries') {
      if (name === 'get')
        return first.flatMap(key =>
          key.k !== 'text' ? unknown : entry(value, key.text).map(one => (one.k === 'method' ? (second?.[0] ?? unknown) : one)),
        );
      if (name === 'items') return [{ k: 'many', of: pairs(value) }];
      return [
        name === 'values' ? { k: 'many', of: membersOf(value) } : name === 'keys' ? { k: 'many', of: element(value, null) } : unknown,
      ];
    }
    if (value.k !== 'text') return [unknown];
    switch (name) {
      case 'joinpath':
        return all.reduce((left, right) => cross(left, right, (one, other) => joined(one, other, false)), [value] as readonly Value[]);
      case 'with_name':
        return first.map(other => joined(folderAround(value), other, false));
      case 'with_suffix':
        return [folderAround(value).k === 'text' ? joined(folderAround(value), unknown, true) : unknown];
      case 'expanduser': {
        const home = variable('HOME');
        return [value.text.startsWith('~') && home.k === 'text' ? textValue(home.text + value.text.slice(1), value.isOpen) : value];
      }
      case 'format':
        return [
          formatted(value, /\{(\w*)[^{}]*\}/g, (key, place) => {
            const isNamed = key !== undefined && /^[A-Za-z_]/.test(key);
            return isNamed
              ? single(of(call.args.find(each => each.name === key)?.value ?? { k: 'other' }, frame))
              : single(all[key ? Number(key) : place] ?? [unknown]);
          }),
        ];
      case 'concat':
        return all.reduce((left, right) => cross(left, right, concatenated), [value] as readonly Value[]);
      case 'glob':
      case 'rglob':
      case 'iterdir':
        return [{ k: 'many', of: [joined(value, unknown, true)] }];
      default:
        return [keeping.test(name) ? value : unknown];
    }
  }

  // conditions

  function isTrue(value: Value): boolean | null {
    if (value.k === 'text') return value.text !== '' || (value.isOpen ? null : false);
    if (value.k === 'const') return Boolean(value.value);
    if (value.k === 'nothing') return false;
    return value.k === 'unknown' || value.k === 'method' || value.k === 'library' || value.k === 'many' ? null : true;
  }

  function truth(expr: Expr, frame: Frame | null): boolean | null {
    const before = isEver;
    isEver = true;
    const known = truthOf(expr, frame);
    isEver = before;
    return known;
  }

  function truthOf(expr: Expr, frame: Frame | null): boolean | null {
    if (expr.k === 'not') {
      const inner = truthOf(expr.of, frame);
      return inner === null ? null : !inner;
    }
    if (expr.k === 'either' && expr.sign !== '??') {
      const [left, right] = [truthOf(expr.left, frame), truthOf(expr.right, frame)];
      const decides = expr.sign === 'or';
      return left === decides || right === decides ? decides : left === null || right === null ? null : !decides;
    }
    if (expr.k === 'binary') {
      const isEqual = /^(?:={2,3}|is)$/.test(expr.sign);
      if (!isEqual && !/^(?:!={1,2}|is not)$/.test(expr.sign)) return null;
      const same = equal(of(expr.left, frame), of(expr.right, frame), expr, frame);
      return same === null ? null : same === isEqual;
    }
    const values = of(expr, frame).map(isTrue);
    return values.length > 0 && values.every(value => value === values[0]) ? values[0]! : null;
  }

  function equal(left: readonly Value[], right: readonly Value[], expr: Expr & { k: 'binary' }, frame: Frame | null): boolean | null {
    const [one, other] = [single(left), single(right)];
    // whether a file is what starts
    if (one.k === 'library' && one.name === 'require.main' && other.k === 'library' && other.name === 'module')
      return frame === null || expr.sign !== '' ? isMainOf(expr) : null;
    if (one.k === 'text' && other.k === 'text' && !one.isOpen && !other.isOpen) return one.text === other.text;
    return one.k === 'const' && other.k === 'const' ? one.value === other.value : null;
  }

  const isMainOf = (expr: Expr & { k: 'binary' }): boolean | null => {
    const name = expr.right.k === 'name' ? expr.right : expr.left.k === 'name' ? expr.left : null;
    return name ? around.moduleOf(name.scope.unit).isMain : null;
  };

  const dead = new Map<Condition, { readonly frame: Frame | null; readonly isDead: boolean }>();

  function isDead(when: Condition | null, frame: Frame | null): boolean {
    for (let at = when; at !== null; at = at.outer) {
      if (at.test === null) continue;
      const known = dead.get(at);
      const isOut = known?.frame === frame ? known.isDead : truth(at.test, frame) === !at.is;
      if (!open.get(at.test)?.size) dead.set(at, { frame, isDead: isOut });
      if (isOut) return true;
    }
    return false;
  }

  return {
    of,
    truth,
    isDead,
    called: (call, frame) =>
      callees(call, frame).flatMap(value => {
        if (value.k === 'super')
          return constructorOf(value.unit) ? [{ k: 'unit', unit: constructorOf(value.unit)!, frame: null, self: value.self } as const] : [];
        if (value.k !== 'unit') return [];
        if (value.unit.kind === 'function') return [value];
        const own = lineOf(value.unit)
          .map(constructorOf)
          .find(each => each !== undefined);
        const made: Value = { k: 'made', unit: value.unit, call, frame };
        return [value, ...(own ? [{ k: 'unit', unit: own, frame: value.frame, self: made } as const] : [])];
      }),
  };
}
