import { defineRule, noFix } from '../../../rule/define-rule';
import type { ShellCommand } from '../../../syntax/shell/types';
import { isPredefined, secretsIn } from '../model/secrets';

/** Programs that write a secret in another way: no mask knows it then. */
const encoders = /^(?:base64|base32|xxd|hexdump|od|rev|openssl|gzip|fold|tr)$/;

/** Whether what a command prints ends in the log: neither a file nor another program nor the shell takes it. */
function isLogged({ redirections, pipeline }: ShellCommand, last: boolean): boolean {
  const takes = redirections.some(
    ({ operator, descriptor, target }) =>
      operator.startsWith('>') && descriptor !== 2 && !/^(?:\d|\/dev\/(?:stdout|stderr|tty))$/.test(target?.text ?? ''),
  );
  return !takes && (!last || pipeline.after !== '&') && pipeline.list.kind !== 'substitution';
}

/** The command at the end of a pipeline, where each between encodes what it is given. */
function encoderAfter(command: ShellCommand): ShellCommand | null {
  const { members } = command.pipeline;
  const later = members.slice(members.findIndex(member => member.command === command) + 1);
  const last = later.at(-1)?.command ?? null;
  return later.every(member => encoders.test(member.command?.name ?? '')) ? last : null;
}

/** Whether a command shows every variable there is. */
function dumps({ name, args }: ShellCommand): boolean {
  if (name === 'export') return args.length === 1 && args[0]!.raw === '-p';
  return (name === 'env' || name === 'printenv') && args.every(({ raw }) => /^(?:-0|--null)$/.test(raw));
}

export const rule = defineRule({
  id: 'gitlab/printed-secret',
  title: 'Secret in a job log',
  severity: 'warning',
  category: 'secrets',
  profile: 'recommended',
  references: { cwe: ['CWE-532'], links: ['https://docs.gitlab.com/ci/variables/#mask-a-cicd-variable'] },
  peers: { glsec: ['GL021', 'GL062'] },
  messages: {
    printed: { text: '{name} appears in the job log unless it is masked' },
    encoded: { text: '{name} appears in the job log in a form that masking does not recognize' },
    dump: { text: 'The job log shows every variable of the job except those that are masked', severity: 'info' },
  },
  on: {
    script({ file, job, script }, report, { workspace }) {
      for (const command of script()?.commands ?? []) {
        const { name, args, pipeline, assignments, outer } = command;
        const isLast = pipeline.members.at(-1)?.command === command;
        if (dumps(command) && assignments.length === 0 && !outer) {
          const later = pipeline.members.slice(pipeline.members.findIndex(member => member.command === command) + 1);
          const end = later.at(-1)?.command ?? command;
          if (
            later.every(member => /^(?:sort|tr|cat)$/.test(member.command?.name ?? '')) &&
            isLogged(command, isLast) &&
            isLogged(end, true)
          )
            report(command.range, 'dump', {}, noFix('manual'));
        }
        if (!/^(?:echo|printf)$/.test(name ?? '')) continue;
        const encoder = isLast ? null : encoderAfter(command);
        if (!isLogged(command, isLast) || !(isLast || (encoder && isLogged(encoder, true)))) continue;
        for (const word of args)
          for (const variable of secretsIn(word, { file, job, workspace }))
            if (encoder || !isPredefined(variable.name))
              report(variable.range, encoder ? 'encoded' : 'printed', { name: variable.name }, noFix('manual'));
      }
    },
  },
});
