import { defineRule } from '../../../rule/define-rule';
import type { ShellCommand, ShellWord } from '../../../syntax/shell/types';
import { outsiders } from '../model/events';
import { environmentsOf } from '../model/environments';
import { expressionsIn } from '../model/expression/find';
import { isOneLine } from '../model/expression/walk';
import { valueOf } from '../model/values';
import { originOf, originOfEnv } from '../model/sources';
import { artifactDownloads } from '../model/artifacts';
import type { StepView } from '../model/types';
import { headCheckouts, privilegesOf } from '../model/untrusted';

const files = /\bGITHUB_(ENV|PATH)\b/;
/** Commands that print what is in a file. */
const readers = new Set(['cat', 'head', 'tail', 'jq', 'yq', 'sed', 'awk', 'grep', 'cut', 'tr', 'sort', 'tee', 'unzip']);
/** Commands that leave nothing of a text with which a line could be added: counts, sums, encodings, and what deletes or quotes characters. */
const taming = new Set('wc cksum md5sum sha1sum sha256sum sha512sum base64 tr xxd od head printf jq test expr date git gh'.split(' '));

/** The file of the runner that a command writes to: `GITHUB_ENV` or `GITHUB_PATH`. */
function targetOf({ name, args, redirections }: ShellCommand): string | null {
  const written = redirections.filter(({ operator }) => operator === '>>' || operator === '>').map(({ target }) => target?.raw ?? '');
  if (name === 'tee') written.push(...args.map(({ raw }) => raw));
  const found = written.map(raw => files.exec(raw)?.[1]).find(kind => kind !== undefined);
  return found === undefined ? null : `GITHUB_${found}`;
}

/** Whether files of somebody else lie in the working directory when a step runs. */
function hasForeignFiles({ job, index }: StepView): boolean {
  return job !== null && [...headCheckouts(job).map(({ step }) => step), ...artifactDownloads(job)].some(step => step.index <= index);
}

/** A step, and what its script gives its variables. */
interface Scene {
  readonly step: StepView;
  readonly withFiles: boolean;
  readonly given: ReadonlyMap<string, readonly ShellWord[]>;
  /** What is foreign of a variable, once it was looked at. */
  readonly variables: Map<string, string | null>;
}

/** What scripts give their variables, by name. */
function valuesGiven(commands: readonly ShellCommand[]): ReadonlyMap<string, readonly ShellWord[]> {
  const given = new Map<string, ShellWord[]>();
  for (const { name, value } of commands.flatMap(({ assignments }) => assignments)) {
    const values = given.get(name);
    if (!value) continue;
    if (values) values.push(value);
    else given.set(name, [value]);
  }
  return given;
}

/** What of a variable an outsider writes. */
function foreignInVariable(name: string, scene: Scene): string | null {
  const { step, given, variables } = scene;
  const before = variables.get(name);
  if (before !== undefined) return before;
  // a variable that is made of itself is looked at once
  variables.set(name, null);
  const origin = originOfEnv(name, { file: step.file, job: step.job, step });
  const isForeign = origin.kind === 'written' && outsiders.has(origin.by);
  const found = isForeign ? `$${name}` : firstForeign(given.get(name) ?? [], scene);
  variables.set(name, found);
  return found;
}

/** What the first word with something foreign in it has of that. */
function firstForeign(words: readonly ShellWord[], scene: Scene, depth = 0): string | null {
  for (const word of words) {
    const found = foreignIn(word, scene, depth);
    if (found !== null) return found;
  }
  return null;
}

/** What of a word an outsider writes, as messages name it; `null`: nothing is known. */
function foreignIn(word: ShellWord, scene: Scene, depth = 0): string | null {
  const { step, withFiles } = scene;
  for (const { name } of word.variables) {
    const found = foreignInVariable(name, scene);
    if (found !== null) return found;
  }
  for (const placed of step.run ? expressionsIn(step.file.document, step.run.node) : []) {
    if (placed.range.start < word.range.start || placed.range.end > word.range.end || !placed.expression) continue;
    const origin = originOf(placed.expression, { file: step.file, job: step.job, step });
    if (origin.kind === 'written' && outsiders.has(origin.by)) return placed.text;
  }
  for (const { commands } of word.substitutions) {
    if (depth > 2 || commands.some(({ name }) => name !== null && taming.has(name))) continue;
    const printed = firstForeign(
      commands.flatMap(({ args }) => args),
      scene,
      depth + 1,
    );
    if (printed !== null) return printed;
  }
  const reader = withFiles ? word.substitutions.flatMap(({ commands }) => commands).find(readsFile) : undefined;
  return reader ? fileOf(reader) : null;
}

