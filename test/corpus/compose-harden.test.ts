import { describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { parseStream } from '../../shared/src/syntax/yaml/parse';
import { corpusFiles, hasCorpus, noCorpus } from '../../tools/corpus-folder';
import { plainContext } from '../../tools/lint-context';

// What harden makes of real Compose files: no comment lost, nothing left for a second run. What the loader says of it: compose-oracle.test.ts.

if (!hasCorpus) console.log(noCorpus);

const engine = createEngine(rules);
const context = plainContext();
const files = hasCorpus ? corpusFiles('compose').filter(({ path }) => /\.ya?ml$/.test(path)) : [];
const hardened = files.map(file => ({ ...file, after: engine.open(file).harden(context).text }));

const commentsOf = (text: string): readonly string[] =>
  parseStream(text, new Map())
    .flatMap(({ document }) => document.comments.map(comment => comment.text))
    .sort();

describe.skipIf(!hasCorpus)('harden over the real Compose files', () => {
  it('crashes nowhere', () => {
    expect(files.length).toBeGreaterThan(100);
    const broken = files.filter(file =>
      engine
        .open(file)
        .lint(context)
        .findings.some(({ rule }) => rule === 'bulkhead/internal-error'),
    );
    expect(broken.map(({ path }) => path)).toEqual([]);
  });

  it('loses no comment, and leaves nothing for a second run', () => {
    for (const { path, text, after } of hardened) {
      expect(commentsOf(after), path).toEqual(commentsOf(text));
      expect(engine.open({ path, text: after }).harden(context).text, path).toBe(after);
    }
  });

  it('offers an edit for most of what is bad', () => {
    let all = 0;
    let edited = 0;
    for (const file of files) {
      const opened = engine.open(file);
      const bad = opened.lint(context).findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
      const rendered = opened.renderAll(bad);
      for (const finding of bad) {
        all++;
        // a digest is asked for when somebody clicks
        if (finding.fixes.some(fix => fix.needsDigest !== undefined) || rendered.get(finding)?.some(({ ok }) => ok)) edited++;
      }
    }
    console.log(`Compose: ${edited} of ${all} warnings and errors have an edit to click`);
    expect(edited / all).toBeGreaterThan(0.85);
  });
});
