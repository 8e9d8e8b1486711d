import { defineRule, type Rule } from '../../shared/src/rule/define-rule';

/** What a rule does when it comes upon a VOLUME of that name. */
const tricks: Readonly<Record<string, () => void>> = {
  /** A regular expression cannot be interrupted from within. */
  regexp: () => void /^(?:a+)+$/.test(`${'a'.repeat(60)}b`),
  loop: () => {
    for (;;);
  },
  memory: () => {
    const all: object[] = [];
    for (;;) all.push({ text: `a${all.length}` });
  },
  /** Longer than a trial on the command line, and not longer than a file may take in tests. */
  slow: () => {
    const end = performance.now() + 500;
    while (performance.now() < end);
  },
  /** One allocation that leaves the limit of a heap far behind ends a whole process. */
  arrays: () => {
    const all: unknown[] = [];
    for (;;) all.push(new Array(1e7).fill(0));
  },
};

/** Rules that hang, or use all the memory, where a Dockerfile asks them to. */
export const trickRules: readonly Rule[] = [
  defineRule({
    id: 'dockerfile/fake-trick',
    title: 'Fake: a trick',
    severity: 'warning',
    category: 'surface',
    profile: 'baseline',
    messages: { found: { text: 'Trick {name}' } },
    on: {
      instruction(instruction, report) {
        const name = instruction.words[0]?.text ?? '';
        if (instruction.keyword !== 'VOLUME' || !Object.hasOwn(tricks, name)) return;
        tricks[name]!();
        report(instruction.range, 'found', { name });
      },
    },
  }),
];
