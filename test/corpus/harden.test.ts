import { describe, expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { parseDockerfile } from '../../shared/src/families/dockerfile/model/parse';
import { parseStream } from '../../shared/src/syntax/yaml/parse';
import { rules } from '../../shared/src/families/generated/index';
import { createHardening } from '../../tools/accuracy/corpus';
import { newFindings } from '../../tools/accuracy/new-findings';
import { plainContext } from '../../tools/lint-context';
import { corpusFiles, hasCorpus, noCorpus, type CorpusFile } from '../../tools/corpus-folder';

const engine = createEngine(rules);
const context = plainContext();

interface Parsed {
  readonly problems: number;
  readonly comments: readonly string[];
  /** Document kinds or instruction keywords, in order. */
  readonly outline: readonly string[];
}

const parseYaml = (text: string): Parsed => {
  const chunks = parseStream(text, new Map());
  return {
    problems: chunks.reduce((sum, c) => sum + c.document.problems.length, 0),
    comments: chunks.flatMap(c => c.document.comments.map(comment => comment.text)),
    outline: chunks.map(c => c.document.root?.kind ?? 'nothing'),
  };
};

const parseDocker = (text: string): Parsed => {
  const model = parseDockerfile(text);
  return { problems: model.problems.length, comments: model.comments.map(c => c.text), outline: model.instructions.map(i => i.keyword) };
};

function checkFile(file: CorpusFile, parse: (text: string) => Parsed, tally: ReturnType<typeof createHardening>): void {
  const input = { path: file.path, text: file.text };
  const found = engine.open(input).lint(context).findings;
  expect(found.filter(f => f.rule === 'bulkhead/internal-error')).toEqual([]);
  for (const { range } of found) {
    expect(range.start).toBeGreaterThanOrEqual(0);
    expect(range.end).toBeLessThanOrEqual(file.text.length);
    expect(range.start).toBeLessThanOrEqual(range.end);
  }
  const result = engine.open(input).harden(context);
  expect(result.left.filter(l => l.reason === 'not-converged' || l.reason === 'parsers-disagree')).toEqual([]);
  tally.count(found, result);
  if (result.text === file.text) return;
  // at the default profile: the strict one asks for values that only a configuration can give
  expect(newFindings(found, engine.open({ ...input, text: result.text }).lint(context).findings)).toEqual([]);
  const before = parse(file.text);
  const after = parse(result.text);
  expect(after.problems).toBeLessThanOrEqual(before.problems);
  expect([...after.comments].sort()).toEqual([...before.comments].sort());
  expect(engine.open({ ...input, text: result.text }).harden(context).text).toBe(result.text);
}

describe.each([
  ['dockerfile', parseDocker],
  ['kubernetes', parseYaml],
] as const)('harden over the real %s files', (folder, parse) => {
  if (!hasCorpus) {
    test.skip(noCorpus, () => {});
    return;
  }
  const tally = createHardening(rules);
  test('no crash, nothing broken, no comment lost, nothing added that is reported, nothing left for a second run', () => {
    const broken: string[] = [];
    for (const file of corpusFiles(folder)) {
      try {
        checkFile(file, parse, tally);
      } catch (error) {
        broken.push(`${file.path}: ${String(error).split('\n').slice(0, 12).join('\n')}`);
      }
    }
    expect(broken).toEqual([]);
  }, 600_000);

  test('fixes at least nine of ten safe and review findings', () => {
    const share = tally.fixed / tally.fixable;
    console.log(
      `${folder}: ${tally.fixed} of ${tally.fixable} findings with a safe or review fix fixed (${(100 * share).toFixed(1)} %); of ${tally.all} findings of rules with such fixes these were left:`,
    );
    for (const [reason, number] of [...tally.reasons].sort((a, b) => b[1] - a[1])) console.log(`  ${number} ${reason}`);
    expect(share).toBeGreaterThan(0.9);
  });
});

describe.each(['compose', 'helm', 'kustomize', 'kyverno', 'workflows', 'dockerfile', 'kubernetes'])('%s', folder => {
  if (!hasCorpus) {
    test.skip(noCorpus, () => {});
    return;
  }
  test('lints without an internal error', () => {
    for (const { path, text } of corpusFiles(folder)) {
      const whole = engine.open({ path, text }).lint(context);
      expect(
        whole.findings.filter(f => f.rule === 'bulkhead/internal-error'),
        path,
      ).toEqual([]);
    }
  }, 300_000);
});
