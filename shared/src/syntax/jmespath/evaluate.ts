import { keeping, type Effort } from '../../base/text/automaton';
import { isOpenData, NotKnown, tooDeep, tooMuch, weightOf } from '../yaml/data';
import { callJmesFunction } from './functions';
import { parseJmesPath, type JmesPath } from './parse';
import { calculate } from './arithmetic';
import {
  certain,
  fromJson,
  isArray,
  isExpression,
  isFalse,
  isObject,
  isSame,
  JmesError,
  NoExpression,
  NotFound,
  type JmesRun,
  type Json,
} from './values';

/** Expressions come from few policies, and are asked of every object. */
const read = keeping(parseJmesPath);

/** Counts work. */
function spend(run: JmesRun, steps = 1): void {
  run.effort.left -= steps;
  if (run.effort.left < 0) throw new NotKnown(tooMuch);
}

/** What an expression comes to that asks for a key which is not there. It is not thrown: most are asked for to see whether they are. */
class Missing {
  constructor(readonly name: string) {}
}

/**
 * What an expression finds in a value, as Kyverno's engine of JMESPath has it: a key that is not there is an error unless something around it, such as `||`, takes
 * it for `null`. Throws `JmesError`, and `NotKnown` where nothing here tells.
 */
export function searchJson(text: string, of: Json, effort: Effort): Json {
  const { tree, problem } = read(text.trim());
  if (!tree) throw problem ? new NoExpression(`incorrect query ${text.trim()}`) : new NotKnown(tooDeep);
  return strict(tree, of, { root: of, effort, depth: 0, evaluate: strict });
}

/** A value; throws `NotFound` where a key is not there. */
function strict(node: JmesPath, of: Json, run: JmesRun): Json {
  const found = evaluate(node, of, run);
  if (found instanceof Missing) throw new NotFound(`Unknown key "${found.name}" in path`);
  return found;
}

