import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { defineRule } from '../../../shared/src/rule/define-rule';
import { plainContext } from '../../../tools/lint-context';

/** One rule turns each `RUN a` into `RUN b`, which the other calls worse: harden takes back one fix after the other. */
const quarrel = [
  defineRule({
    id: 'dockerfile/wants-b',
    title: 'Wants b',
    severity: 'warning',
    category: 'surface',
    profile: 'baseline',
    messages: { found: { text: 'a' } },
    fixes: { b: { title: 'b', class: 'safe' } },
    on: {
      instruction({ keyword, argumentsRange: { start }, file }, report) {
        if (keyword !== 'RUN' || file.text[start] !== 'a') return;
        const range = { start, end: start + 1 };
        const change = { type: 'dockerfile.replace', range, text: 'b' } as const;
        const fix = report.fix('b', () => [change]);
        report(range, 'found', {}, fix);
      },
    },
  }),
  defineRule({
    id: 'dockerfile/refuses-b',
    title: 'Refuses b',
    severity: 'error',
    category: 'correctness',
    profile: 'baseline',
    messages: { found: { text: 'b' } },
    on: {
      instruction({ keyword, argumentsRange, file }, report) {
        if (keyword === 'RUN' && file.text[argumentsRange.start] === 'b') report(argumentsRange, 'found', {});
      },
    },
  }),
];

test.each([
  [8, 'unverified (dockerfile/refuses-'],
  [3000, 'too many fixes of this file would have to be tried one by one'],
])(
  'harden looks for the fixes that do not hold, up to a bound in text: %i of them',
  (count, said) => {
    const text = `FROM a\n${Array.from({ length: count }, (_, i) => `RUN a${i}\n`).join('')}`;
    const hardened = createEngine(quarrel).open({ path: 'Dockerfile', text }).harden(plainContext());
    expect(hardened).toMatchObject({ text, edits: [], applied: [] });
    expect(hardened.log.join('\n')).toContain(said);
  },
  120_000,
);
