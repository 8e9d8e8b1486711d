import { memoize } from '../../../base/text/memoize';
import { unpackedByAdd } from '../model/copied-files';
import { runCommands } from '../model/scripts';
import type { Instruction, RunCommand, Stage, Word } from '../model/types';
import type { ShellWord } from '../../../syntax/shell/types';
import { plainName, plainText } from '../../../syntax/shell/downloads';
import { useOf } from '../../../syntax/shell/verification';
import { defineRule } from '../../../rule/define-rule';

/** The words of a stage's commands that unpack something, by the name of the file, in order. */
const extractions = memoize((stage: Stage): ReadonlyMap<string, readonly (readonly [run: RunCommand, word: ShellWord])[]> => {
  const found = new Map<string, [RunCommand, ShellWord][]>();
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== 'RUN') continue;
    for (const run of runCommands(instruction)) {
      const { command } = run;
      if (useOf(command) !== 'extracted') continue;
      for (const word of command.args) {
        const name = plainName(plainText(word));
        const list = found.get(name);
        if (list) list.push([run, word]);
        else found.set(name, [[run, word]]);
      }
    }
  }
  return found;
});

/** The name of a word's file. Backslashes part folders here, as those who write them mean it. */
const nameOf = ({ raw }: Word): string => plainName(raw.replace(/["']/g, ''));

/** The names under which the archives of a COPY may be found in the image: their own, or the one that it gives. */
function archivesOf({ words }: Instruction): readonly string[] {
  const names = words.map(nameOf);
  return names.slice(0, -1).some(name => unpackedByAdd.test(name)) ? names.filter(name => unpackedByAdd.test(name)) : [];
}

export const rule = defineRule({
  id: 'dockerfile/copy-then-extract',
  title: 'COPY of an archive that is then extracted',
  severity: 'hint',
  category: 'correctness',
  profile: 'strict',
  peers: { hadolint: ['DL3010'], tally: ['hadolint/DL3010'] },
  messages: {
    archive: { text: 'ADD would unpack "{archive}" itself, without keeping the archive in a layer' },
    extract: { text: 'Unpacked here' },
  },
  on: {
    instruction(instruction, report) {
      const { stage, keyword, words, index } = instruction;
      if (keyword !== 'COPY' || !stage || words.length < 2 || instruction.onbuildParent || instruction.flag('from')) return;
      const names = archivesOf(instruction);
      if (names.length === 0) return;
      const uses = names.flatMap(
        name =>
          extractions(stage)
            .get(name)
            ?.find(([run]) => run.instruction.index > index)?.[1] ?? [],
      );
      if (uses.length === 0) return;
      const used = uses.reduce((first, word) => (word.range.start < first.range.start ? word : first));
      const source = words.find(word => unpackedByAdd.test(nameOf(word)))!;
      report(source.range, 'archive', { archive: nameOf(source) }, report.related(used.range, 'extract'));
    },
  },
});