/** A value, or `null` where a key is not there. */
function lenient(node: JmesPath, of: Json, run: JmesRun): Json {
  try {
    const found = evaluate(node, of, run);
    return found instanceof Missing ? null : found;
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}

/** A chain of operators may be thousands long, and each costs frames of the stack. */
const deepest = 400;

function evaluate(node: JmesPath, of: Json, run: JmesRun): Json | Missing {
  spend(run);
  if (run.depth >= deepest) throw new NotKnown(tooDeep);
  run.depth++;
  try {
    return evaluateNode(node, of, run);
  } finally {
    run.depth--;
  }
}

function evaluateNode(node: JmesPath, of: Json, run: JmesRun): Json | Missing {
  switch (node.is) {
    case 'current':
      return of;
    case 'root':
      return run.root;
    case 'literal':
      return literal(node.text);
    case 'field': {
      const holder = evaluate(node.of, of, run);
      return holder instanceof Missing ? holder : field(holder, node.name);
    }
    case 'index': {
      const list = evaluate(node.of, of, run);
      if (list instanceof Missing) return list;
      certain(list);
      if (!isArray(list)) return null;
      const found = list.at(node.at);
      if (found === undefined && isOpenData(list)) throw new NotKnown(null);
      return found ?? null;
    }
    case 'slice':
    case 'each':
    case 'flatten':
      return project(node, of, run);
    case 'list':
    case 'map': {
      const value = evaluate(node.of, of, run);
      if (value instanceof Missing) return value;
      if (certain(value) === null) return null;
      if (node.is === 'list') return node.items.map(item => lenient(item, value, run));
      return new Map(node.entries.map(([key, item]) => [key, lenient(item, value, run)]));
    }
    case 'operator':
      return operate(node, of, run);
    case 'not':
      return isFalse(lenient(node.of, of, run));
    case 'minus':
      return calculate('-', 0, lenient(node.of, of, run));
    case 'choice':
      return evaluate(isFalse(lenient(node.condition, of, run)) ? node.otherwise : node.then, of, run);
    case 'expression':
      return { is: 'expression', of: node.of };
    case 'call': {
      const value = evaluate(node.of, of, run);
      if (value instanceof Missing) return value;
      return callJmesFunction(
        node.name,
        node.args.map(arg => lenient(arg, value, run)),
        run,
      );
    }
    case 'other':
      throw new NotKnown(`"${node.what}"`);
  }
}

function literal(text: string): Json {
  const inner = text.slice(1, -1);
  if (text.startsWith("'")) return inner.replace(/\\'/g, "'");
  if (!text.startsWith('`')) return Number(text);
  const json = inner.replace(/\\`/g, '`');
  try {
    return fromJson(json);
  } catch {
    return fromJson(JSON.stringify(json.trimStart()));
  }
}

function field(of: Json, name: string): Json | Missing {
  certain(of);
  if (!isObject(of)) return null;
  const found = of.get(name);
  if (found !== undefined) return found;
  if (isOpenData(of)) throw new NotKnown(null);
  return new Missing(name);
}

function project(node: Extract<JmesPath, { is: 'slice' | 'each' | 'flatten' }>, of: Json, run: JmesRun): Json {
  const value = projected(node, of, run);
  if (isOpenData(value)) throw new NotKnown(null);
  let items: readonly Json[];
  if (node.is === 'each' && node.over === 'values') {
    if (!isObject(value)) return null;
    items = [...value.values()];
  } else {
    if (!isArray(value)) return null;
    items = node.is === 'slice' ? sliced(value, node.parts) : node.is === 'flatten' ? flattened(value) : value;
  }
  spend(run, items.length);
  const found: Json[] = [];
  for (const item of items) {
    if (node.is === 'each' && node.test && isFalse(lenient(node.test, item, run))) continue;
    const each = node.then.is === 'current' ? item : certain(lenient(node.then, item, run));
    // a list that is flattened keeps its nulls
    if (each !== null || (node.is === 'flatten' && node.then.is === 'current')) found.push(each);
  }
  return found;
}

/** What a projection goes over. Of an error there a filter, a flattening and a projection of values make nothing, as Kyverno's library does. */
function projected(node: Extract<JmesPath, { is: 'slice' | 'each' | 'flatten' }>, of: Json, run: JmesRun): Json {
  try {
    return certain(lenient(node.of, of, run));
  } catch (error) {
    const isMild = node.is === 'flatten' || (node.is === 'each' && (node.test !== null || node.over === 'values'));
    if (isMild && error instanceof JmesError) return null;
    throw error;
  }
}

function flattened(list: readonly Json[]): readonly Json[] {
  return list.flatMap(item => {
    certain(item);
    if (isOpenData(item)) throw new NotKnown(null);
    return isArray(item) ? item : [item];
  });
}

function sliced(list: readonly Json[], [from = null, to = null, by = null]: readonly (number | null)[]): readonly Json[] {
  const step = by ?? 1;
  if (step === 0) throw new JmesError('Invalid slice, step cannot be 0');
  const size = list.length;
  const place = (at: number | null, otherwise: number): number => {
    if (at === null) return otherwise;
    const moved = at < 0 ? at + size : at;
    return step > 0 ? Math.min(Math.max(moved, 0), size) : Math.min(Math.max(moved, -1), size - 1);
  };
  const found: Json[] = [];
  if (step > 0) for (let i = place(from, 0); i < place(to, size); i += step) found.push(list[i]!);
  else for (let i = place(from, size - 1); i > place(to, -1); i += step) found.push(list[i]!);
  return found;
}

function operate({ operator, left, right }: Extract<JmesPath, { is: 'operator' }>, of: Json, run: JmesRun): Json | Missing {
  const first = lenient(left, of, run);
  switch (operator) {
    case '|':
      return lenient(right, first, run);
    case '||':
      return isFalse(first) ? lenient(right, of, run) : first;
    case '&&':
      return isFalse(first) ? first : evaluate(right, of, run);
  }
  const second = lenient(right, of, run);
  certain(first);
  certain(second);
  if (operator === '==' || operator === '!=') {
    spend(run, weightOf(first));
    return isSame(first, second) === (operator === '==');
  }
  if (['<', '<=', '>', '>='].includes(operator)) {
    if (typeof first !== 'number' || typeof second !== 'number') return null;
    return operator === '<' ? first < second : operator === '<=' ? first <= second : operator === '>' ? first > second : first >= second;
  }
  if (isExpression(first) || isExpression(second)) throw new JmesError('invalid type');
  return calculate(operator, first, second);
}
