import { resolvePath } from '../../../base/text/path';
import { cross, formatted, mostValues, single, type Evaluation } from './evaluation';
import { givenBy } from './library';
import { baseName } from './objects';
import type { Call, Unit } from './tree';
import { concatenated, folderAround, joined, nothing, textValue, unknown, type Frame, type Value } from './values';

/** The innermost frame of a function among those that led here. */
function frameOf(unit: Unit, frame: Frame | null, steps = 0): Frame | null {
  if (!frame || steps > 12) return null;
  if (frame.unit === unit) return frame;
  return frameOf(unit, frame.outer, steps + 1) ?? frameOf(unit, frame.caller, steps + 1);
}

/** Methods that leave a path, or a text, what it is as far as paths go. */
const keeping =
  /^(?:resolve|absolute|strip|trim|rstrip|lstrip|trimEnd|toString|as_posix|encode|decode|__str__|href|pathname|value|normalize|path|copy|expandvars|expanduser|get_secret_value|valueOf)$/;

export function parameter(e: Evaluation, unit: Unit, place: number, frame: Frame | null): readonly Value[] {
  const own = frameOf(unit, frame);
  if (own?.call) return argument(e, unit, place, own.call, own);
  if (own?.call === null) return fromOutside(e, unit, place);
  const calls = e.around.callsOf(unit);
  if (calls.length === 0) return fromOutside(e, unit, place);
  return calls.slice(0, mostValues).flatMap(call => argument(e, unit, place, call, { unit, call, caller: null, self: null, outer: null }));
}

/** What a library gives a function: nobody knows, but for options of the command line. */
function fromOutside(e: Evaluation, unit: Unit, place: number): readonly Value[] {
  const name = unit.parameters[place]?.name;
  const option = name == null || !unit.isGiven ? undefined : e.around.option(name);
  return option === undefined ? [unknown] : typeof option === 'string' ? [textValue(option)] : e.of(option, null);
}

function argument(e: Evaluation, unit: Unit, place: number, call: Call, frame: Frame): readonly Value[] {
  const { name, standard, isRest } = unit.parameters[place]!;
  const named = call.args.find(each => each.name !== null && each.name === name);
  const before = call.args.slice(0, place + 1);
  if (!named && (isRest || before.some(({ isSpread }) => isSpread))) return [unknown];
  const given = named ?? (before.length > place && before.every(each => each.name === null) ? before[place] : undefined);
  const values = given ? e.of(given.value, frame.caller) : [nothing];
  return values.flatMap(value =>
    value.k === 'nothing' && standard && (!given || e.around.moduleOf(unit).code.language === 'script') ? e.of(standard, frame) : value,
  );
}

/** What a function gives. */
export function returned(e: Evaluation, value: Value & { k: 'unit' }, frame: Frame): readonly Value[] {
  const found = value.unit.returns.flatMap(({ value: result, when }) => (e.isDead(when, frame) ? [] : e.of(result, frame)));
  return found.length === 0 ? [unknown] : found;
}

export function callees(e: Evaluation, call: Call, frame: Frame | null): readonly Value[] {
  return e.of(call.callee, frame).flatMap(value => {
    // `module.exports = function`, `super(…)`
    if (value.k === 'module') return value.module.code.language === 'script' ? e.exported(value.module, 'default') : unknown;
    return value;
  });
}

export function called(e: Evaluation, call: Call, frame: Frame | null): readonly Value[] {
  return callees(e, call, frame).flatMap((value): readonly Value[] => {
    if (value.k === 'unit' && value.unit.kind === 'class') return [{ k: 'made', unit: value.unit, call, frame }];
    if (value.k === 'unit') return returned(e, value, { unit: value.unit, call, caller: frame, self: value.self, outer: value.frame });
    if (value.k === 'library') return libraryCall(e, value.name, call, frame);
    if (value.k === 'method') return methodCall(e, value, call, frame);
    return [unknown];
  });
}

