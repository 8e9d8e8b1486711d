import { refusalAt } from '../fix/refusal';
import { removeOneOf } from '../fix/words';
import { credentialPlaces, isSecretFile } from '../../../knowledge/secret-files';
import { firstWith, isShipped } from '../model/chain';
import {
  absolutePath,
  contextSources,
  findWritten,
  containsPath,
  trimFolder,
  workdirAt,
  writtenFiles,
  type WrittenFile,
} from '../model/files';
import { runCommands } from '../model/scripts';
import type { Instruction, Stage } from '../model/types';
import { removeCommand, removeWords } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { baseName } from '../../../syntax/shell/interpreter';
import type { ShellCommand, ShellWord } from '../../../syntax/shell/types';
import { defineRule, noFix, type RuleContext } from '../../../rule/define-rule';
import { buildContexts } from '../../../workspace/build-context';
import { folderOf, joinPath } from '../../../workspace/paths';
import { mayBeOpen } from '../../../knowledge/secrets/open-files';
import type { Range } from '../../../base/text/range';
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
  readonly instruction: Instruction;
  readonly command: ShellCommand;
  /** Whether a command of the instruction goes to another folder. */
  readonly moves: boolean;
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
    const moves = instruction.commands.some(({ command: { name } }) => name === 'cd' || name === 'pushd');
    for (const { command } of runCommands(instruction)) {
      const words = command.args.filter(({ text }) => text !== null && !text.startsWith('-'));
      for (const name of new Set(words.map(({ text }) => baseName(text!)))) {
        const commands = found.get(name) ?? [];
        if (commands.length <= mostCommands) commands.push({ instruction, command, moves, words });
        found.set(name, commands);
      }
    }
  }
  return found;
});

/** Where what a stage copies ends up, by the start of the word that names it. */
const targets = memoize(
  (stage: Stage): ReadonlyMap<number, string> => new Map(writtenFiles(stage).map(({ range, path }) => [range.start, path])),
);

/** The path that a word of a command names; `null` where another folder may be the working one by then. */
function pathIn({ instruction, moves }: FileCommand, { text }: ShellWord): string | null {
  return absolutePath(text!, moves ? null : workdirAt(instruction));
}

/** What later commands of the stage say of a file that is no longer copied, taken away; or the name of one that needs it, or may. */
function laterUses(file: string, range: Range, { stage, index }: Instruction): readonly DockerfileOperation[] | string {
  const name = baseName(file);
  if (!stage) return [];
  const commands = commandsByFile(stage).get(name) ?? [];
  if (commands.length > mostCommands) return 'a command';
  const path = targets(stage).get(range.start) ?? null;
  const later = commands.flatMap(each => {
    const named = each.words.filter(word => baseName(word.text!) === name && [path, null].includes(pathIn(each, word)));
    return each.instruction.index > index && named.length > 0 ? [{ ...each, named }] : [];
  });
  const user = later.find(
    each => !aboutFile.has(each.command.name) || path === null || each.named.some(word => pathIn(each, word) === null),
  );
  if (user) return user.command.name ?? 'a command';
  return later.flatMap(({ command, words, named }) => {
    // the first word says what becomes of the others
    return named.length === words.length - 1 ? [removeCommand(command.range)] : named.map(({ range }) => removeWords(range));
  });
}

/** Whether the folder of a file is known to be none of those that a copied one has in it: the file is put there in another way. */
function isElsewhere(path: string, copy: WrittenFile, { path: dockerfile, workspace }: Pick<RuleContext, 'path' | 'workspace'>): boolean {
  const sources = contextSources(copy.instruction);
  const source = sources.find(({ range }) => range.start === copy.range.start)?.name ?? '*';
  const folder = folderOf(path.slice(trimFolder(copy.path).length + 1));
  if (folder === '' || /[*?[]/.test(source)) return false;
  const names = sources.map(({ name }) => name);
  const places = buildContexts(dockerfile, names, workspace).map(context => joinPath(context, `${source}/${folder}`));
  return places.length > 0 && places.every(place => place !== null && workspace.isAbsent(place));
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
    image: { text: '"{file}" usually contains credentials, and anyone who pulls the image can read it' },
    build: { text: '"{file}" usually contains credentials, and stays in the build\'s layers and cache', severity: 'warning' },
    'image-holds': { text: '"{file}" contains credentials, and anyone who pulls the image can read it' },
    'build-holds': { text: '"{file}" contains credentials, and stays in the build\'s layers and cache', severity: 'warning' },
    named: {
      text: '{name} points to "{file}", which is copied into the image along with its directory',
      severity: 'warning',
    },
    copy: { text: 'The directory of "{file}" is copied here' },
    history: { text: 'The history in ".git" goes into the image, along with everything ever committed', severity: 'warning' },
  },
  fixes: { remove: { title: 'Leave {file} out of the image', class: 'attended' } },
  on: {
    stage(stage, report, context) {
      if (!isShipped(stage)) return;
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'ENV' && instruction.keyword !== 'ARG') continue;
        for (const { name, value } of instruction.pairs) {
          const text = value && credentialPlaces.has(name) && instruction.file.expand(value, instruction);
          const path = text ? absolutePath(text, workdirAt(instruction)) : null;
          if (path === null || path.startsWith('/run/') || path.startsWith('/root/')) continue;
          const copy = findWritten(
            stage,
            writtenFiles,
            w => w.instruction.keyword !== 'RUN' && containsPath(w.path, path) && !isElsewhere(path, w, context),
          );
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
        // what others find in it decides of a file that is there for other settings
        const context = mayBeOpen.has(file) ? buildContext() : null;
        const held = context?.secrets.includes(file) ?? false;
        if (!(history || meant || held || (isSecretFile(name) && !isImportedKey(name, stage)))) continue;
        if (!history && context?.open.includes(file)) continue;
        const rest = laterUses(file, range, instruction);
        const remove = () => [removeOneOf(instruction, sources, range), ...(typeof rest === 'string' ? [] : rest)];
        const needed = typeof rest === 'string' ? noFix('manual', `${rest} needs the file later in the build`) : null;
        const fix = refusalAt(instruction) ?? needed ?? report.fix('remove', remove, { data: { file } });
        report(range, history ? 'history' : `${shipped ? 'image' : 'build'}${held ? '-holds' : ''}`, { file }, fix);
      }
    },
  },
});
