import { resolvePath } from '../../../base/text/path';
import { argumentsOf, type Evaluator } from './evaluator';
import { baseName, givenBy } from './library';
import type { Part } from './tree';
import { concatenated, cross, folderAround, joined, nothing, textValue, unknown, type Argument, type Value } from './values';

/** Methods that leave a path, or a text, what it is as far as paths go. */
const keeping = /^(?:resolve|absolute|strip|trim|rstrip|lstrip|trimEnd|toString|as_posix|encode|normalize|expandvars|expanduser|valueOf)$/;

/** What a function of a library gives, or a method of something that is none of the program's objects. */
export function callResult(e: Evaluator, callee: Value & { k: 'library' | 'method' }, call: Part): readonly Value[] {
  const given = argumentsOf(call);
  const all = given.length > 8 ? [] : given.map((each): readonly Value[] => (each.isSpread ? [unknown] : e.of(each)));
  return callee.k === 'library' ? libraryResult(e, callee.name, given, all) : methodResult(e, callee, all);
}

type Values = readonly (readonly Value[])[];

/** Paths put together, as `join` and `resolve` do. */
const joinAll = (start: readonly Value[], all: Values, isBelow: boolean): readonly Value[] =>
  all.reduce((left, right) => cross(left, right, (one, other) => joined(one, other, isBelow)), start);

function libraryResult(e: Evaluator, name: string, given: readonly Argument[], all: Values): readonly Value[] {
  const [first = [nothing], second] = all;
  switch (givenBy(name)) {
    case 'join':
      return joinAll(first, all.slice(1), false);
    case 'join-below':
      return joinAll(first, all.slice(1), true);
    case 'resolve':
      // of what may be absolute nothing is known
      return joinAll(first, all.slice(1), false).map(value =>
        value.k === 'text' ? joined(textValue(e.around.workdir), value, false) : value,
      );
    case 'same':
      return first;
    case 'folder':
      return first.map(folderAround);
    case 'base':
      return first.map(value => (value.k === 'text' ? baseName(value) : unknown));
    case 'memory':
      return [{ k: 'const', value: 0 }];
    case 'cwd':
      return [textValue(e.around.workdir)];
    case 'home': {
      const home = e.variable('HOME');
      return [home.k === 'text' ? home : textValue('~')];
    }
    case 'temporary': {
      const folder = given.find(each => each.name === 'dir');
      return folder ? e.of(folder).map(value => joined(value, unknown, true)) : [textValue('/tmp/', /mk|Temporary/.test(name))];
    }
    case 'url':
      return second ? cross(first, second, resolvedUrl) : first;
    case 'variable': {
      const standard = given.find(each => each.name === 'default');
      return first.flatMap(value => {
        const set = value.k === 'text' && !value.isOpen ? e.variable(value.text) : unknown;
        return set.k !== 'nothing' ? set : standard ? e.of(standard) : (second ?? nothing);
      });
    }
    case 'object':
      return [{ k: 'entries', entries: given.map(each => ({ key: each.name, value: each })) }];
    default:
      return [{ k: 'library', name: `${name}()` }];
  }
}

/** A path against the URL of a file. */
function resolvedUrl(path: Value, base: Value): Value {
  if (path.k !== 'text' || base.k !== 'text' || path.isOpen || base.isOpen || !base.text.startsWith('file://')) return unknown;
  const folder = base.text.slice(7, base.text.lastIndexOf('/') + 1);
  const whole = resolvePath(path.text.startsWith('/') ? path.text : folder + path.text);
  return textValue(`file://${whole}${path.text.endsWith('/') && whole !== '/' ? '/' : ''}`);
}

function methodResult(e: Evaluator, { of: value, name }: Value & { k: 'method' }, all: Values): readonly Value[] {
  const [first = [nothing], second] = all;
  if (value.k === 'entries' && name === 'get')
    return first.flatMap(key => {
      const own = key.k === 'text' && value.entries.every(entry => entry.key !== null);
      return own ? e.member(value, key.text).map(one => (one.k === 'nothing' ? (second?.[0] ?? one) : one)) : unknown;
    });
  if (value.k !== 'text') return [unknown];
  switch (name) {
    case 'joinpath':
      return joinAll([value], all, false);
    case 'with_name':
    case 'with_suffix':
      return [joined(folderAround(value), unknown, true)];
    case 'concat':
      return all.reduce<readonly Value[]>((left, right) => cross(left, right, concatenated), [value]);
    default:
      return [keeping.test(name) ? value : unknown];
  }
}
