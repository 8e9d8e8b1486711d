import type { Finding } from '../../shared/src/rule/finding/types';
import { describe, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { LintContext } from '../../shared/src/engine/types';
import { rules } from '../../shared/src/families/generated/index';
import { plainContext } from '../../tools/lint-context';
import { expectProportional, type Make } from './growth';
import { patience, unseenPath } from '../support/growth';

/**
 * One word or line each, made for one regular expression that reads it: what could be read in many ways, and fails at the end. Each of these
 * once took time with the square of its length, or without end. `npm run regex` finds the next one.
 */

const engine = createEngine(rules.filter(rule => rule.family === 'dockerfile'));
const context: LintContext = { ...plainContext('strict'), sizeLimit: 1 << 24 };

/** A stage that ends in `inside`, of the length that makes a square show. */
const stage =
  (inside: Make): Make =>
  n =>
    `FROM debian:12\n${inside(8 * n)}\nCMD ["/app"]\n`;

/** A RUN of one word. */
const run = (make: Make): Make => stage(n => `RUN ${make(n)}`);

const hostile: Readonly<Record<string, Make>> = {
  'a sed that escapes and does not end': run(n => `sed -i 's#${'s\\'.repeat(n)}'`),
  'a duration that ends in no unit': stage(n => `HEALTHCHECK --interval=1.${'s000'.repeat(n)}x CMD true`),
  'options of bundle config': run(n => `bundle config ${'--aa '.repeat(n)}x $Y`),
  'a --force-yes with a long option': run(n => `apt-get --force-yes -${'y'.repeat(n)}1 install a`),
  'a source of many slashes': stage(n => `COPY ${'/'.repeat(n)}a /b`),
  'a target of many slashes': stage(n => `USER 1000\nCOPY a /b${'/'.repeat(n)}c`),
  'a key behind nothing but breaks': run(n => `echo "-----BEGIN PRIVATE KEY-----${'\\\\\\\\n'.repeat(n)}"`),
  'options of a shell': stage(n => `SHELL ["bash", "-${'o'.repeat(n)}1", "-c"]\nRUN a | b`),
  'options of sh': run(n => `sh -${'c'.repeat(n)}1 true`),
  'options of gzip': run(n => `curl -O https://a.example/f && gzip -${'d'.repeat(n)}1 f`),
  'a mode of chmod': run(n => `curl -O https://a.example/f && chmod ${'1'.repeat(n)}8 f`),
  'letters of chmod': run(n => `chmod ${'g'.repeat(n)} a`),
  'variables of one package that nothing sets': run(n => `apt-get install ${Array.from({ length: n >> 1 }, (_, i) => `$a${i}`).join('')}`),
  'one variable of packages, many times': n => `FROM debian:12\nARG A=${'a'.repeat(60)}\nRUN apt-get install ${'$A'.repeat(4 * n)}\n`,
  'a program of many versions': stage(n => `ENTRYPOINT ["${'1'.repeat(n)}x1"]`),
  'a copy of all, almost': n => `FROM debian:12 AS a\nRUN b\nFROM debian:12\nCOPY --from=a ${'/'.repeat(8 * n)}b /\nCMD ["/app"]\n`,
  'keys that nobody imports': stage(n => `COPY a.key /b\nRUN ${'gpg '.repeat(n)}`),
  'settings of bundle that do not freeze': stage(n => `COPY Gemfile Gemfile.lock ./\nRUN ${'bundle config '.repeat(2 * n)}\nRUN bundle install`),
}; // prettier-ignore

const lint = (text: string): readonly Finding[] => {
  const opened = engine.open({ path: unseenPath('Dockerfile'), text });
  opened.facts();
  return opened.lint(context).findings;
};

describe('words that a regular expression could read in many ways', () => {
  test.each(Object.keys(hostile))('%s', name => expectProportional(name, hostile[name]!, lint), patience);
});
