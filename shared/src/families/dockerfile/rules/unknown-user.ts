import { refusalAt } from '../fix/refusal';
import { replaceText } from '../../../rule/fix/operations';
import { lacksIdentityFile } from '../model/passwd';
import { fileUids, isNumber, userParts } from '../model/users';
import type { Instruction } from '../model/types';
import { defineRule, noFix } from '../../../rule/define-rule';

/** What names a user or group: USER, or `--chown` of COPY and ADD. */
function nameOf(
  instruction: Instruction,
): { readonly value: string; readonly range: { start: number; end: number }; readonly literal: boolean } | null {
  const { keyword } = instruction;
  if (keyword === 'USER') {
    const word = instruction.words[0];
    const value = word && instruction.file.expand(word, instruction);
    return value ? { value, range: word.range, literal: word.variables.length === 0 } : null;
  }
  const flag = keyword === 'COPY' || keyword === 'ADD' ? instruction.flag('chown') : undefined;
  return flag?.value && flag.valueRange && !flag.value.includes('$') ? { value: flag.value, range: flag.valueRange, literal: true } : null;
}

/** Whether another stage speaks of a user of that name, and so has or makes it. */
function isNamedElsewhere({ stage, file }: Instruction, name: string): boolean {
  return file.stages.some(
    other =>
      other !== stage &&
      other.instructions.some(({ keyword, range: { start, end } }) => keyword === 'RUN' && file.text.slice(start, end).includes(name)),
  );
}

/**
 * Whether the stage has files already. BuildKit fails where a name is to be found in nothing at all, and else takes root for a name that it does not find
 * (moby/buildkit, solver/llbsolver/ops/user_linux.go).
 */
function hasLayer({ stage, index }: Instruction): boolean {
  for (let at = stage; at; at = at.base)
    if (at.instructions.some(({ keyword, index: place }) => place < index && /^(?:COPY|ADD|RUN|WORKDIR)$/.test(keyword))) return true;
  return false;
}

export const rule = defineRule({
  id: 'dockerfile/unknown-user',
  title: 'Named user in an image without /etc/passwd',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  supersedes: ['dockerfile/non-numeric-user', 'dockerfile/dropped-groups'],
  references: { cisDocker: ['4.1'], cwe: ['CWE-250'] },
  peers: { tally: ['tally/named-identity-in-passwdless-stage'] },
  messages: {
    user: { text: 'User "{name}" does not exist: an image based on scratch has no /etc/passwd' },
    group: { text: 'Group "{name}" does not exist: an image based on scratch has no /etc/group' },
    owner: {
      text: '"{name}" is unknown here, before /etc/passwd or /etc/group exists: BuildKit makes root the owner',
      severity: 'warning',
    },
  },
  fixes: { number: { title: 'Use {user}', class: 'review' } },
  on: {
    instruction(instruction, report, { defaults }) {
      const { stage, keyword } = instruction;
      const named = nameOf(instruction);
      if (!named || !stage || stage.root.image.kind !== 'scratch') return;
      const { name, group } = userParts(named.value);
      const late = keyword === 'USER';
      const user = name !== '' && !isNumber(name) && name !== 'root' && lacksIdentityFile(stage, 'passwd', instruction, late);
      if (!user && (group === '' || isNumber(group) || group === 'root' || !lacksIdentityFile(stage, 'group', instruction, late))) return;
      const number = isNumber(name) ? Number(name) : name === 'root' ? 0 : fileUids(instruction.file).get(name);
      // a name that others of the file use has a number somewhere, which a new one would not match
      const isKnown = number !== undefined || !isNamedElsewhere(instruction, name);
      const uid = number ?? defaults.uid;
      const gid = isNumber(group) ? group : group === 'root' ? 0 : uid === 0 || uid === defaults.uid ? defaults.gid : uid;
      const text = `${uid}:${gid}`;
      const fix = report.fix('number', () => [replaceText(named.range, text)], {
        data: { user: text },
        class: isKnown ? undefined : 'attended',
      });
      report(
        named.range,
        !late && hasLayer(instruction) ? 'owner' : user ? 'user' : 'group',
        { name: user ? name : group },
        refusalAt(instruction, 'any') ?? (named.literal ? fix : noFix('variable')),
        isKnown ? null : noFix('attended', 'the UID of the user is not specified in this file'),
      );
    },
  },
});
