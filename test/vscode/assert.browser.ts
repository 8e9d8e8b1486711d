/** The part of node:assert that the suites use, for a host without Node. */

function fail(message: string | undefined, actual: unknown, expected: unknown): never {
  throw new Error(`${message ?? 'not as expected'}\nactual:   ${JSON.stringify(actual)}\nexpected: ${JSON.stringify(expected)}`);
}

/** Passes for a truthy value. */
export function ok(value: unknown, message?: string): asserts value {
  if (!value) fail(message, value, true);
}

/** Passes for identical values. */
export function equal<Value>(actual: unknown, expected: Value, message?: string): asserts actual is Value {
  if (!Object.is(actual, expected)) fail(message, actual, expected);
}

/** Passes for values that have the same JSON. */
export function deepEqual(actual: unknown, expected: unknown, message?: string): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) fail(message, actual, expected);
}

/** Passes for a text that an expression matches. */
export function match(text: string, expression: RegExp, message?: string): void {
  if (!expression.test(text)) fail(message, text, String(expression));
}

/** Passes for a text that an expression does not match. */
export function doesNotMatch(text: string, expression: RegExp, message?: string): void {
  if (expression.test(text)) fail(message, text, `not ${String(expression)}`);
}

/** Passes for values whose JSON differs. */
export function notDeepEqual(actual: unknown, expected: unknown, message?: string): void {
  if (JSON.stringify(actual) === JSON.stringify(expected)) fail(message, actual, expected);
}
