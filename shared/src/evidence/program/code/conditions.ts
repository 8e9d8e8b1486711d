import { single, type Evaluation } from './evaluation';
import type { Condition, Expr } from './tree';
import type { Frame, Value } from './values';

/** Whether a value counts as true; `null`: that is not known. */
export function isTrue(value: Value): boolean | null {
  if (value.k === 'text') return value.text !== '' || (value.isOpen ? null : false);
  if (value.k === 'const') return Boolean(value.value);
  if (value.k === 'nothing') return false;
  return value.k === 'unknown' || value.k === 'method' || value.k === 'library' || value.k === 'many' ? null : true;
}

export function truth(e: Evaluation, expr: Expr, frame: Frame | null): boolean | null {
  const before = e.isEver;
  e.isEver = true;
  const known = truthOf(e, expr, frame);
  e.isEver = before;
  return known;
}

function truthOf(e: Evaluation, expr: Expr, frame: Frame | null): boolean | null {
  if (expr.k === 'not') {
    const inner = truthOf(e, expr.of, frame);
    return inner === null ? null : !inner;
  }
  if (expr.k === 'either' && expr.sign !== '??') {
    const [left, right] = [truthOf(e, expr.left, frame), truthOf(e, expr.right, frame)];
    const decides = expr.sign === 'or';
    return left === decides || right === decides ? decides : left === null || right === null ? null : !decides;
  }
  if (expr.k === 'binary') {
    const isEqual = /^(?:={2,3}|is)$/.test(expr.sign);
    if (!isEqual && !/^(?:!={1,2}|is not)$/.test(expr.sign)) return null;
    const same = equal(e, e.of(expr.left, frame), e.of(expr.right, frame), expr, frame);
    return same === null ? null : same === isEqual;
  }
  const values = e.of(expr, frame).map(isTrue);
  return values.length > 0 && values.every(value => value === values[0]) ? values[0]! : null;
}

function equal(
  e: Evaluation,
  left: readonly Value[],
  right: readonly Value[],
  expr: Expr & { k: 'binary' },
  frame: Frame | null,
): boolean | null {
  const [one, other] = [single(left), single(right)];
  // whether a file is what starts
  if (one.k === 'library' && one.name === 'require.main' && other.k === 'library' && other.name === 'module')
    return frame === null || expr.sign !== '' ? isMainOf(e, expr) : null;
  if (one.k === 'text' && other.k === 'text' && !one.isOpen && !other.isOpen) return one.text === other.text;
  return one.k === 'const' && other.k === 'const' ? one.value === other.value : null;
}

const isMainOf = (e: Evaluation, expr: Expr & { k: 'binary' }): boolean | null => {
  const name = expr.right.k === 'name' ? expr.right : expr.left.k === 'name' ? expr.left : null;
  return name ? e.around.moduleOf(name.scope.unit).isMain : null;
};

export function isDead(e: Evaluation, when: Condition | null, frame: Frame | null): boolean {
  for (let at = when; at !== null; at = at.outer) {
    if (at.test === null) continue;
    const known = e.dead.get(at);
    const isOut = known?.frame === frame ? known.isDead : truth(e, at.test, frame) === !at.is;
    if (!e.open.get(at.test)?.size) e.dead.set(at, { frame, isDead: isOut });
    if (isOut) return true;
  }
  return false;
}
