import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { LineCounter, parseAllDocuments } from 'yaml';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { InputFile, LintContext } from '../../shared/src/engine/types';
import { rules } from '../../shared/src/families/generated/index';
import { sourceOf } from '../../shared/src/families/registry';
import { plainContext } from '../lint-context';
import { interpreterOf } from '../../shared/src/syntax/shell/interpreter';
import { mappedSlice } from '../../shared/src/syntax/shell/mapped-text';
import { parseScript } from '../../shared/src/syntax/shell/script';
import { families } from '../rules/families';
import { root } from '../rules/files';
import { corpusFiles, hasCorpus } from '../corpus-folder';
import { startMcp } from '../mcp-client';
import { measureCold } from './cold';
import { measureFirstEdits } from './first-edits';
import { composeFile, deployment, longDockerfile, manyDocuments, oneLargeDocument, riskyDeployment, workflowFile } from './large-files';
import { measurePeers } from './peers/main';
import { measurePolicies } from './policies';
import { measureLatency } from './server-latency';
import { best, bestOnceWarm } from './timing';
import { measureIndex } from './workspace-index';

/**
 * `npm run bench`: what lint costs over the bare parse, cold start, and the server's latency, as design section 9 defines them. `npm run bench -- Compose`
 * measures only inputs with that in their name; `--cold` whole runs beside those of another commit, `--first-edits` a fresh server, `--policies` what
 * policies cost.
 */
const [only] = process.argv.slice(2);
const context: LintContext = { ...plainContext(), sizeLimit: Infinity };

function parseDockerfile(text: string): void {
  for (const instruction of DockerfileParser.parse(text).getInstructions()) instruction.getArguments();
}

function parseYaml(text: string): void {
  parseAllDocuments(text, { keepSourceTokens: true, prettyErrors: false, uniqueKeys: false, lineCounter: new LineCounter() });
}

function examples(family: string): InputFile[] {
  return readdirSync(`${root}examples`, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => ({ path: name, text: readFileSync(`${parentPath}/${name}`, 'utf8') }))
    .filter(({ path, text }) => sourceOf(path, text).family === family);
}

/** What a script costs before anybody looks for commands in it. */
const parseShell = (text: string): void => void parseScript(mappedSlice(text, 0), interpreterOf(['sh']));

const parsers = { dockerfile: parseDockerfile, yaml: parseYaml, script: parseShell };
const sets: readonly { name: string; files: readonly InputFile[]; parse: (text: string) => void }[] = [
  // the folders of the corpus are called as families are
  ...[...families.values()].flatMap(({ id, label, language }) => {
    const real = hasCorpus ? corpusFiles(id) : [];
    const files = real.length > 0 ? real : examples(id);
    return files.length === 0 ? [] : [{ name: `${label} (${real.length > 0 ? 'corpus' : 'examples'})`, files, parse: parsers[language] }];
  }),
  { name: 'manifest of 360 documents', files: [{ path: 'many.yaml', text: manyDocuments() }], parse: parseYaml },
  { name: 'one document of 13,000 lines', files: [{ path: 'large.yaml', text: oneLargeDocument() }], parse: parseYaml },
  { name: 'Dockerfile of 5,000 lines', files: [{ path: 'Dockerfile', text: longDockerfile() }], parse: parseDockerfile },
];

