import type { Expression, Reference, ReferenceStep } from './types';

/** Calls `visit` for an expression and all that is in it, outer ones first. */
export function walk(expression: Expression, visit: (expression: Expression) => void): void {
  visit(expression);
  const visitSteps = (steps: readonly ReferenceStep[]): void => {
    for (const step of steps) if (step.kind === 'index') walk(step.index, visit);
  };
  switch (expression.kind) {
    case 'call':
      for (const arg of expression.args) walk(arg, visit);
      break;
    case 'access':
      walk(expression.of, visit);
      visitSteps(expression.steps);
      break;
    case 'reference':
      visitSteps(expression.steps);
      break;
    case 'not':
      walk(expression.of, visit);
      break;
    case 'binary':
      walk(expression.left, visit);
      walk(expression.right, visit);
      break;
    case 'literal':
  }
}

/** Every reference in an expression, those in brackets of others too. */
export function referencesIn(expression: Expression): readonly Reference[] {
  const found: Reference[] = [];
  walk(expression, inner => {
    if (inner.kind === 'reference') found.push(inner);
  });
  return found;
}

/** `github.event.commits.*.message` for a reference; what an expression in brackets names is `*`. */
export function nameOf({ root, steps }: Reference): string {
  return [root, ...steps.map(step => (step.kind === 'name' ? step.name : '*'))].join('.');
}

/** Functions whose result says nothing of their arguments but yes or no, or a number. */
const judging = new Set(['contains', 'startswith', 'endswith', 'success', 'failure', 'always', 'cancelled', 'hashfiles']);

/** The references and literals whose text an expression may come to: not those that are only compared. */
export function resultsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'binary':
      // what is in front of `&&` comes through only where it is false or empty
      if (expression.operator === '&&') return resultsOf(expression.right);
      return expression.operator === '||' ? [...resultsOf(expression.left), ...resultsOf(expression.right)] : [];
    case 'not':
      return [];
    case 'call':
      if (judging.has(expression.name)) return [];
      // `case(condition, value, condition, value, otherwise)`
      if (expression.name === 'case')
        return expression.args.flatMap((arg, i) => (i % 2 === 1 || i === expression.args.length - 1 ? resultsOf(arg) : []));
      return expression.args.flatMap(resultsOf);
    case 'access':
      return resultsOf(expression.of);
    default:
      return [expression];
  }
}
