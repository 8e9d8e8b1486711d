import { refusalAt } from '../fix/refusal';
import { replaceText } from '../../../rule/fix/operations';
import { hasGroups, isNumber, isRootUser, userParts } from '../model/users';
import { defineRule, noFix } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'dockerfile/dropped-groups',
  title: 'USER name:group drops the supplementary groups',
  severity: 'info',
  category: 'privilege',
  profile: 'strict',
  references: { cwe: ['CWE-266'] },
  peers: { tally: ['tally/user-explicit-group-drops-supplementary-groups'] },
  messages: { dropped: { text: 'With ":{group}", user "{user}" loses the groups that this file adds the user to' } },
  fixes: { keep: { title: 'Change to USER {user}', class: 'review' } },
  assumptions: { primary: '"{group}" is the primary group of "{user}", or does not need to be' },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'USER' || !instruction.stage) return;
      const word = instruction.words[0];
      const user = word && instruction.file.expand(word, instruction);
      if (!user?.includes(':') || isRootUser(user)) return;
      const { name, group } = userParts(user);
      if (group === '' || isNumber(name) || !hasGroups(instruction.stage, name)) return;
      const colon = word!.raw.indexOf(':');
      const exact = colon >= 0 && word!.variables.length === 0 && word!.range.end - word!.range.start === word!.raw.length;
      report(
        exact ? { start: word!.range.start + colon, end: word!.range.end } : word!.range,
        'dropped',
        { user: name, group },
        refusalAt(instruction, 'any') ??
          (exact
            ? report.fix('keep', () => [replaceText(word!.range, name)], {
                data: { user: name },
                assumes: [{ id: 'primary', data: { user: name, group } }],
              })
            : noFix('variable')),
      );
    },
  },
});
