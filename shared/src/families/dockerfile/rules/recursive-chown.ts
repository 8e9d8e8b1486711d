import { isShipped } from '../model/chain';
import { memoize } from '../../../base/text/memoize';
import type { Stage } from '../model/types';
import { isRootUser } from '../model/users';
import { defineRule, noFix } from '../../../rule/define-rule';

const systemPaths =
  /^\/(?:(?:bin|boot|dev|etc|lib|lib32|lib64|proc|root|sbin|sys|usr|usr\/(?:bin|sbin|lib|lib64|libexec|share|local|local\/(?:bin|sbin|lib)))?\/?|\*)$/;

/** The folders into which a stage copies files, without a slash at the end. */
const copyTargets = memoize((stage: Stage): ReadonlySet<string> => {
  const targets = new Set<string>();
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') continue;
    const target = instruction.words.at(-1)?.text ?? '';
    const workdir = instruction.stateBefore?.workdir?.value ?? '';
    if (target.startsWith('/')) targets.add(target.replace(/(?<=.)\/$/, ''));
    else if (/^\.?\/?$/.test(target) && workdir) targets.add(workdir.replace(/(?<=.)\/$/, ''));
  }
  return targets;
});

/** Whether a stage or one of its bases copies files into a folder. */
function holdsCode(stage: Stage, path: string): boolean {
  const folder = path.replace(/(?<=.)\/$/, '');
  for (let at: Stage | null = stage; at !== null; at = at.base) if (copyTargets(at).has(folder)) return true;
  return false;
}

export const rule = defineRule({
  id: 'dockerfile/recursive-chown',
  title: 'Recursive chown of a system or code path',
  severity: 'info',
  category: 'privilege',
  profile: 'strict',
  references: { nist800190: ['3.1.2', '4.1.2'], cwe: ['CWE-732', 'CWE-282'] },
  messages: {
    system: { text: '"{owner}" can then change {path}, on which the system depends', severity: 'warning' },
    code: { text: 'As "{owner}", the program in {path} can then rewrite its own files' },
  },
  on: {
    command({ command, stage, instruction }, report) {
      if (command.name !== 'chown' || !stage) return;
      const { args } = command;
      if (!args.some(({ raw }) => /^-\w*R|^--recursive$/.test(raw)) || !isShipped(stage)) return;
      const [owner, ...paths] = args.filter(({ raw }) => !raw.startsWith('-'));
      const name = owner?.text ?? owner?.raw ?? '';
      if (isRootUser(name) || name.startsWith(':')) return;
      for (const word of paths) {
        const { text } = word;
        if (text === null) continue;
        const workdir = instruction.stateBefore?.workdir?.value;
        const path = /^\.\/?$/.test(text) && workdir ? workdir : text;
        const message = systemPaths.test(path) ? 'system' : !/^\/(?:etc|var)\//.test(path) && holdsCode(stage, path) ? 'code' : null;
        if (message) report(word.range, message, { owner: name, path }, noFix('no-fix'));
      }
    },
  },
});
