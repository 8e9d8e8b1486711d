import type { Evaluation } from './evaluation';
import { mostValues } from './evaluation';
import { constants, usualName } from './library';
import type { Unit } from './tree';
import { folderAround, nothing, textValue, unknown, type Frame, type Value } from './values';

export const constructorOf = (unit: Unit): Unit | undefined => unit.methods.get('__init__') ?? unit.methods.get('constructor');

/** The object of a method. */
export function selfOf(unit: Unit, frame: Frame | null, depth = 0): Value {
  for (let at = frame; at && depth < 12; at = at.outer ?? at.caller, depth++)
    if ((at.self?.k === 'unit' || at.self?.k === 'made') && at.self.unit === unit) return at.self;
  return { k: 'made', unit, call: undefined, frame: null };
}

/** What an object has by a name: what its class sets and has. Of the classes that it grows on nothing is known. */
function memberOfMade(e: Evaluation, made: Value & { k: 'made' }, name: string): readonly Value[] {
  const { unit, call, frame: caller } = made;
  const found = (unit.fields.get(name) ?? []).flatMap(({ value, unit: method, when }) => {
    const own = constructorOf(unit) === method ? { call, caller } : { call: undefined, caller: null };
    const frame: Frame = { unit: method, ...own, self: made, outer: null };
    return e.isDead(when, frame) ? [] : e.of(value, frame);
  });
  if (found.length > 0) return call === undefined && found.every(({ k }) => k === 'nothing') ? [unknown] : found;
  if (!unit.scope.names.has(name)) return [{ k: 'method', of: made, name }];
  const values = e.bound(unit.scope, name, null, { unit, call: undefined, caller: null, self: made, outer: null });
  return values.map(value => (value.k === 'unit' && value.unit.kind === 'function' ? { ...value, self: made } : value));
}

export function member(e: Evaluation, value: Value, name: string): readonly Value[] {
  switch (value.k) {
    case 'made':
      return memberOfMade(e, value, name);
    case 'unit': {
      if (value.unit.kind !== 'class') return [{ k: 'method', of: value, name }];
      const { scope } = value.unit;
      return scope.names.has(name)
        ? e.bound(scope, name, null, null).map(one => (one.k === 'unit' && one.unit.kind === 'function' ? { ...one, self: value } : one))
        : [{ k: 'method', of: value, name }];
    }
    case 'module': {
      const own = e.exported(value.module, name);
      if (own.length > 0) return own;
      const below = value.module.code.language === 'python' ? e.around.imported(`.${name}`, value.module) : null;
      return [below ? { k: 'module', module: below } : unknown];
    }
    case 'library': {
      const whole = usualName(`${value.name}.${name}`);
      if (/^(?:os\.environ|process\.env|Bun\.env)$/.test(whole)) return [{ k: 'environment' }];
      // flask.palletsprojects.com: instance folders
      if (whole.endsWith('Flask().instance_path')) return [textValue(`${e.around.workdir}/instance`)];
      if (Object.hasOwn(constants, whole)) return [textValue(constants[whole]!)];
      return told(e, name, value.name.endsWith('()')) ?? [{ k: 'library', name: whole }];
    }
    case 'environment':
      return /^(?:get|pop|setdefault|items|keys|values|copy|has|hasOwnProperty)$/.test(name)
        ? [{ k: 'method', of: value, name }]
        : [variable(e, name)];
    case 'entries':
      return entry(e, value, name);
    case 'text':
      if (name === 'parent') return [folderAround(value)];
      if (name === 'name') return [baseName(value)];
      if (name === 'href' || name === 'pathname' || name === 'value' || name === 'path') return [value];
      return [{ k: 'method', of: value, name }];
    case 'nothing':
      return [nothing];
    case 'unknown':
    case 'method':
      return told(e, name, true) ?? [{ k: 'method', of: value, name }];
    default:
      return [{ k: 'method', of: value, name }];
  }
}

/** What a name stands for by the command line, as `parser.parse_args().store`, or by the settings of a framework; `undefined`: neither has it. */
function told(e: Evaluation, name: string, mayBeOption: boolean): readonly Value[] | undefined {
  const option = mayBeOption ? e.around.option(name) : undefined;
  if (option !== undefined) return typeof option === 'string' ? [textValue(option)] : e.of(option, null);
  const set = /^[A-Z][A-Z\d_]+$/.test(name) ? e.around.setting(name) : [];
  return set.length === 0 ? undefined : set.flatMap(value => e.of(value, null));
}

export function entry(e: Evaluation, value: Value & { k: 'entries' }, name: string): readonly Value[] {
  const own = value.entries.findLast(({ key }) => key?.k === 'text' && key.text === name);
  if (own) return e.of(own.value, value.frame);
  for (const { key, value: other } of value.entries)
    if (key === null) {
      const found = e.of(other, value.frame).flatMap(one => (one.k === 'entries' ? entry(e, one, name) : []));
      if (found.length > 0) return found;
    }
  // of an object that is written down whole, what is not in it is nothing
  const isWhole =
    value.entries.every(({ key }) => key?.k === 'text') && !/^(?:get|items|keys|values|pop|copy|update|setdefault)$/.test(name);
  return [isWhole ? nothing : { k: 'method', of: value, name }];
}

export function at(e: Evaluation, value: Value, key: Value): Value {
  if (key.k === 'text' && !key.isOpen)
    return { k: 'many', of: value.k === 'library' ? (told(e, key.text, false) ?? [unknown]) : member(e, value, key.text) };
  if (key.k === 'const' && typeof key.value === 'number' && value.k !== 'library') {
    if (value.k === 'method' && value.name === 'parents' && value.of.k === 'text')
      return Array.from({ length: Math.min(key.value, 12) + 1 }).reduce<Value>(folderAround, value.of);
    return { k: 'many', of: element(e, value, key.value) };
  }
  return value.k === 'entries'
    ? { k: 'many', of: value.entries.flatMap(each => (each.key === null ? unknown : e.of(each.value, value.frame))) }
    : unknown;
}

export function element(e: Evaluation, value: Value, place: number | null): readonly Value[] {
  if (value.k === 'many') return value.of;
  if (value.k === 'list') {
    const items = place === null ? value.items : value.items.slice(place, place < 0 ? place + 1 || undefined : place + 1);
    return items.length === 0 ? [place === null ? nothing : unknown] : items.slice(0, mostValues).flatMap(item => e.of(item, value.frame));
  }
  if (value.k === 'entries' && place === null) return value.entries.flatMap(({ key }) => (key ? e.of(key, value.frame) : unknown));
  return [unknown];
}

export function variable(e: Evaluation, name: string): Value {
  const value = e.around.variable(name);
  return value === undefined ? nothing : value === null ? unknown : textValue(value);
}

export function baseName(value: Value & { k: 'text' }): Value {
  const at = value.text.lastIndexOf('/');
  return value.isOpen && at < 0 ? unknown : value.isOpen ? unknown : textValue(value.text.slice(at + 1));
}
