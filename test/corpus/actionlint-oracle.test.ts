import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { releaseWorkflow } from '../../shared/src/output/protocol/starter';
import { applyEdits } from '../../shared/src/base/text/edits';
import { corpusFiles, hasCorpus, noCorpus } from '../../tools/corpus-folder';
import { plainContext } from '../../tools/lint-context';

// What is written into workflows, held against actionlint: it finds nothing that it did not find before.

const oracle = process.env['BULKHEAD_ACTIONLINT_ORACLE'];
const isReady = hasCorpus && oracle !== undefined;
if (!hasCorpus) console.log(noCorpus);
if (!oracle) console.log('BULKHEAD_ACTIONLINT_ORACLE is not set: what is written is not held against actionlint');

const engine = createEngine(rules);
const strict = plainContext('strict');

interface Change {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What actionlint says of texts: kinds and messages, without the places, which edits move. */
function findings(texts: readonly string[]): readonly (readonly string[])[] {
  const each = [...new Set(texts)];
  const { stdout, stderr, status } = spawnSync(oracle!, { input: JSON.stringify(each), encoding: 'utf8', maxBuffer: 1 << 28 });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const lines = stdout.trim().split('\n');
  const said = new Map(
    lines.map((line, at) => {
      const found = JSON.parse(line) as readonly { readonly kind: string; readonly message: string }[];
      // a message may name a place of the file
      return [each[at]!, found.map(({ kind, message }) => `${kind}: ${message.replace(/\bline:\d+,col:\d+/g, '')}`)] as const;
    }),
  );
  return texts.map(text => said.get(text)!);
}

/** What a newer version of an action says of an input that the workflow has given it all along. */
const ofNewer = /^action: avoid using deprecated input /;

/** What is found of texts now, and was not before. */
function added(changes: readonly Change[]): readonly string[] {
  const before = findings(changes.map(change => change.before));
  const after = findings(changes.map(change => change.after));
  return changes.flatMap(({ name }, at) => {
    const left = [...before[at]!];
    return after[at]!.flatMap(message => {
      const known = left.indexOf(message);
      if (known >= 0) left.splice(known, 1);
      return known >= 0 || ofNewer.test(message) ? [] : [`${name}: ${message}`];
    });
  });
}

const files = isReady ? corpusFiles('workflows').filter(({ path }) => /\.ya?ml$/.test(path)) : [];

describe.skipIf(!isReady)('actionlint finds nothing new', { timeout: 900_000 }, () => {
  it.each([
    ['what harden makes of real workflows', plainContext(), {}],
    ['what harden makes of them with all that a person agrees to, at the strictest profile', strict, { accept: 'all' }],
  ] as const)('in %s', (_, context, options) => {
    const changes = files.map(({ path, text }) => ({
      name: path,
      before: text,
      after: engine.open({ path, text }).harden(context, options).text,
    }));
    expect(changes.filter(({ before, after }) => before !== after).length).toBeGreaterThan(files.length / 2);
    expect(added(changes)).toEqual([]);
  });

  it('in what single fixes make of them', () => {
    const changes = files.flatMap(({ path, text }) => {
      const opened = engine.open({ path, text });
      const { findings: found } = opened.lint(strict);
      const rendered = opened.renderAll(found);
      return found.flatMap(finding =>
        (rendered.get(finding) ?? []).flatMap((fix, at) =>
          fix.ok ? [{ name: `${path}: ${finding.rule} ${finding.fixes[at]!.id}`, before: text, after: applyEdits(text, fix.edits) }] : [],
        ),
      );
    });
    expect(changes.length).toBeGreaterThan(500);
    expect(added(changes)).toEqual([]);
  });
});

describe.skipIf(!oracle)('actionlint finds nothing', () => {
  it.each([
    ['in the working directory', { context: '.', file: null }],
    ['in a folder', { context: 'app', file: 'app/Dockerfile.prod' }],
  ])('in the release workflow of a Dockerfile %s', (_, place) => {
    expect(findings([releaseWorkflow(place)])).toEqual([[]]);
  });
});

it.runIf(!isReady)('needs the corpus and the oracle', () => undefined);
