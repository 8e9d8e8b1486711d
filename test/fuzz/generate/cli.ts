import { fc } from '../../support/property';
import { commands } from '../../../server/src/cli/commands';
import { anyFile } from './files';
import { ownFixtures } from './fixtures';

/** Something in the folder that the command line runs in: a file, a folder (`null`), or a link. */
export interface CliEntry {
  readonly path: string;
  readonly text?: string | null;
  readonly link?: string;
}

/** One run of the command line. */
export interface CliCase {
  readonly args: readonly string[];
  readonly stdin: string;
  readonly entries: readonly CliEntry[];
}

const names =
  'Dockerfile|a.yaml|deploy/b.yml|chart/values.yaml|kustomization.yaml|.bulkhead.yaml|.dockerignore|.gitignore|x|-|ä ö.yaml|docker-compose.yml'.split(
    '|',
  );

const odd = [
  '',
  '-',
  '--',
  '-h',
  '--help',
  '--version',
  '..',
  '**',
  '[',
  '{a,b}',
  'none',
  '*.yaml',
  '\u001b[31m',
  'a\nb',
  '=',
  '--=',
  '--format=',
  '--x=y',
  '-vv',
  './',
  'a'.repeat(300),
];

const fitting =
  'json|sarif|text|github|markdown|error|never|strict|baseline|1.30|2026-11-24|kubernetes/privileged=off|kubernetes/privileged|Dockerfile|.bulkhead.yaml|a.yaml|0|-1'.split(
    '|',
  );

const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...fitting) }, { weight: 1, arbitrary: fc.constantFrom(...odd) });

type Command = (typeof commands)[number];

/** An option of a command, with a value that fits or not, in both spellings. */
function option({ options }: Command): fc.Arbitrary<readonly string[]> {
  const known = Object.entries(options);
  if (known.length === 0) return fc.constant([]);
  return fc.constantFrom(...known).chain(([name, spec]): fc.Arbitrary<readonly string[]> => {
    if (spec.value === undefined) return fc.constant([`--${name}`]);
    const own = spec.values ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...spec.values) }, { weight: 1, arbitrary: value }) : value;
    return fc.tuple(own, fc.boolean()).map(([text, joined]) => (joined ? [`--${name}=${text}`] : [`--${name}`, text]));
  });
}

/** A command with some of its options, and operands, in any order. */
const args: fc.Arbitrary<readonly string[]> = fc
  .constantFrom(...commands, ...commands.slice(0, 2), ...commands.slice(0, 2))
  .chain(command => {
    const operand = fc
      .oneof({ weight: 4, arbitrary: fc.constantFrom('.', ...names) }, { weight: 1, arbitrary: fc.constantFrom(...odd) })
      .map(text => [text]);
    const rest = fc.array(fc.oneof(option(command), operand), { maxLength: 5 }).map(parts => parts.flat());
    const { name } = command;
    return fc
      .tuple(fc.constantFrom(name, name, name, name, name, name, `${name}x`, null), rest)
      .map(([first, own]) => (first === null ? own : [first, ...own]));
  });

/** Runs of every kind, with files that the engine reads, and some that it cannot. */
export function anyCliCase(): fc.Arbitrary<CliCase> {
  const side = ['', '\0', '\ufeff', 'profile: strict\n', 'exclude: ["**"]\n', 'rules: [', '*\n!a\n', 'x'.repeat(10_000)];
  const text = fc.oneof(
    { weight: 4, arbitrary: anyFile(ownFixtures()).map(file => file.text) },
    { weight: 1, arbitrary: fc.constantFrom(...side) },
  );
  const entry: fc.Arbitrary<CliEntry> = fc.tuple(fc.constantFrom(...names), text, fc.nat(20)).map(([path, own, kind]) => {
    if (kind === 0) return { path, text: null };
    if (kind === 1) return { path, link: 'a.yaml' };
    if (kind === 2) return { path, link: '.' };
    return { path, text: own };
  });
  return fc.record({ args, stdin: text, entries: fc.array(entry, { maxLength: 4 }) });
}