const args = (e: Evaluation, call: Call, frame: Frame | null): readonly (readonly Value[])[] =>
  call.args.map(({ value, isSpread }) => (isSpread ? [unknown] : e.of(value, frame)));

function libraryCall(e: Evaluation, name: string, call: Call, frame: Frame | null): readonly Value[] {
  const given = givenBy(name);
  if (given === undefined) return [{ k: 'library', name: `${name}()` }];
  const all = call.args.length > 8 ? [] : args(e, call, frame);
  const [first = [nothing], second] = all;
  switch (given) {
    case 'join':
    case 'join-below':
    case 'resolve': {
      const start: readonly Value[] = given === 'resolve' ? [textValue(e.around.workdir)] : [textValue('')];
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
      return first.flatMap(value => (value.k === 'entries' ? e.entry(value, 'dir').map(folder => joined(folder, unknown, true)) : unknown));
    case 'memory':
      return [{ k: 'const', value: 0 }];
    case 'cwd':
      return [textValue(e.around.workdir)];
    case 'home': {
      const home = e.variable('HOME');
      return [home.k === 'text' ? home : textValue('~')];
    }
    case 'temporary':
      return [textValue('/tmp')];
    case 'made-temporary': {
      const folder = call.args.find(each => each.name === 'dir');
      return folder ? e.of(folder.value, frame).map(value => joined(value, unknown, true)) : [textValue('/tmp/', true)];
    }
    case 'url':
      return second ? cross(first, second, resolvedUrl) : first;
    case 'variable':
      return fromVariable(e, first, call, second, frame);
    case 'object':
      return [
        {
          k: 'entries',
          entries: call.args.map(each => ({ key: each.name === null ? null : { k: 'text', text: each.name }, value: each.value })),
          frame,
        },
      ];
  }
}

/** A variable that is asked for by a call, with what stands for it where nobody sets it. */
function fromVariable(
  e: Evaluation,
  names: readonly Value[],
  call: Call,
  second: readonly Value[] | undefined,
  frame: Frame | null,
): readonly Value[] {
  const named = call.args.find(({ name }) => name === 'default');
  return names.flatMap(name => {
    if (name.k !== 'text' || name.isOpen) return unknown;
    const value = e.variable(name.text);
    return value.k !== 'nothing' ? value : named ? e.of(named.value, frame) : (second ?? nothing);
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

function methodCall(e: Evaluation, { of: value, name }: Value & { k: 'method' }, call: Call, frame: Frame | null): readonly Value[] {
  const all = call.args.length > 8 ? [] : args(e, call, frame);
  const [first = [nothing], second] = all;
  if (value.k === 'environment') return /^(?:get|pop|setdefault)$/.test(name) ? fromVariable(e, first, call, second, frame) : [unknown];
  if (value.k === 'entries') {
    if (name === 'get')
      return first.flatMap(key =>
        key.k !== 'text' ? unknown : e.entry(value, key.text).map(one => (one.k === 'method' ? (second?.[0] ?? unknown) : one)),
      );
    return [unknown];
  }
  if (value.k !== 'text') return [unknown];
  switch (name) {
    case 'joinpath':
      return all.reduce((left, right) => cross(left, right, (one, other) => joined(one, other, false)), [value] as readonly Value[]);
    case 'with_name':
    case 'with_suffix':
      return [joined(folderAround(value), unknown, true)];
    case 'format':
      return [
        formatted(value, /\{([^{}]*)\}/g, (field, place) => {
          const key = field && /^\w*/.exec(field)![0];
          const isNamed = key !== undefined && /^[A-Za-z_]/.test(key);
          return isNamed
            ? single(e.of(call.args.find(each => each.name === key)?.value ?? { k: 'other' }, frame))
            : single(all[key ? Number(key) : place] ?? [unknown]);
        }),
      ];
    case 'concat':
      return all.reduce((left, right) => cross(left, right, concatenated), [value] as readonly Value[]);
    default:
      return [keeping.test(name) ? value : unknown];
  }
}
