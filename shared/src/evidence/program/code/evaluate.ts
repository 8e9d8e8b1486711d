import { called, callees, parameter, returned } from './calls';
import { isDead, isTrue, truth } from './conditions';
import { cross, distinct, formatted, single, type Evaluation, type Surroundings } from './evaluation';
import { bound, exported, imported, named } from './names';
import { at, constructorOf, element, entry, member, selfOf, variable } from './objects';
import type { Call, Expr } from './tree';
import { concatenated, joined, nothing, textValue, unknown, type Frame, type Value } from './values';

/** Evaluates expressions of a program without running it. */
export interface Evaluator extends Pick<Evaluation, 'of' | 'truth' | 'isDead'> {
  /** The functions and classes that a call calls, each with the object whose method it is. */
  called(call: Call, frame: Frame | null): readonly (Value & { readonly k: 'unit' })[];
}

/** Deeper expressions are not followed, and more steps are not taken for one program: what is not reached by then is not known. */
const mostDeep = 60;
const mostSteps = 60_000;

/** An evaluator of the modules of one program. */
export function createEvaluator(around: Surroundings): Evaluator {
  let steps = 0;
  let deep = 0;
  const e: Evaluation = {
    around,
    isEver: false,
    open: new Map(),
    dead: new Map(),
    of: (expr, frame) => {
      if (++steps > mostSteps || deep > mostDeep) return [unknown];
      const frames = e.open.get(expr) ?? new Set();
      if (frames.has(frame)) return [unknown];
      frames.add(frame);
      e.open.set(expr, frames);
      deep++;
      const values = distinct(evaluate(e, expr, frame));
      deep--;
      frames.delete(frame);
      return values;
    },
    truth: (expr, frame) => truth(e, expr, frame),
    isDead: (when, frame) => isDead(e, when, frame),
    bound: (scope, name, use, frame) => bound(e, scope, name, use, frame),
    exported: (module, name) => exported(e, module, name),
    member: (value, name) => member(e, value, name),
    entry: (value, name) => entry(e, value, name),
    element: (value, place) => element(e, value, place),
    variable: name => variable(e, name),
    called: (call, frame) => called(e, call, frame),
    returned: (value, frame) => returned(e, value, frame),
  };
  return { of: e.of, truth: e.truth, isDead: e.isDead, called: (call, frame) => calledUnits(e, call, frame) };
}

/** The functions and classes that a call calls: of a class its constructor, too. */
function calledUnits(e: Evaluation, call: Call, frame: Frame | null): readonly (Value & { readonly k: 'unit' })[] {
  return callees(e, call, frame).flatMap(value => {
    if (value.k !== 'unit') return [];
    if (value.unit.kind === 'function') return [value];
    const own = constructorOf(value.unit);
    const made: Value = { k: 'made', unit: value.unit, call, frame };
    return [value, ...(own ? [{ k: 'unit', unit: own, frame: value.frame, self: made } as const] : [])];
  });
}

function evaluate(e: Evaluation, expr: Expr, frame: Frame | null): readonly Value[] {
  switch (expr.k) {
    case 'text':
      return [textValue(expr.text)];
    case 'const':
      return [expr.value === null ? nothing : { k: 'const', value: expr.value }];
    case 'name':
      return named(e, expr, frame);
    case 'member':
      return distinct(e.of(expr.of, frame).flatMap(value => e.member(value, expr.name)));
    case 'index':
      return cross(e.of(expr.of, frame), e.of(expr.key, frame), (value, key) => at(e, value, key)).flatMap(value =>
        value.k === 'many' ? value.of : value,
      );
    case 'call':
      return e.called(expr, frame);
    case 'join':
      return expr.parts.reduce<readonly Value[]>((left, part) => cross(left, e.of(part, frame), concatenated), [textValue('')]);
    case 'binary':
      return binary(e, expr, frame);
    case 'either':
      return either(e, expr, frame);
    case 'choice': {
      const test = e.truth(expr.test, frame);
      return [...(test === false ? [] : e.of(expr.yes, frame)), ...(test === true ? [] : e.of(expr.no, frame))];
    }
    case 'not': {
      const test = e.truth(expr.of, frame);
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
      return e.of(expr.of, frame).flatMap(value => e.element(value, expr.at));
    case 'parameter':
      return parameter(e, expr.unit, expr.at, frame);
    case 'import':
      return imported(e, expr.from, expr.name, e.around.moduleOf(expr.unit));
    case 'other':
      return [unknown];
  }
}

function either(e: Evaluation, { sign, left, right }: Expr & { k: 'either' }, frame: Frame | null): readonly Value[] {
  if (sign === 'and') return e.truth(left, frame) === false ? e.of(left, frame) : e.of(right, frame);
  return e.of(left, frame).flatMap(value => {
    if (value.k === 'nothing') return e.of(right, frame);
    if (value.k === 'unknown' || value.k === 'method' || value.k === 'library') return [value, ...e.of(right, frame)];
    return sign === 'or' && isTrue(value) === false ? e.of(right, frame) : value;
  });
}

function binary(e: Evaluation, { sign, left, right }: Expr & { k: 'binary' }, frame: Frame | null): readonly Value[] {
  if (sign === '/') return cross(e.of(left, frame), e.of(right, frame), (one, other) => joined(one, other, false));
  if (sign === '%')
    return e
      .of(left, frame)
      .map(value => (value.k === 'text' ? formatted(value, /%(?:\((\w+)\))?[-+ #0]?[\d.]*[sdrifx%]/g, filled(e, right, frame)) : unknown));
  const holds = e.truth({ k: 'binary', sign, left, right }, frame);
  return [holds === null ? unknown : { k: 'const', value: holds }];
}

/** What is filled into a pattern: each value by its place or its name. */
function filled(e: Evaluation, right: Expr, frame: Frame | null): (name: string | undefined, place: number) => Value {
  const one = (expr: Expr | undefined): Value => (expr ? single(e.of(expr, frame)) : unknown);
  if (right.k === 'list') return (_, place) => one(right.items[place]);
  if (right.k === 'object') return name => one(right.entries.find(({ key }) => key?.k === 'text' && key.text === name)?.value);
  return (_, place) => (place === 0 ? one(right) : unknown);
}
