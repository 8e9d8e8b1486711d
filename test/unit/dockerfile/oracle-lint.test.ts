import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import { rules } from '../../../shared/src/families/generated/index';
import { createLineTable } from '../../../shared/src/base/text/line-table';
import { corpusFiles, hasCorpus, corpusFolder } from '../../../tools/corpus-folder';
import { plainContext } from '../../../tools/lint-context';

/** The binary that test/oracle/buildkit/lint builds; see the README there. */
const oracle = process.env['BULKHEAD_BUILDKIT_LINT'] ?? '';
const ready = oracle !== '' && existsSync(oracle) && hasCorpus;
if (!ready)
  console.log('skipped: the comparison with the checks of BuildKit needs BULKHEAD_BUILDKIT_LINT (test/oracle/buildkit) and ../shared');

/** BuildKit's checks, the messages of ours that say the same, and how far we go along with them. */
const same: Readonly<Record<string, readonly string[]>> = {
  UndefinedArgInFrom: ['undefined-arg-in-from/undeclared', 'undefined-arg-in-from/typo', 'undefined-arg-in-from/defaulted'],
  FromPlatformFlagConstDisallowed: ['constant-platform/constant'],
  RedundantTargetPlatform: ['constant-platform/redundant'],
  DuplicateStageName: ['duplicate-stage-name/duplicate'],
  ReservedStageName: ['duplicate-stage-name/reserved'],
  StageNameCasing: ['stage-name-casing/stage'],
  ConsistentInstructionCasing: ['stage-name-casing/instruction'],
  MaintainerDeprecated: ['deprecated-maintainer/deprecated'],
  ExposeInvalidFormat: ['invalid-expose/mapping'],
  LegacyKeyValueFormat: ['legacy-key-value/legacy'],
  MultipleInstructionsDisallowed: ['repeated-instruction/overridden'],
};
/** What BuildKit says more of: it knows the environment of base images, and takes a name without variables for one with defaults. */
const part: Readonly<Record<string, readonly string[]>> = {
  InvalidDefaultArgInFrom: [
    'invalid-default-arg-in-from/empty',
    'invalid-default-arg-in-from/incomplete',
    'invalid-default-arg-in-from/invalid',
  ],
  UndefinedVar: ['undefined', 'typo', 'later', 'global'].map(id => `undefined-variable/${id}`),
  FromAsCasing: ['stage-name-casing/as'],
  ExposeProtoCasing: ['invalid-expose/protocol'],
  WorkdirRelativePath: ['relative-workdir/workdir'],
};

interface Answer {
  readonly error: string;
  readonly warnings: readonly { readonly rule: string; readonly line: number }[];
}

/** The real files, and the rows of the peers' tests with a FROM where they have none. */
function corpus(): readonly string[] {
  const rows = readdirSync(join(corpusFolder, 'corpus/dockerfile'))
    .filter(name => name.endsWith('.jsonl'))
    .flatMap(name => readFileSync(join(corpusFolder, 'corpus/dockerfile', name), 'utf8').split('\n'))
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as { text: string; fragment?: boolean });
  return [...new Set([...corpusFiles('dockerfile').map(f => f.text), ...rows.map(r => (r.fragment ? `FROM alpine\n${r.text}` : r.text))])];
}

function ask(texts: readonly string[]): readonly Answer[] {
  const folder = mkdtempSync(join(tmpdir(), 'buildkit-lint-'));
  const files = texts.map((text, i) => {
    writeFileSync(join(folder, `${i}`), text);
    return join(folder, `${i}`);
  });
  const run = spawnSync(oracle, { input: `${files.join('\n')}\n`, encoding: 'utf8', maxBuffer: 1 << 30 });
  return run.stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Answer);
}

describe.skipIf(!ready)('the checks of BuildKit', () => {
  it('say what ours say, on the same instructions', () => {
    const engine = createEngine(rules.filter(rule => rule.family === 'dockerfile'));
    const context = plainContext('strict');
    const texts = corpus();
    const differences: string[] = [];
    ask(texts).forEach(({ error, warnings }, i) => {
      const text = texts[i]!;
      // Where BuildKit stops, it has not looked at all of the file; directives are compared elsewhere.
      if (error !== '' || /#\s*(?:check=|bulkhead|hadolint|tally)/.test(text)) return;
      const table = createLineTable(text);
      const { instructions } = parseDockerfile(text);
      const lineOf = (offset: number): number => {
        const instruction = instructions.find(({ range }) => range.start <= offset && offset <= range.end);
        return table.position(instruction?.range.start ?? offset).line + 1;
      };
      const ours = engine
        .open({ path: 'Dockerfile', text })
        .lint(context)
        .findings.map(f => ({
          id: `${f.rule.slice('dockerfile/'.length)}/${f.messageId}`,
          line: lineOf(f.range.start),
        }));
      for (const [rule, ids] of Object.entries({ ...same, ...part })) {
        const theirLines = new Set(warnings.filter(w => w.rule === rule).map(w => w.line));
        const ourLines = new Set(ours.filter(({ id }) => ids.includes(id)).map(({ line }) => line));
        for (const line of ourLines) if (!theirLines.has(line)) differences.push(`only ours: ${rule}, line ${line} of ${text}`);
        for (const line of theirLines)
          if (rule in same && !ourLines.has(line)) differences.push(`only BuildKit's: ${rule}, line ${line} of ${text}`);
      }
    });
    expect(differences).toEqual([]);
  }, 300_000);
});