async function main(): Promise<void> {
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}\n`);
  console.log('| input | kB | bare parse, ms | lint, ms | ratio | MB/s |\n|---|---:|---:|---:|---:|---:|');
  for (const { name, files, parse } of sets.filter(set => set.name.includes(only ?? ''))) {
    const bytes = files.reduce((sum, f) => sum + f.text.length, 0);
    const bare = bestOnceWarm(() => files.forEach(f => parse(f.text)));
    // A fresh engine each time: nothing comes from a cache.
    const lint = bestOnceWarm(() => {
      const engine = createEngine(rules);
      files.forEach(f => engine.open(f).lint(context));
    });
    console.log(
      `| ${name} | ${(bytes / 1000).toFixed(0)} | ${bare.toFixed(1)} | ${lint.toFixed(1)} | ${(lint / bare).toFixed(2)} | ${(bytes / 1000 / lint).toFixed(1)} |`,
    );
  }

  if (only === undefined) await measureStart();
  const inputs = [
    ['50-line Dockerfile', 'Dockerfile', 'dockerfile', longDockerfile(9)],
    ['300-line manifest', 'manifest.yaml', 'yaml', Array.from({ length: 11 }, (_, i) => deployment(`web-${i}`)).join('---\n')],
    ['300-line Dockerfile', 'Dockerfile', 'dockerfile', longDockerfile(50)],
    ['300-line Compose file', 'compose.yaml', 'yaml', composeFile(20)],
    ['600-line workflow', '.github/workflows/ci.yml', 'yaml', workflowFile(20)],
    ['10,000-line manifest', 'many.yaml', 'yaml', manyDocuments()],
    ['12,600 lines, 5,400 findings', 'risky.yaml', 'yaml', manyDocuments(360, riskyDeployment)],
  ] as const;
  console.log(
    '\n| edit to findings, ms | p50 | first 40 | first 40 after an idle turn | p95 | p95 from the 51st |\n|---|---:|---:|---:|---:|---:|',
  );
  for (const [name, file, language, text] of inputs.filter(([title]) => title.includes(only ?? ''))) {
    const edits = text.length > 100_000 ? 120 : 400;
    const { p50, p95, firstP50, warmP95 } = await measureLatency(file, language, text, false, edits);
    const { firstP50: idleP50 } = await measureLatency(file, language, text, true, 40);
    console.log(`| ${name} | ${[p50, firstP50, idleP50, p95, warmP95].map(ms => ms.toFixed(1)).join(' | ')} |`);
  }
  if (only === undefined) await measureFolder();
}

async function measureStart(): Promise<void> {
  const small = `${root}examples/node-service/insecure/Dockerfile`;
  const run = (...args: string[]): number => best(9, () => execFileSync(process.execPath, args, { stdio: 'ignore' }));
  const bareNode = run('-e', '0');
  const cold = run(`${root}dist/cli.js`, 'lint', '--fail-on', 'never', small);
  console.log(
    `\ncold command line on one file: ${cold.toFixed(0)} ms; bare node: ${bareNode.toFixed(0)} ms; difference ${(cold - bareNode).toFixed(0)} ms`,
  );
  let first = Infinity;
  for (let round = 0; round < 9; round++) first = Math.min(first, await firstAnswer(small));
  console.log(`first answer of bulkhead mcp to a call about that file: ${first.toFixed(0)} ms`);
}

/** Milliseconds from a call to its answer by a server that has been asked nothing else. */
async function firstAnswer(path: string): Promise<number> {
  const server = startMcp(`${root}dist/cli.js`, [], dirname(path));
  await server.ask('initialize', { protocolVersion: '2025-11-25' });
  const asked = performance.now();
  await server.call('lint_container_config', { paths: [basename(path)] });
  const took = performance.now() - asked;
  await server.end();
  return took;
}

async function measureFolder(): Promise<void> {
  const index = await measureIndex();
  console.log(
    `\na folder of 2,000 manifests is indexed in ${index.folder.toFixed(0)} ms, an edit meanwhile waits ${index.p95.toFixed(1)} ms (p95), ${index.worst.toFixed(1)} ms at worst; ` +
      `an edit brings the index up to date in ${index.update.toFixed(1)} ms, at the top of 360 documents in ${index.updateLarge.toFixed(1)} ms`,
  );
}

if (only === '--peers') void measurePeers();
else if (only === '--cold') measureCold(process.argv[3]);
else if (only === '--first-edits') void measureFirstEdits();
else if (only === '--policies') void measurePolicies(...process.argv.slice(3).map(Number));
else void main();
