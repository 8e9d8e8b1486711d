import { planUser, userAssumptions } from '../fix/run-as';
import { userOperations } from '../fix/user';
import { knownProfile } from '../model/stage-image';
import { dropsPrivileges, startsSomething } from '../model/stage-start';
import { chainInstructions } from '../model/chain';
import { runCommands } from '../model/scripts';
import { startOf } from '../model/start';
import type { Instruction, Stage } from '../model/types';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import type { WorkspaceIndex } from '../../../workspace/types';
import { createdUsers, isRootUser } from '../model/users';
import type { Range } from '../../../base/text/range';
import { defineRule, noFix } from '../../../rule/define-rule';

/** More users of one file are not looked at: each is looked for in every instruction. */
const most = 20;

/** Programs to which a user is named for a reason: who owns a file, who runs something, who stands in a configuration. */
const givers: ReadonlySet<string | null> = new Set(
  'chown chgrp install su runuser gosu su-exec setpriv chpst sudo setuidgid s6-setuidgid start-stop-daemon icacls setfacl echo printf sed tee crontab'.split(
    ' ',
  ),
);

/** Whether an image may start as root: a name without a number is another user's. */
const isRootImage = (profile: ImageProfile | null): boolean => {
  const user = profile?.defaultUser ?? null;
  return user === null || user.uid === 0 || (user.uid === null && profile?.kind !== 'configured');
};

/** Whether the image runs as root at its end; a user could not have been created otherwise. */
function endsAsRoot(stage: Stage, workspace: WorkspaceIndex): boolean {
  const { user } = stage.state;
  if (stage.windows) return user === null || /(?:^|\\)ContainerAdministrator$/i.test(user.value ?? '');
  return user === null ? isRootImage(knownProfile(stage, workspace)) : user.value !== null && isRootUser(user.value);
}

/** Whether a file names a user other than to create it. */
function isNamed(content: string, word: RegExp): boolean {
  return word.test(content) && content.split('\n').some(line => word.test(line) && !/\b(?:useradd|adduser|groupadd|addgroup)\b/.test(line));
}

/** Settings of servers, which may name the user that one goes on as. */
const settings = /\.(?:conf|cnf|cfg|ini)$|^\/etc(?:\/|$)/;

/** Whether an instruction has a use for a user, whose name `word` finds: as an owner, for a program that switches, in a file or a variable. */
function uses(instruction: Instruction, name: string, word: RegExp): boolean {
  const { keyword } = instruction;
  if (keyword === 'COPY' || keyword === 'ADD') {
    const owner = instruction.flag('chown')?.value;
    return (
      (owner != null && (word.test(owner) || owner.includes('$'))) ||
      instruction.words.some(({ text }) => settings.test(text)) ||
      instruction.heredocs.some(({ content }) => isNamed(content, word))
    );
  }
  if (keyword === 'ENV' || keyword === 'ARG') return instruction.pairs.some(pair => pair.value?.text === name);
  // containers.dev, "Image Metadata": its `remoteUser` is who works in the container
  if (keyword === 'LABEL')
    return instruction.pairs.some(pair => pair.name === 'devcontainer.metadata' && word.test(pair.value?.text ?? ''));
  if (keyword !== 'RUN') return false;
  if (instruction.stage?.windows) return /\bicacls\b/i.test(instruction.logical.text) && word.test(instruction.logical.text);
  return (
    runCommands(instruction).some(({ command: { name: program, args } }) => givers.has(program) && args.some(arg => word.test(arg.raw))) ||
    instruction.heredocs.some(({ content }) => /\bchown\b/.test(content) && word.test(content))
  );
}

export const rule = defineRule({
  id: 'dockerfile/unused-user',
  title: 'User created but never used',
  severity: 'warning',
  category: 'privilege',
  profile: 'baseline',
  references: { cisDocker: ['4.1'], nist800190: ['3.1.2', '4.1.2'], cwe: ['CWE-250'] },
  peers: { tally: ['tally/user-created-but-never-used'] },
  messages: { unused: { text: 'User "{name}" is created, yet the image runs as root' } },
  fixes: { switch: { title: 'Run as user {user}', class: 'review' } },
  assumptions: userAssumptions,
  on: {
    stage(stage, report, context) {
      if (!stage.isFinal || !endsAsRoot(stage, context.workspace)) return;
      const all = createdUsers(stage);
      if (all.length === 0) return;
      const profile = knownProfile(stage, context.workspace);
      // Who creates a user for those that build on the image has nothing to start.
      if (!startsSomething(startOf(stage), profile) || (!stage.windows && dropsPrivileges(startOf(stage), profile))) return;
      const names = new Map<string, Range>();
      for (const { name, range } of all) if (name !== 'root' && names.size < most && !names.has(name)) names.set(name, range);
      const instructions = chainInstructions(stage);
      const plan = planUser(stage, profile, context);
      for (const [name, range] of names) {
        // regex: like /(?<![\w-])name(?![\w-])/i: the name is a literal
        const word = new RegExp(`(?<![\\w-])${name.replace('$', '\\$')}(?![\\w-])`, 'i');
        if (instructions.some(instruction => uses(instruction, name, word))) continue;
        report(
          range,
          'unused',
          { name },
          plan.user === null || stage.windows
            ? noFix(plan.user === null ? plan.reason : 'windows')
            : report.fix('switch', () => userOperations(stage, plan.user, stage.state.user?.instruction ?? null), {
                data: { user: plan.user.user },
                class: plan.attended !== null ? 'attended' : undefined,
                assumes: plan.assumes,
              }),
        );
      }
    },
  },
});
