import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Profile } from '../../shared/src/base/terms/types';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { LintContext } from '../../shared/src/engine/types';
import { rules } from '../../shared/src/families/generated/index';
import { corpusFolder } from '../../tools/corpus-folder';
import { plainContext } from '../../tools/lint-context';

// What fixes of Compose files come to, byte for byte: cases that the loader of Docker Compose has taken.

interface Row {
  readonly id: string;
  /** `*`: harden as a whole. */
  readonly rule: string;
  readonly before: string;
  readonly after: string;
}

const path = join(corpusFolder, 'corpus/compose/fixes.jsonl');
const isThere = existsSync(path);
if (!isThere) console.log('the fixes of Compose files are not here: skipped');
const rows: readonly Row[] = isThere
  ? readFileSync(path, 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as Row)
  : [];

const engine = createEngine(rules);

/** How many processes are enough for an image that nothing is known of is the configuration's to say, which counts for databases too then. */
function contextOf(profile?: Profile): LintContext {
  const plain = plainContext(profile);
  return { ...plain, config: { ...plain.config, defaults: { ...plain.config.defaults, pidsLimit: 256 } } };
}

describe.skipIf(!isThere)('fixes of Compose files', () => {
  const strict = new Set(['compose/writable-host-mount']);
  // runc 1.3 gives a tmpfs the mode of the folder beneath it, and the cases are older than the mode that says otherwise
  const openTmp = new Set(['fixes/harden-shop', 'fixes/read-only-scalar-tmpfs']);

  it.each(rows)('$id', ({ id, rule, before, after }) => {
    const file = engine.open({ path: 'compose.yaml', text: before });
    const result =
      rule === '*'
        ? // of an image that nothing here builds, a person says that it needs no more
          file.harden(contextOf(), { accept: new Set(['compose/capabilities-not-dropped', 'compose/writable-root-filesystem']) })
        : file.applyFixes(
            contextOf(strict.has(rule) ? 'strict' : 'recommended'),
            (finding, fix) => finding.rule === rule && fix === finding.fixes[0],
          );
    const expected = after.replace('pids_limit: 1024', 'pids_limit: 256');
    expect(result.text).toBe(openTmp.has(id) ? expected.replace(/ - \/tmp:.*/, '$&,mode=1777') : expected);
  });
});
