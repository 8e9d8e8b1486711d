import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../shared/src/config/effective';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { LintContext } from '../../shared/src/engine/types';
import { readObjects } from '../../shared/src/model/kubernetes/read';
import { parseStream } from '../../shared/src/model/yaml/parse';
import { rules } from '../../shared/src/rules/generated/index';
import { detectSource } from '../../shared/src/source/detect';
import { emptyWorkspace } from '../../shared/src/workspace/workspace-index';
import { corpusFiles, hasShared, noShared, type CorpusFile } from '../../tools/shared-folder';

/** The program of test/oracle/kubernetes. */
const oracle = process.env['BULKHEAD_KUBERNETES_ORACLE'] ?? '';
const absent = 'skipped: BULKHEAD_KUBERNETES_ORACLE does not name the decoder (test/oracle/kubernetes/README.md)';

interface Verdict {
  readonly kind: string;
  readonly error: string;
}

/** What the decoder says about documents; `kind` is empty for those that no scheme knows. */
function decode(documents: readonly string[]): readonly Verdict[] {
  return JSON.parse(execFileSync(oracle, { input: JSON.stringify(documents), maxBuffer: 1 << 28, encoding: 'utf8' })) as Verdict[];
}

interface Document {
  readonly path: string;
  readonly text: string;
  /** The images that its pods run. */
  readonly images: readonly string[];
}

/** The documents of a plain manifest. */
function documentsOf({ path, text }: CorpusFile): readonly Document[] {
  const { family, dialect } = detectSource(path, text);
  if (family !== 'kubernetes' || dialect.templated || dialect.holds) return [];
  return parseStream(text, new Map()).map(({ document }) => ({
    path,
    text: document.text,
    images: readObjects(document, dialect).flatMap(object =>
      object.pods.flatMap(pod => pod.containers.flatMap(container => container.image?.text ?? [])),
    ),
  }));
}

describe('the strict decoder of client-go', () => {
  if (!hasShared || !existsSync(oracle)) {
    test.skip(hasShared ? absent : noShared, () => undefined);
    return;
  }
  test('takes every hardened document that it took before', () => {
    const engine = createEngine(rules);
    const context: LintContext = {
      config: { ...defaultConfig, profile: 'strict' },
      today: '2026-11-24',
      workspace: emptyWorkspace,
      digest: () => null,
    };
    const pairs = corpusFiles('kubernetes').flatMap(file => {
      const before = documentsOf(file);
      if (before.length === 0) return [];
      const { text } = engine.harden(file, context);
      const after = text === file.text ? before : documentsOf({ ...file, text });
      return before.flatMap((document, at) =>
        after[at] && after[at].text !== document.text ? [{ before: document, after: after[at] }] : [],
      );
    });
    const verdicts = decode(pairs.flatMap(({ before, after }) => [before.text, after.text]));
    const known = pairs
      .map((pair, at) => ({ ...pair, was: verdicts[2 * at]!, is: verdicts[2 * at + 1]! }))
      .filter(({ was }) => was.kind !== '');
    const refused = known.filter(({ was, is }) => was.error === '' && is.error !== '');
    const images = new Set(known.filter(({ was }) => was.error === '').flatMap(({ after }) => after.images));
    const mended = known.filter(({ was, is }) => was.error !== '' && is.error === '').length;
    console.log(
      `strict decoding: ${known.length} hardened objects with ${images.size} images, ${refused.length} refused that were taken before, ${mended} taken that were refused before`,
    );
    expect(refused.map(({ after, is }) => `${after.path}: ${is.error}\n${after.text}`)).toEqual([]);
    expect(images.size).toBeGreaterThanOrEqual(40);
  }, 600_000);
});
