import { isOpenData, NotKnown, placeOf, tooDeep, weightOf } from '../yaml/data';
import { callFunction, isFunction, namespaces } from './functions';
import { literalValue } from './literal';
import { macroOf } from './macros';
import { spend, type Run, type Scope } from './run';
import type { Cel } from './types';
import {
  asBoolean,
  CelError,
  compare,
  isEqual,
  isList,
  isMap,
  keyOf,
  known,
  numeric,
  objectOf,
  typeName,
  whole,
  type CelKey,
  type CelMap,
  type CelValue,
} from './values';

/** Steps that an evaluation may take: many times what the API server allows an expression to cost. */
const mostSteps = 200_000;

/** A chain of operators may be thousands long, and each costs frames of the stack. */
const deepest = 400;

/** A new budget, for one evaluation or several that share it. */
export function createRun(left = mostSteps): Run {
  return { effort: { left }, reads: null, depth: 0, evaluate: evaluateCel };
}

/** The value of an expression. Throws `CelError` where it fails, and `NotKnown` where it depends on what nothing here tells. */
export function evaluateCel(node: Cel, scope: Scope, run: Run): CelValue {
  spend(run);
  if (run.depth >= deepest) throw new NotKnown(tooDeep);
  run.depth++;
  try {
    return evaluateNode(node, scope, run);
  } finally {
    run.depth--;
  }
}

function evaluateNode(node: Cel, scope: Scope, run: Run): CelValue {
  const value = (of: Cel): CelValue => evaluateCel(of, scope, run);
  switch (node.is) {
    case 'literal':
      return literalValue(node);
    case 'name': {
      const local = scope.get(node.name);
      const found = local === undefined ? typeNamed(node.name) : local;
      if (found === undefined) throw new NotKnown(`the name "${node.name}"`);
      return found;
    }
    case 'select':
      return select(node, scope, run);
    case 'index':
      return at(value(node.of), value(node.index), node.optional, run);
    case 'list':
      if (node.optional) throw new NotKnown('optional items');
      return node.items.map(value);
    case 'map':
      if (node.optional) throw new NotKnown('optional entries');
      return new Map(node.entries.map(([key, item]) => [asKey(value(key)), value(item)]));
    case 'message':
      throw new NotKnown('objects of types');
    case 'unary':
      return negate(node.operator, known(value(node.operand)));
    case 'binary':
      return node.operator === '&&' || node.operator === '||'
        ? logic(node, scope, run)
        : operate(node.operator, value(node.left), value(node.right), run);
    case 'choice':
      return value(asBoolean(value(node.condition)) ? node.then : node.otherwise);
    case 'call':
      return call(node, scope, run);
  }
}

const types: ReadonlySet<string> = new Set(['bool', 'int', 'uint', 'double', 'string', 'bytes', 'list', 'map', 'null_type', 'type']);

/** Whether a name means a type. */
export function isTypeName(name: string): boolean {
  return types.has(name);
}

function typeNamed(name: string): CelValue | undefined {
  return types.has(name) ? { is: 'type', value: name } : undefined;
}

function asKey(value: CelValue): CelKey {
  const key = keyOf(known(value));
  if (key === null) throw new CelError(`unsupported key type: ${typeName(value)}`);
  return key;
}

function noteRead(run: Run, of: CelValue, key: string | number, found: boolean): void {
  const path = run.reads ? placeOf(of) : undefined;
  if (path) run.reads!.push({ path: [...path, key], found });
}

/** The entry of a map; `undefined`: there is none. */
function entryOf(map: CelMap, key: CelKey, run: Run): CelValue | undefined {
  const found = map.has(key);
  noteRead(run, map, String(key), found);
  if (!found && isOpenData(map)) throw new NotKnown(null);
  return found ? map.get(key)! : undefined;
}

function wrap(value: CelValue | undefined): CelValue {
  return { is: 'optional', value };
}

function select(node: Extract<Cel, { is: 'select' }>, scope: Scope, run: Run): CelValue {
  const of = known(evaluateCel(node.of, scope, run));
  const outer = objectOf(of, 'optional');
  if (outer) return outer.value === undefined ? of : wrap(field(outer.value, node.name, true, run));
  if (node.optional) return wrap(field(of, node.name, true, run));
  return field(of, node.name, false, run)!;
}

function field(of: CelValue, name: string, isOptional: boolean, run: Run): CelValue | undefined {
  known(of);
  if (!isMap(of)) {
    // `a.?b` of what is null is nothing
    if (isOptional && of === null) return undefined;
    throw new CelError(`no such overload: ${typeName(of)} has no fields`);
  }
  const found = entryOf(of, name, run);
  if (found === undefined && !isOptional) throw new CelError(`no such key: ${name}`);
  return found;
}

function at(of: CelValue, index: CelValue, isOptional: boolean, run: Run): CelValue {
  known(of);
  known(index);
  const outer = objectOf(of, 'optional');
  if (outer) return outer.value === undefined ? of : wrap(item(outer.value, index, true, run));
  const found = item(of, index, isOptional, run);
  return isOptional ? wrap(found) : found!;
}

function item(of: CelValue, index: CelValue, isOptional: boolean, run: Run): CelValue | undefined {
  known(of);
  if (isMap(of)) {
    const key = keyOf(index);
    const found = key === null ? undefined : entryOf(of, key, run);
    if (found === undefined && !isOptional) throw new CelError('no such key');
    return found;
  }
  const place = keyOf(index);
  if (!isList(of) || typeof place !== 'bigint') throw new CelError(`no such overload: ${typeName(of)}[${typeName(index)}]`);
  const found = place >= 0n && place < BigInt(of.length);
  noteRead(run, of, Number(place), found);
  if (!found && isOpenData(of)) throw new NotKnown(null);
  if (!found && !isOptional) throw new CelError(`index out of bounds: ${place}`);
  return found ? of[Number(place)]! : undefined;
}

