import type { ElsewhereEdit } from '../../../rule/fix/types';
import type { BuildContext } from '../../../workspace/build-context';
import { contextFolder } from '../../../workspace/build-context';
import { contextSources } from '../model/files';
import { cleanPath, ignoredBy, parseIgnoreFile } from '../model/ignore-file';
import type { DockerfileModel, Instruction } from '../model/types';

/** What stays out of every build, with what is taken after all. */
const always: readonly (readonly string[])[] = [['.git'], ['**/.env*', '!**/.env.example'], ['**/*.pem'], ['**/*.key']];

/** What a build makes anew by one of these programs, so that what lies about in the folder of a developer is in its way. */
const rebuilt: readonly (readonly [programs: RegExp, patterns: readonly string[]])[] = [
  [/^(?:npm|yarn|pnpm|bun)$/, ['**/node_modules']],
  [/^(?:pip3?|uv|poetry|pipenv)$/, ['**/__pycache__', '**/*.pyc', '**/.venv']],
  [/^(?:cargo)$/, ['target']],
  [/^(?:mvnw?)$/, ['target']],
  [/^(?:gradlew?)$/, ['build', '.gradle']],
  [/^(?:dotnet)$/, ['**/bin', '**/obj']],
  [/^(?:bundle|bundler)$/, ['vendor/bundle']],
  [/^(?:composer)$/, ['vendor']],
];

/** Names that the instructions take from the context one by one: of a mount, too. */
function namedSources({ instructions }: DockerfileModel): readonly string[] {
  return instructions.flatMap((instruction: Instruction) => [
    ...contextSources(instruction).map(({ name }) => name),
    ...instruction.mounts.flatMap(({ type, get }) => (type === 'bind' && get('from') === undefined ? (get('source') ?? []) : [])),
  ]);
}

/**
 * A `.dockerignore` beside a Dockerfile whose context has none: secrets, history, and what the build makes anew. What the Dockerfile itself names, or a
 * program of it reads (`git`), stays in.
 * @param path of the Dockerfile, relative to the workspace
 */
export function newIgnoreFile(file: DockerfileModel, path: string, { secrets }: BuildContext): ElsewhereEdit {
  const programs = new Set(
    file.instructions.flatMap(({ keyword, commands }) => (keyword === 'RUN' ? commands : [])).map(run => run.command.name),
  );
  const named = namedSources(file).map(name => cleanPath(name.replace(/^\/+/, '')));
  const isWanted = (line: string): boolean => {
    if (line === '.git' && programs.has('git')) return true;
    const patterns = parseIgnoreFile(line);
    return named.some(name => name !== '.' && ignoredBy(patterns, name) !== null);
  };
  const groups = [
    ...secrets.map(name => [name]),
    ...always,
    ...rebuilt.flatMap(([names, patterns]) => ([...programs].some(name => names.test(name ?? '')) ? patterns.map(line => [line]) : [])),
    [path.slice(path.lastIndexOf('/') + 1)],
    ['.dockerignore'],
  ];
  const lines: string[] = [];
  for (const [first, ...more] of groups) {
    if (!lines.includes(first!) && !isWanted(first!)) lines.push(first!, ...more);
  }
  return { path: `${contextFolder(path, null)}.dockerignore`, range: { start: 0, end: 0 }, newText: `${lines.join('\n')}\n`, create: true };
}
