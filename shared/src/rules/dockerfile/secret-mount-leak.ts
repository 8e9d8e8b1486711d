import { absolutePath, isRemovedAfter, workdirAt, writtenBy } from '../../model/dockerfile/files';
import type { Mount, RunCommand } from '../../model/dockerfile/types';
import type { ShellCommand, ShellWord } from '../../model/shell/types';
import { range } from '../../text/range';
import { defineRule, left } from '../../rule/define-rule';

/** Where a secret stands while the step runs: as a file, in a variable, or both. */
function placesOf(mount: Mount, workdir: string | null): { readonly path: string | null; readonly env: string | null } {
  const target = mount.get('target');
  const env = mount.get('env') || null;
  const id = mount.get('id') || target?.slice(target.lastIndexOf('/') + 1) || mount.get('source');
  return { env, path: target ? absolutePath(target, workdir) : env !== null || !id ? null : `/run/secrets/${id}` };
}

/** Commands that keep what they are given in a file of their own. */
const keepers = /^(?:npm|pnpm|yarn|pip3?|git|composer|bundle|poetry|conda|aws) (?:\S+ ){0,2}?(?:config|configure|set)\b/;

/** Whether a word holds the secret: its variable, or a substitution that reads its file. */
function carries(word: ShellWord, env: string | null, reads: (word: ShellWord | null) => boolean): boolean {
  return (
    word.variables.some(v => v.name === env) ||
    word.substitutions.some(s => s.commands.some(c => c.args.some(reads) || c.redirections.some(r => reads(r.target))))
  );
}

/** The word by which a command puts a secret into a file that stays. */
function leakOf(view: RunCommand, env: string | null, path: string | null): ShellWord | null {
  const { command } = view;
  const { name, args, pipeline, redirections } = command;
  const workdir = workdirAt(view.instruction);
  const reads = (word: ShellWord | null): boolean => path !== null && word?.text != null && absolutePath(word.text, workdir) === path;
  const fed = redirections.find(r => r.operator === '<' && reads(r.target))?.target;
  const word = fed ?? args.find(arg => reads(arg) || carries(arg, env, reads));
  if (!word) return null;
  if (keepers.test(`${name} ${args.map(arg => arg.raw).join(' ')}`) && !reads(word)) return word;
  if (
    !['cp', 'mv', 'install', 'cat', 'echo', 'printf', 'tee', 'base64', 'envsubst', 'sed'].includes(name ?? '') ||
    (reads(word) && word === args.at(-1) && name === 'cp')
  )
    return null;
  const last: ShellCommand | null | undefined = pipeline.members.at(-1)?.command;
  const files = [...writtenBy(view), ...(last && last !== command ? writtenBy({ ...view, command: last }) : [])];
  const kept = files.filter(file => !/^\/(?:run|proc|dev)\//.test(file.path) && !isRemovedAfter(file.path, view));
  return kept.length > 0 ? word : null;
}

export const rule = defineRule({
  id: 'dockerfile/secret-mount-leak',
  title: 'Mounted secret written into the image',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: { cisDocker: ['4.10'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.001'], cwe: ['CWE-538', 'CWE-522'] },
  messages: {
    written: { text: '{command} writes the mounted secret "{id}" into the layer, where it stays' },
    mode: { text: 'Every user of the build step may read the secret: mode {mode}', severity: 'info', profile: 'strict' },
    optional: { text: 'Without "required" the step runs even if the secret is missing', severity: 'info', profile: 'strict' },
  },
  fixes: { require: { title: 'Fail where the secret is missing', class: 'attended' } },
  on: {
    instruction(instruction, report) {
      const { mounts, keyword, parent } = instruction;
      if (keyword !== 'RUN' || mounts.length === 0) return;
      for (const mount of mounts) {
        if (mount.type !== 'secret') continue;
        const { flag, fields } = mount;
        const { env, path } = placesOf(mount, workdirAt(instruction));
        const id = mount.get('id') || env || path || '';
        for (const view of instruction.commands) {
          const word = leakOf(view, env, path);
          if (word) report(word.range, 'written', { command: view.command.name ?? '', id }, left('attended'));
        }
        const mode = fields.find(f => f.key === 'mode');
        if (mode?.value && /^[0-7]+$/.test(mode.value) && Number.parseInt(mode.value, 8) & 0o4)
          report(mode.range, 'mode', { mode: mode.value }, left('attended'));
        if (!fields.some(f => f.key === 'required') && flag.valueRange) {
          const end = flag.valueRange.end;
          report(
            range(flag.nameRange.start - 2, end),
            'optional',
            {},
            parent
              ? left('attended')
              : report.fix('require', () => [{ type: 'dockerfile.replace', range: range(end, end), text: ',required=true' }]),
          );
        }
      }
    },
  },
});