/** `&&` and `||`: what one side says is enough where it decides, whatever becomes of the other. */
function logic({ operator, left, right }: Extract<Cel, { is: 'binary' }>, scope: Scope, run: Run): CelValue {
  const decides = operator === '||';
  let failure: unknown;
  for (const side of [left, right])
    try {
      if (asBoolean(evaluateCel(side, scope, run)) === decides) return decides;
    } catch (error) {
      // what is not known counts for more than an error
      if (!(failure instanceof NotKnown)) failure = error;
      if (run.effort.left < 0) throw error;
    }
  if (failure !== undefined) throw failure as Error;
  return !decides;
}

function negate(operator: string, value: CelValue): CelValue {
  if (operator === '!') return !asBoolean(value);
  const number = objectOf(value, 'duration') ? null : numeric(value);
  if (number === null || objectOf(value, 'uint')) throw new CelError(`no such overload: -${typeName(value)}`);
  return typeof number === 'bigint' ? whole(-number) : -number;
}

function operate(operator: string, left: CelValue, right: CelValue, run: Run): CelValue {
  known(left);
  known(right);
  switch (operator) {
    case '==':
    case '!=':
      spend(run, weightOf(left));
      return isEqual(left, right) === (operator === '==');
    case '<':
      return compare(left, right) < 0;
    case '<=':
      return compare(left, right) <= 0;
    case '>':
      return compare(left, right) > 0;
    case '>=':
      return compare(left, right) >= 0;
    case 'in':
      return isIn(left, right, run);
    default:
      return calculate(operator, left, right, run);
  }
}

function isIn(value: CelValue, within: CelValue, run: Run): boolean {
  if (isList(within)) {
    spend(run, within.length * weightOf(value));
    if (
      within.some((one, i) => {
        const same = isEqual(value, one);
        if (same) noteRead(run, within, i, true);
        return same;
      })
    )
      return true;
    if (isOpenData(within)) throw new NotKnown(null);
    return false;
  }
  if (!isMap(within)) throw new CelError(`no such overload: in ${typeName(within)}`);
  const key = keyOf(value);
  return key !== null && entryOf(within, key, run) !== undefined;
}

function calculate(operator: string, left: CelValue, right: CelValue, run: Run): CelValue {
  const wrong = (): never => {
    throw new CelError(`no such overload: ${typeName(left)} ${operator} ${typeName(right)}`);
  };
  if (operator === '+') {
    if (typeof left === 'string' && typeof right === 'string') {
      spend(run, (left.length + right.length) >> 4);
      return left + right;
    }
    if (isList(left) && isList(right)) {
      spend(run, left.length + right.length);
      if (isOpenData(left) || isOpenData(right)) throw new NotKnown(null);
      return [...left, ...right];
    }
  }
  const moved = [left, right].map(each => objectOf(each, 'timestamp') ?? objectOf(each, 'duration'));
  if (moved[0] && moved[1] && (operator === '+' || operator === '-')) {
    const [a, b] = moved as [{ is: 'duration' | 'timestamp'; value: bigint }, { is: 'duration' | 'timestamp'; value: bigint }];
    const value = operator === '+' ? a.value + b.value : a.value - b.value;
    const isTime = (a.is === 'timestamp') !== (b.is === 'timestamp');
    return isTime ? { is: 'timestamp', value } : { is: 'duration', value };
  }
  const [m, n] = [numeric(left), numeric(right)];
  if (m === null || n === null || typeName(left) !== typeName(right)) return wrong();
  if (typeof m === 'number' || typeof n === 'number') {
    const [x, y] = [Number(m), Number(n)];
    return operator === '+' ? x + y : operator === '-' ? x - y : operator === '*' ? x * y : operator === '/' ? x / y : wrong();
  }
  if ((operator === '/' || operator === '%') && n === 0n) throw new CelError('division by zero');
  const value = operator === '+' ? m + n : operator === '-' ? m - n : operator === '*' ? m * n : operator === '/' ? m / n : m % n;
  if (!objectOf(left, 'uint')) return whole(value);
  if (BigInt.asUintN(64, value) !== value) throw new CelError('unsigned integer overflow');
  return { is: 'uint', value };
}

function call(node: Extract<Cel, { is: 'call' }>, scope: Scope, run: Run): CelValue {
  const { of, name, args } = node;
  if (of === null && name === 'has' && args[0]?.is === 'select') {
    const holder = known(evaluateCel(args[0].of, scope, run));
    const inner = objectOf(holder, 'optional');
    if (inner) return inner.value !== undefined && field(inner.value, args[0].name, true, run) !== undefined;
    if (!isMap(holder)) throw new CelError(`no such overload: ${typeName(holder)} has no fields`);
    return entryOf(holder, args[0].name, run) !== undefined;
  }
  const macro = macroOf(node);
  if (macro) return macro(node, scope, run);
  const space = of?.is === 'name' && namespaces.has(of.name) && scope.get(of.name) === undefined ? of.name : null;
  const full = space === null ? name : `${space}.${name}`;
  if (!isFunction(full)) throw new NotKnown(`${full}()`);
  const values = (of === null || space !== null ? args : [of, ...args]).map(each => known(evaluateCel(each, scope, run)));
  return callFunction(full, values, run);
}