/** Programs of which the first word is what they do, unless an option says that, and options that take a word. */
const scripted = /^(?:jq|yq|sed|awk|grep)$/;
const valued: Readonly<Record<string, RegExp>> = {
  cut: /^-[bcdf]$/,
  head: /^-[cn]$/,
  tail: /^-[cn]$/,
  sort: /^-[kotS]$/,
  grep: /^-[ABCefm]$/,
  sed: /^-[ef]$/,
  awk: /^-[Ffv]$/,
};

/** The files of the working directory that a command prints. */
function filesOf({ name, args }: ShellCommand): readonly string[] {
  if (name === null || !readers.has(name) || name === 'tr') return [];
  const plain = args.filter(({ raw }, i) => !raw.startsWith('-') && !valued[name]?.test(args[i - 1]?.raw ?? ''));
  const isSaid = args.some(({ raw }) => /^-[ef]$/.test(raw));
  return plain.slice(scripted.test(name) && !isSaid ? 1 : 0).flatMap(({ raw }) => (raw.startsWith('/') ? [] : [raw]));
}

const readsFile = (command: ShellCommand): boolean => filesOf(command).length > 0;
const fileOf = (command: ShellCommand): string => filesOf(command).at(-1) ?? '';

/** Variables that programs take code, files or options from. */
const steering =
  /^(?:PATH|ENV|BASH_ENV|LD_|DYLD_|NODE_|NPM_|PYTHON|PERL|RUBY|JAVA_|_JAVA|GIT_|SSH_|EDITOR|PAGER|.*(?:OPTIONS|OPTS|FLAGS|ARGS)$)/i;

/** Whether all that is written is the value of a variable that the script names, in one line: `NAME=$BRANCH`. Nothing else can be set by that. */
function setsOne({ raw, range, variables: [variable, other], substitutions }: ShellWord, { step }: Scene): boolean {
  const name = /^["']?(\w{1,100})=["']?\$/.exec(raw)?.[1];
  if (name === undefined || steering.test(name) || !variable || other || substitutions.length > 0) return false;
  if (range.end - variable.range.end > 1) return false;
  const node = environmentsOf(step)
    .map(values => valueOf(values, variable.name))
    .find(value => value)?.node;
  const [only, more] = node ? expressionsIn(step.file.document, node) : [];
  return only?.expression?.kind === 'reference' && !more && isOneLine(only.expression);
}

export const rule = defineRule({
  id: 'workflow/environment-injection',
  title: 'Untrusted data written to GITHUB_ENV or GITHUB_PATH',
  severity: 'error',
  category: 'isolation',
  profile: 'recommended',
  references: {
    cwe: ['CWE-15'],
    links: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-environment-variable'],
  },
  peers: { zizmor: ['github-env'] },
  messages: {
    written: { text: 'The environment of later steps is controlled by anyone who controls {what}, which is written to {target}' },
  },
  on: {
    step(step, report) {
      const { run, file } = step;
      if (!run || file.target !== 'workflow' || privilegesOf(file).length === 0 || !files.test(run.text)) return;
      const script = run.script();
      const withFiles = hasForeignFiles(step);
      const scene: Scene = { step, withFiles, given: valuesGiven(script?.commands ?? []), variables: new Map() };
      for (const pipeline of script?.pipelines ?? []) {
        const commands = pipeline.members.flatMap(({ command }) => command ?? []);
        const target = commands.map(targetOf).find(kind => kind !== null);
        if (target === undefined || target === null) continue;
        for (const command of commands) {
          const word = command.args.find(arg => foreignIn(arg, scene) !== null);
          const what = word ? foreignIn(word, scene) : withFiles && readsFile(command) ? fileOf(command) : null;
          if (what === null || (word && target === 'GITHUB_ENV' && setsOne(word, scene))) continue;
          report(word?.range ?? command.range, 'written', { what, target });
          break;
        }
      }
    },
  },
});
