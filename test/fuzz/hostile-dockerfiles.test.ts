import { describe, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { LintContext } from '../../shared/src/engine/types';
import { rules } from '../../shared/src/generated/index';
import { plainContext } from '../../tools/lint-context';
import { expectProportional, type Make } from './growth';

/**
 * One word or line each, made for one regular expression that reads it: what could be read in many ways, and fails at the end. Each of these
 * once took time with the square of its length, or without end. `npm run regex` finds the next one.
 */

const engine = createEngine(rules.filter(rule => rule.family === 'dockerfile'));
const context: LintContext = { ...plainContext('strict'), sizeLimit: 1 << 24 };

/** A stage that ends in `inside`. */
const stage =
  (inside: Make): Make =>
  n =>
    `FROM debian:12\n${inside(n)}\nCMD ["/app"]\n`;

const hostile: Readonly<Record<string, Make>> = {
  'a sed that escapes and does not end': stage(n => `RUN sed -i 's#${'s\\'.repeat(n)}'`),
  'a duration that ends in no unit': stage(n => `HEALTHCHECK --interval=1.${'s000'.repeat(n)}x CMD true`),
  'a duration of digits alone': stage(n => `HEALTHCHECK --interval=${'0'.repeat(n)}x CMD true`),
};

const lint = (text: string): ReturnType<typeof engine.lint>['findings'] => {
  const file = { path: 'Dockerfile', text };
  engine.facts(file);
  return engine.lint(file, context).findings;
};

describe('words that a regular expression could read in many ways', () => {
  test.each(Object.keys(hostile))('%s', name => expectProportional(name, hostile[name]!, lint), 120_000);
});
