import { refusalAt } from '../fix/refusal';
import { insertWords } from '../../../rule/fix/operations';
import { memoize } from '../../../base/text/memoize';
import type { Instruction, Stage } from '../model/types';
import { isRootUser } from '../model/users';
import { defineRule, noFix, type Attachment } from '../../../rule/define-rule';
import { withoutEnd } from '../../../base/text/ends';

/** What the RUNs of a stage give to somebody, with a slash at the end. */
const givenPaths = memoize((stage: Stage): readonly { readonly index: number; readonly path: string }[] =>
  stage.instructions.flatMap(({ index, keyword, commands }) =>
    keyword !== 'RUN'
      ? []
      : commands
          .filter(({ command: { name } }) => name === 'chown' || name === 'chgrp')
          .flatMap(({ command: { args } }) => args.slice(1))
          .flatMap(({ text }) => (text?.startsWith('/') ? { index, path: `${withoutEnd(text, '/')}/` } : [])),
  ),
);

/** Whether a later RUN of the stage gives the target, or a folder above it, to somebody. */
function isGivenLater({ stage, index, words }: Instruction): boolean {
  const target = `${withoutEnd(words.at(-1)?.text ?? '', '/')}/`;
  return givenPaths(stage!).some(given => given.index > index && target.startsWith(given.path));
}

/** Folders of programs and libraries, which nobody but root should be able to change. */
const system = /^\/(?:usr\/(?:local\/)?)?(?:s?bin|lib(?:32|64|exec)?)(?:\/|$)/;

export const rule = defineRule({
  id: 'dockerfile/root-owned-copy',
  title: 'COPY after USER still writes files owned by root',
  severity: 'hint',
  category: 'privilege',
  profile: 'strict',
  references: { cwe: ['CWE-282'] },
  peers: { tally: ['tally/copy-after-user-without-chown'] },
  messages: {
    root: { text: '{keyword} writes root-owned files, regardless of USER: "{user}" can only read them' },
    windows: { text: '{keyword} writes administrator-owned files, regardless of USER: "{user}" can only read them' },
  },
  fixes: {
    'keep-root': { title: 'Add --chown=root:root to state the owner explicitly', class: 'attended' },
    give: { title: 'Add --chown={user}', class: 'attended' },
  },
  on: {
    instruction(instruction, report) {
      const { keyword, stage, stateBefore: before } = instruction;
      if ((keyword !== 'COPY' && keyword !== 'ADD') || !stage || !before?.user?.value) return;
      const user = before.user.value;
      if (instruction.flag('chown') || isRootUser(user) || isGivenLater(instruction)) return;
      if (system.test(instruction.words.at(-1)?.text ?? '')) return;
      if (stage.windows && /(?:^|\\)(?:Container)?Administrator$/i.test(user)) return;
      if (stage.windows) return report(instruction.keywordRange, 'windows', { keyword, user }, noFix('windows'));
      const add = (id: 'keep-root' | 'give', owner: string): Attachment =>
        report.fix(id, () => [insertWords(instruction.keywordRange.end, `--chown=${owner}`)], { data: { user: owner } });
      const refused = refusalAt(instruction, 'any');
      report(instruction.keywordRange, 'root', { keyword, user }, refused ?? add('keep-root', 'root:root'), !refused && add('give', user));
    },
  },
});
