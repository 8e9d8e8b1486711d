import { refusalAt } from '../fix/refusal';
import { replaceText } from '../../../rule/fix/operations';
import { absolutePath, isRemovedAfter, removedBy, workdirAt, writtenBy, type WrittenFile } from '../model/files';
import type { Mount, RunCommand } from '../model/types';
import type { ShellWord } from '../../../syntax/shell/types';
import { range } from '../../../base/text/range';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Where the secrets of a step stand while it runs: as files, in variables, or both; with their ids. */
interface Places {
  readonly paths: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, string>;
}

function placesOf(mounts: readonly Mount[], workdir: string | null): Places {
  const paths = new Map<string, string>();
  const variables = new Map<string, string>();
  for (const mount of mounts) {
    const target = mount.get('target');
    const env = mount.get('env');
    const id = mount.get('id') || target?.slice(target.lastIndexOf('/') + 1) || mount.get('source') || env || '';
    const path = target ? absolutePath(target, workdir) : env || id === '' ? null : `/run/secrets/${id}`;
    if (env) variables.set(env, id);
    if (path !== null) paths.set(path, id);
  }
  return { paths, variables };
}

/** Commands that keep what they are given in a file of their own. */
const programs = new Set('npm pnpm yarn pip pip3 git composer bundle poetry conda aws'.split(' '));
const keepers = /^\S+ (?:\S+ ){0,2}?(?:config|configure|set)\b/;

/** Commands that put what they read or are given into a file. */
const writers = new Set(['cp', 'mv', 'install', 'cat', 'echo', 'printf', 'tee', 'base64', 'envsubst', 'sed']);

/** The word by which a command puts a secret into a file that stays, and the secret's id. */
function leakOf(view: RunCommand, places: Places, removals: readonly WrittenFile[]): { word: ShellWord; id: string } | null {
  const { command, instruction } = view;
  const { name, args, pipeline, redirections } = command;
  const keeps = writers.has(name ?? '');
  if (!keeps && !programs.has(name ?? '')) return null;
  const workdir = workdirAt(instruction);
  const fileOf = (word: ShellWord | null): string | undefined => {
    const path = word?.text ? absolutePath(word.text, workdir) : null;
    return path === null ? undefined : places.paths.get(path);
  };
  /** The secret that a word holds: by its variable, or by a substitution that reads its file. */
  const heldBy = (word: ShellWord): string | undefined =>
    word.variables.map(v => places.variables.get(v.name)).find(id => id !== undefined) ??
    word.substitutions
      .flatMap(s => s.commands.flatMap(c => [...c.args, ...c.redirections.map(r => r.target)]))
      .map(fileOf)
      .find(id => id !== undefined);
  // What cp and its like are told last is where they write to.
  const read = name === 'cp' || name === 'mv' || name === 'install' ? args.slice(0, -1) : args;
  const words = [...redirections.flatMap(r => (r.operator === '<' && r.target ? [r.target] : [])), ...read];
  for (const word of words) {
    const file = fileOf(word);
    const id = file ?? heldBy(word);
    if (id === undefined) continue;
    if (!keeps) return file === undefined && keepers.test(`${name} ${args.map(arg => arg.raw).join(' ')}`) ? { word, id } : null;
    const last = pipeline.members.at(-1)?.command;
    const files = [...writtenBy(view), ...(last && last !== command ? writtenBy({ ...view, command: last }) : [])];
    const stays = files.some(f => !/^\/(?:run|proc|dev)\//.test(f.path) && !isRemovedAfter(f.path, command.range.start, removals));
    return stays ? { word, id } : null;
  }
  return null;
}

export const rule = defineRule({
  id: 'dockerfile/secret-mount-leak',
  title: 'Mounted secret written into the image',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: { cisDocker: ['4.10'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.001'], cwe: ['CWE-538', 'CWE-522'] },
  messages: {
    written: { text: '{command} writes the mounted secret "{id}" into the layer, where it remains readable' },
    mode: { text: 'The secret has mode {mode}: every user in the build step can read it', severity: 'info', profile: 'strict' },
    optional: { text: 'Without "required", the step runs even if the secret is missing', severity: 'info', profile: 'strict' },
  },
  fixes: { require: { title: 'Fail the step if the secret is missing', class: 'attended' } },
  on: {
    instruction(instruction, report) {
      const { mounts, keyword } = instruction;
      if (keyword !== 'RUN' || mounts.length === 0) return;
      const secrets = mounts.filter(mount => mount.type === 'secret');
      if (secrets.length === 0) return;
      const places = placesOf(secrets, workdirAt(instruction));
      const removals = instruction.commands.flatMap(command => removedBy(command));
      for (const view of instruction.commands) {
        const leak = leakOf(view, places, removals);
        if (leak) report(leak.word.range, 'written', { command: view.command.name ?? '', id: leak.id }, noFix('manual'));
      }
      for (const { flag, fields } of secrets) {
        const mode = fields.find(f => f.key === 'mode');
        if (mode?.value && /^[0-7]+$/.test(mode.value) && Number.parseInt(mode.value, 8) & 0o4)
          report(mode.range, 'mode', { mode: mode.value }, noFix('manual'));
        if (!fields.some(f => f.key === 'required') && flag.valueRange) {
          const end = flag.valueRange.end;
          report(
            range(flag.nameRange.start - 2, end),
            'optional',
            {},
            refusalAt(instruction, 'any') ?? report.fix('require', () => [replaceText(range(end, end), ',required=true')]),
          );
        }
      }
    },
  },
});
