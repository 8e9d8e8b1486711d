import { knownUid } from '../../fix/dockerfile/user';
import type { DockerfileOperation } from '../../fix/types';
import { stageProfile } from '../../knowledge/stage-image';
import { createdUsers, isNumber, isRootUser, userParts } from '../../model/dockerfile/users';
import { defineRule, left } from '../../rule/define-rule';

export const rule = defineRule({
  id: 'dockerfile/non-numeric-user',
  title: 'USER by name, which runAsNonRoot cannot verify',
  severity: 'hint',
  category: 'privilege',
  profile: 'recommended',
  references: { cisDocker: ['4.1'], nsaCisa: ['1.0'], cwe: ['CWE-250'] },
  peers: { hadolint: ['DL3066'] },
  messages: { name: { text: 'Kubernetes cannot tell whether "{user}" is root: it reads numbers only' } },
  fixes: {
    number: { title: 'Write its number, {uid}', class: 'safe' },
    assign: { title: 'Give the user the number {uid}, and write that', class: 'review' },
  },
  assumptions: { owner: 'No volume holds files of "{user}" under another number' },
  on: {
    stage(stage, report, { defaults }) {
      const user = stage.isFinal && !stage.windows ? stage.state.user : null;
      if (!user?.value || isRootUser(user.value)) return;
      const word = user.instruction.words[0];
      const { name, group } = userParts(user.value);
      if (!word || name === '' || isNumber(name)) return;
      const uid = knownUid(stage, stageProfile(stage), name);
      const write = (number: number): DockerfileOperation => ({
        type: 'dockerfile.replace',
        range: word.range,
        text: group === '' ? String(number) : `${number}:${group}`,
      });
      const all = createdUsers(stage);
      const [own, other] = all.filter(created => created.name === name);
      const place = uid === null && !other && !all.some(({ uid: taken }) => taken === defaults.uid) ? own?.command?.nameWord : null;
      const assign = (): DockerfileOperation[] => [
        write(defaults.uid),
        { type: 'dockerfile.insert-words', offset: place!.range.end, text: `--uid ${defaults.uid}` },
      ];
      let remedy = left(own ? 'needs-value' : 'unknown-image');
      if (word.variables.length > 0) remedy = left('variable');
      else if (uid !== null) remedy = report.fix('number', () => [write(uid)], { data: { uid } });
      else if (place && own!.uid === null && !own!.command!.args.some(a => a.text === null || /^-\w*u|^--uid/.test(a.text)))
        remedy = report.fix('assign', assign, { data: { uid: defaults.uid }, assumes: [{ id: 'owner', data: { user: name } }] });
      report(word.range, 'name', { user: user.value }, remedy);
    },
  },
});
