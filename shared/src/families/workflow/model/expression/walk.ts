import type { Binary, Expression, Reference, ReferenceStep } from './types';

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

/** The operands of a chain of one operator, in order; of anything else it alone. */
export function operandsOf(expression: Expression, operator: Binary['operator']): readonly Expression[] {
  if (expression.kind !== 'binary' || expression.operator !== operator) return [expression];
  return [...operandsOf(expression.left, operator), ...operandsOf(expression.right, operator)];
}

/** What an expression is whatever happens, as far as it is a literal or a call that only hands one on; `undefined`: that depends. */
export function literalValue(expression: Expression): string | number | boolean | null | undefined {
  if (expression.kind === 'literal') return expression.value;
  const [only] = expression.kind === 'call' && expression.name === 'fromjson' ? expression.args : [];
  if (only?.kind !== 'literal' || !/^(?:true|false|null|""|0)$/.test(String(only.value))) return undefined;
  return JSON.parse(String(only.value)) as string | number | boolean | null;
}

/** The text of an expression that holds where this one does not. */
export function negated(expression: Expression, text: string): string {
  const { start, end } = expression.range;
  if (expression.kind === 'not') return text.slice(expression.of.range.start, end);
  if (expression.kind === 'binary' && (expression.operator === '==' || expression.operator === '!=')) {
    const { left, right, operator } = expression;
    const side = ({ range }: Expression): string => text.slice(range.start, range.end);
    return `${side(left)} ${operator === '==' ? '!=' : '=='} ${side(right)}`;
  }
  return expression.kind === 'binary' ? `!(${text.slice(start, end)})` : `!${text.slice(start, end)}`;
}

const ofOneLine = /^github\.(?:ref|ref_name|head_ref|base_ref|event\..{1,80}\.(?:title|ref|label|default_branch|head_branch|name|email))$/;

/** Whether the value of a reference never has a second line. */
export function isOneLine(reference: Reference): boolean {
  return ofOneLine.test(nameOf(reference));
}
