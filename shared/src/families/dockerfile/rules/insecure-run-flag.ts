import { refusalAt } from '../fix/refusal';
import { removeWords } from '../../../rule/fix/operations';
import { parseImageReference } from '../../../syntax/image/reference';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Docker's own frontend, its daily builds, and mirrors of both. */
const official = /(?:^|\/)docker\/dockerfile(?:-upstream)?$/;

/** The flags that give a step more than a build needs, with what to say of them. */
const insecure: ReadonlyMap<string, 'privileged' | 'network'> = new Map([
  ['--security=insecure', 'privileged'],
  ['--network=host', 'network'],
]);

export const rule = defineRule({
  id: 'dockerfile/insecure-run-flag',
  title: 'RUN --security=insecure or --network=host',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: { nist800190: ['3.1.2', '4.1.2'], mitre: ['T1611', 'T1195.002'], cwe: ['CWE-250', 'CWE-829'] },
  messages: {
    privileged: { text: "This step runs privileged: it has every capability and access to the build host's devices" },
    network: { text: "This step shares the build host's network, including loopback" },
    frontend: { text: 'Anyone who can move this tag can run code in builds of this file', severity: 'warning' },
  },
  fixes: { remove: { title: 'Remove {flag}', class: 'attended' } },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'RUN' || instruction.flags.length === 0) return;
      for (const flag of instruction.flags) {
        const text = `--${flag.name}=${flag.value}`;
        const message = insecure.get(text);
        if (message === undefined) continue;
        const fix = refusalAt(instruction, 'any') ?? report.fix('remove', () => [removeWords(flag.range)], { data: { flag: text } });
        report(flag.range, message, {}, fix);
      }
    },
    file({ directives }, report) {
      const syntax = directives.length > 0 ? directives.find(({ name }) => name === 'syntax') : undefined;
      if (!syntax) return;
      const image = parseImageReference(syntax.value);
      if (image.invalid !== null || image.digest !== null || official.test(image.repository)) return;
      report(syntax.valueRange, 'frontend', {}, noFix('network'));
    },
  },
});
