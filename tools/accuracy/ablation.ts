/**
 * What reading programs is worth: how many files harden leaves otherwise when the sources of programs are read than when they are not.
 * `npx tsx tools/accuracy/ablation.ts` prints it for the real corpus, the services that are started for real, and the programs whose writes are known;
 * `--list` with each file. `--save FILE` keeps what harden made of each, to be held against another build.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { createIndexOnDemand } from '../../shared/src/workspace/index-on-demand';
import { keepsFolder, mayHaveFacts } from '../../shared/src/workspace/paths';
import type { WorkspaceIndex } from '../../shared/src/workspace/types';
import { corpusFiles, hasCorpus, noCorpus } from '../corpus-folder';
import { plainContext } from '../lint-context';
import { root } from '../rules/files';

type Files = Readonly<Record<string, string>>;

const engine = createEngine(rules);

/** Sources of programs: what is left out of one of the two runs. */
const isSource = (path: string): boolean => /\.(?:py|[cm]?[jt]sx?|rb|ru|php|pl)$/.test(path);

/** An index of a project, that reads its programs or leaves their sources alone. */
function indexOf(files: Files, readsSources: boolean): WorkspaceIndex {
  const paths = Object.keys(files);
  return createIndexOnDemand({
    files: () => ({ paths: paths.filter(path => mayHaveFacts(path.slice(path.lastIndexOf('/') + 1))), complete: true }),
    text: path => files[path] ?? null,
    program: path => (readsSources || !isSource(path) ? (files[path] ?? null) : null),
    holds: path => paths.some(one => one === path || (one.startsWith(`${path}/`) && !keepsFolder(one.slice(path.length + 1)))),
    facts: (path, text) => engine.open({ path, text }).facts(),
  }).index;
}

/** What harden leaves of each file of a project that it knows. */
function hardened(files: Files, readsSources: boolean): ReadonlyMap<string, string> {
  const workspace = indexOf(files, readsSources);
  const found = new Map<string, string>();
  for (const [path, text] of Object.entries(files))
    if (/\.(?:ya?ml|Dockerfile)$|(?:^|\/)(?:Dockerfile|Containerfile)[^/]*$/.test(path)) {
      const { text: after, left } = engine.open({ path, text }).harden({ ...plainContext(), workspace });
      found.set(path, `${after}\n${JSON.stringify(left.map(({ finding: { rule }, reason, detail }) => [rule, reason, detail]))}`);
    }
  return found;
}

/** The files of a folder, by their paths in it. */
function filesIn(folder: string): Files {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap(name =>
      statSync(join(folder, name)).isFile() ? [[name.replaceAll('\\', '/'), readFileSync(join(folder, name), 'utf8')] as const] : [],
    ),
  );
}

/** The projects in a folder, each in one of its own. */
const projectsIn = (folder: string): readonly (readonly [string, Files])[] =>
  existsSync(folder) ? readdirSync(folder).map(name => [name, filesIn(join(folder, name))] as const) : [];

const { values: options } = parseArgs({ options: { list: { type: 'boolean', default: false }, save: { type: 'string' } } });
const saved: Record<string, string> = {};

function measure(title: string, projects: readonly (readonly [string, Files])[]): void {
  let all = 0;
  const changed: string[] = [];
  for (const [name, files] of projects) {
    const without = hardened(files, false);
    for (const [path, text] of hardened(files, true)) {
      all++;
      saved[`${title}/${name}/${path}`] = text;
      if (without.get(path) !== text) changed.push(`${name}/${path}`);
    }
  }
  console.log(`${title}: ${changed.length} of ${all} files are hardened otherwise when sources are read`);
  if (options.list) for (const path of changed) console.log(`  ${path}`);
}

if (hasCorpus)
  measure(
    'real files',
    ['dockerfile', 'compose', 'kubernetes'].flatMap(folder =>
      corpusFiles(folder).map(({ path, text }) => [folder, { [path.slice(folder.length + 1)]: text }] as const),
    ),
  );
else console.log(noCorpus);
measure('services', projectsIn(join(root, 'test/containers/services')));
measure('programs', projectsIn(join(root, 'test/evidence/programs')));
if (options.save !== undefined) writeFileSync(options.save, JSON.stringify(saved));
