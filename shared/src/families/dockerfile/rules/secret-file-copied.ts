import { refusalAt } from '../fix/refusal';
import { removeOneOf } from '../fix/words';
import { credentialPlaces, isSecretFile } from '../../../knowledge/secret-files';
import { firstWith, isShipped } from '../model/chain';
import { absolutePath, contextSources, findWritten, containsPath, workdirAt, writtenFiles } from '../model/files';
import { runCommands } from '../model/scripts';
import type { Instruction, Stage } from '../model/types';
import { removeCommand, removeWords } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { baseName } from '../../../syntax/shell/interpreter';
import type { ShellCommand, ShellWord } from '../../../syntax/shell/types';
import { defineRule, noFix } from '../../../rule/define-rule';
import { memoize } from '../../../base/text/memoize';
import { inOneLine, type Pattern } from '../../../base/text/pattern';

const gpg = inOneLine(/\bgpg\b/, /--(?:import|dearmor)\b/);
const imports: Pattern = { test: text => /\brpm(?:keys)?\s+--import\b|\bapt-key\s+add\b/.test(text) || gpg.test(text) };

/** Whether a key is one of a package repository: it is public, and the stage hands it to a package manager. */
function isImportedKey(name: string, stage: Stage): boolean {
  return /\.(?:key|pem|asc)$/.test(name) && firstWith(stage, imports) !== null;
}

/** Commands that say whose a file is and who may read it: without the file there is nothing to say. */
const aboutFile: ReadonlySet<string | null> = new Set(['chmod', 'chown', 'chgrp']);

/** A command with files among its words. */
interface FileCommand {
  readonly index: number;
  readonly command: ShellCommand;
  /** The words without options. */
  readonly words: readonly ShellWord[];
}

/** Of more commands about files of one name it is not clear which of these they mean. */
const mostCommands = 10;

/** The commands of a stage by the names, without folders, of the files in their words. */
const commandsByFile = memoize((stage: Stage): ReadonlyMap<string, readonly FileCommand[]> => {
  const found = new Map<string, FileCommand[]>();
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== 'RUN') continue;
    for (const { command } of runCommands(instruction)) {
      const words = command.args.filter(({ text }) => text !== null && !text.startsWith('-'));
      for (const name of new Set(words.map(({ text }) => baseName(text!)))) {
        const commands = found.get(name) ?? [];
        if (commands.length <= mostCommands) commands.push({ index: instruction.index, command, words });
        found.set(name, commands);
      }
    }
  }
  return found;
});

/** What later commands of the stage say of a file that is no longer copied, taken away; or the name of one that needs it. */
function laterUses(file: string, { stage, index }: Instruction): readonly DockerfileOperation[] | string {
  const name = baseName(file);
  const commands = (stage && commandsByFile(stage).get(name)) ?? [];
  if (commands.length > mostCommands) return 'a command';
  const later = commands.filter(each => each.index > index);
  const user = later.find(({ command }) => !aboutFile.has(command.name));
  if (user) return user.command.name ?? 'a command';
  return later.flatMap(({ command, words }) => {
    const named = words.filter(({ text }) => baseName(text!) === name);
    // the first word says what becomes of the others
    return named.length === words.length - 1 ? [removeCommand(command.range)] : named.map(({ range }) => removeWords(range));
  });
}

export const rule = defineRule({
  id: 'dockerfile/secret-file-copied',
  title: 'Credential file copied into the image',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  supersedes: ['dockerfile/secret-in-run'],
  references: { cisDocker: ['4.10'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.001'], cwe: ['CWE-538', 'CWE-522'] },
  peers: { trivy: ['DS-0031'], dockle: ['CIS-DI-0010', 'DKL-LI-0003'] },
  messages: {
    image: { text: '"{file}" usually holds credentials, and anyone who pulls the image can read it' },
    build: { text: '"{file}" usually holds credentials, and stays in the build\'s layers and cache', severity: 'warning' },
    named: {
      text: '{name} points to "{file}", which is copied into the image along with its directory',
      severity: 'warning',
    },
    copy: { text: 'The directory of "{file}" is copied here' },
    history: { text: 'The history in ".git" goes into the image, along with everything ever committed', severity: 'warning' },
  },
  fixes: { remove: { title: 'Do not copy {file}', class: 'attended' } },
  on: {
    stage(stage, report) {
      if (!isShipped(stage)) return;
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'ENV' && instruction.keyword !== 'ARG') continue;
        for (const { name, value } of instruction.pairs) {
          const text = value && credentialPlaces.has(name) && instruction.file.expand(value, instruction);
          const path = text ? absolutePath(text, workdirAt(instruction)) : null;
          if (path === null || path.startsWith('/run/') || path.startsWith('/root/')) continue;
          const copy = findWritten(stage, writtenFiles, w => w.instruction.keyword !== 'RUN' && containsPath(w.path, path));
          if (copy)
            report(
              value!.range,
              'named',
              { name, file: text as string },
              report.related(copy.range, 'copy', { file: text as string }),
              noFix('manual'),
            );
        }
      }
    },
    instruction(instruction, report, { buildContext }) {
      const { keyword, words, stage } = instruction;
      if ((keyword !== 'COPY' && keyword !== 'ADD') || !stage) return;
      const shipped = isShipped(stage);
      const sources = contextSources(instruction);
      const meant = words.at(-1)?.variables.some(v => credentialPlaces.has(v.name)) ?? false;
      for (const { name, range } of sources) {
        const file = name.replace(/^\.\//, '');
        const history = shipped && /^(?:.*\/)?\.git\/?$/.test(name);
        if (!(history || meant || (isSecretFile(name) && !isImportedKey(name, stage)))) continue;
        if (!history && buildContext()?.open.includes(file)) continue;
        const rest = laterUses(file, instruction);
        const remove = () => [removeOneOf(instruction, sources, range), ...(typeof rest === 'string' ? [] : rest)];
        const needed = typeof rest === 'string' ? noFix('manual', `${rest} needs it later in the build`) : null;
        const fix = refusalAt(instruction) ?? needed ?? report.fix('remove', remove, { data: { file } });
        report(range, history ? 'history' : shipped ? 'image' : 'build', { file }, fix);
      }
    },
  },
});
