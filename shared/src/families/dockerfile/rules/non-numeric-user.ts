import { insertWords, replaceText } from '../../../rule/fix/operations';
import { knownUid, uidOfSystem } from '../fix/user';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { fileUid, verifiedFile } from '../../../knowledge/image-facts';
import { osFamilyFacts, type OsFamily } from '../../../knowledge/os-families';
import { baseFacts, stageProfile } from '../model/stage-image';
import { writtenFolders } from '../model/written-folders';
import type { Instruction } from '../model/types';
import { createdUsers, isNumber, isRootUser, uidWord, userParts, type CreatedUser } from '../model/users';
import type { ShellCommand } from '../../../syntax/shell/types';
import { defineRule, noFix } from '../../../rule/define-rule';

/** The option for a number, as a command writes its others; Debian's adduser has the long one alone. */
function uidFlag({ name, args }: ShellCommand, os: OsFamily | null): '-u' | '--uid' {
  const options = args.map(a => a.text ?? a.raw).filter(text => text.startsWith('-'));
  const isShort = options.length > 0 && !options.some(text => text.startsWith('--'));
  return isShort && (name === 'useradd' || (os !== null && osFamilyFacts(os).userTool === 'adduser')) ? '-u' : '--uid';
}

/** The variable that numbers a user, as USER can name it too: nothing but a build argument or environment variable of its stage. */
function uidVariable({ command, instruction }: CreatedUser, user: Instruction): string | null {
  const name = /^"?\$(?:\{(\w+)\}|(\w+))"?$/
    .exec((command && uidWord(command.args)?.raw) ?? '')
    ?.slice(1)
    .find(Boolean);
  // regex: like /\bNAME=/: the name is of letters, digits and _
  if (name === undefined || instruction.stage !== user.stage || new RegExp(`\\b${name}=`).test(instruction.logical.text)) return null;
  const set = user.stage?.variable(name, user);
  return set !== undefined && set === instruction.stage?.variable(name, instruction) ? `\${${name}}` : null;
}

export const rule = defineRule({
  id: 'dockerfile/non-numeric-user',
  title: 'USER by name, which runAsNonRoot cannot verify',
  severity: 'hint',
  category: 'privilege',
  profile: 'recommended',
  references: { cisDocker: ['4.1'], nsaCisa: ['1.0'], cwe: ['CWE-250'] },
  peers: { hadolint: ['DL3066'] },
  messages: { name: { text: 'Kubernetes cannot verify that "{user}" is not root: it needs a numeric UID' } },
  fixes: {
    number: { title: 'Use UID {uid} instead of the user name', class: 'safe' },
    assign: { title: 'Assign UID {uid} to the user, and use it in USER', class: 'review' },
  },
  assumptions: {
    claimed: 'According to the history of base image {digest}, "{user}" has UID {uid} (not verified)',
    layers: 'In base image {digest}, "{user}" has UID {uid} (trust level of the image layers: {level})',
    owner: 'No volume contains files that "{user}" owns under another UID',
  },
  on: {
    stage(stage, report, { defaults, workspace }) {
      const user = stage.isFinal && !stage.windows ? stage.state.user : null;
      if (!user?.value || isRootUser(user.value)) return;
      const word = user.instruction.words[0];
      const { name, group } = userParts(user.value);
      if (!word || name === '' || isNumber(name)) return;
      const profile = stageProfile(stage);
      const uid = knownUid(stage, profile, name);
      const write = (number: number | string): DockerfileOperation =>
        replaceText(word.range, group === '' ? String(number) : `${number}:${group}`);
      const all = createdUsers(stage);
      const [own, other] = all.filter(created => created.name === name);
      const kept = own && !other ? uidOfSystem(stage, profile, own) : null;
      const given = kept ?? defaults.uid;
      const isTaken = all.some(({ uid: taken }) => taken === given);
      const place = uid === null && !other && !isTaken ? own?.command?.nameWord : null;
      const numbered = own?.command?.args.some(a => /^-\w*u|^--uid/.test(a.text ?? '')) ?? false;
      const variable = own && !other && numbered ? uidVariable(own, user.instruction) : null;
      const assign = (): DockerfileOperation[] => [
        write(given),
        insertWords(place!.range.end, `${uidFlag(own!.command!, profile?.os ?? null)} ${given}`),
      ];
      const facts = baseFacts(stage, workspace);
      const written = own ? null : fileUid(facts, name);
      const isVerified = verifiedFile(facts, files => files.users) !== null;
      const claimed = !own && facts && userParts(facts.user).name === name ? facts.claimedUid : null;
      let remedy = noFix(!own ? (facts ? 'needs-input' : 'unknown-image') : numbered ? 'variable' : isTaken ? 'needs-value' : 'no-fix');
      if (word.variables.length > 0) remedy = noFix('variable');
      else if (uid !== null) remedy = report.fix('number', () => [write(uid)], { data: { uid } });
      else if (written !== null && written > 0)
        remedy = report.fix('number', () => [write(written)], {
          data: { uid: written },
          class: isVerified ? 'review' : 'attended',
          assumes: [
            { id: 'layers', data: { user: name, uid: written, digest: facts!.digest, level: isVerified ? 'verified' : 'as served' } },
          ],
        });
      else if (claimed !== null)
        remedy = report.fix('number', () => [write(claimed)], {
          data: { uid: claimed },
          class: 'attended',
          assumes: [{ id: 'claimed', data: { user: name, uid: claimed, digest: facts!.digest } }],
        });
      else if (variable !== null) remedy = report.fix('number', () => [write(variable)], { data: { uid: variable } });
      else if (place && own!.uid === null && !numbered)
        remedy = report.fix('assign', assign, {
          data: { uid: given },
          // Volumes of containers that ran before belong to the number that the system chose.
          ...(kept === null && {
            class: writtenFolders(stage).length > 0 ? 'attended' : undefined,
            assumes: [{ id: 'owner', data: { user: name } }],
          }),
        });
      report(word.range, 'name', { user: user.value }, remedy);
    },
  },
});
