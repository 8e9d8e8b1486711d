import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { nothingRun } from './test/support/nothing-run.mjs';

/** Unit tests that take seconds, together most of the time of all: files of the corpus, changes tried one by one, texts by the megabyte. */
const slow = [
  'agents/injection',
  'charts/charts',
  'compose/beside',
  'convert/{huge,podman-compose,secrets,whole-services}',
  'dockerfile/corpus',
  'engine/{groups,harden-trials,incomplete,incremental,render-all}',
  'fix-dockerfile/{all-accepted,legacy-values,property}',
  'fix-kubernetes/{evidence,linked-image}',
  'fix-yaml/{cases,corpus,values}',
  'host/{gitignore,output-file,reader}',
  'kubernetes/corpus',
  'l10n/{leaks,translations}',
  'policy/keys',
  'posture/posture',
  'program/program-settings',
  'registry/pure',
  'report/{gate,secrets}',
  'rule/rule-names',
  'run/variables',
  'source/{detect,head,odd-spellings}',
  'tools/first-rule',
  'workspace/{index-on-demand,kustomized}',
  'writers/network-policy',
  'yaml/{hostile,libyaml,reparse,split}',
].map(name => `test/unit/${name}.test.ts`);

/** Unit tests that read the corpus beside the checkout. Found by what they import: nobody has to list them. */
function readCorpus() {
  try {
    const files = readdirSync('test/unit', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.test.ts'));
    return files.map(file => `test/unit/${file}`).filter(file => readFileSync(file, 'utf8').includes('/corpus-folder'));
  } catch {
    return [];
  }
}
const corpus = readCorpus();

/** Looks at which modules are loaded: it needs a process of its own. */
const alone = 'test/unit/fix-dockerfile/second-opinion.test.ts';

const unit = 'test/unit/**/*.test.ts';
const suite = (name, include, exclude = [], more = {}) => ({ extends: true, test: { name, include, exclude, ...more } });

/** Everything that runs in plain Node. Suites that need an editor have runners of their own: test/vscode/run.ts and test/ui/vitest.config.ts. */
export default defineConfig({
  test: {
    projects: [
      // what loads the engine once for all files saves half of the time; the others start processes, or measure
      suite('quick', [unit], [...slow, ...corpus, alone], { isolate: false }),
      suite('unit', [alone, 'test/rules/*.test.ts', ...corpus], slow),
      suite('slow', slow),
      suite('whole', ['test/{lsp,cli,corpus,fuzz,syntaxes,package,registry}/**/*.test.ts']),
    ],
    reporters: ['default', nothingRun()],
    globalSetup: 'test/support/global-setup.ts',
    // for what never ends: a busy machine takes its time
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // Two cores are the usual CI machine; more workers only lengthen the latencies that the server tests measure.
    maxWorkers: 2,
  },
});
