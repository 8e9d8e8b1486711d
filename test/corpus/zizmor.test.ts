import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { pinnedFile, planPins } from '../../shared/src/services/pin/plan';
import { releaseWorkflow } from '../../shared/src/output/protocol/starter';
import { readRows } from '../../tools/accuracy/rows';
import { hasCorpus, noCorpus } from '../../tools/corpus-folder';
import { plainContext } from '../../tools/lint-context';

// What we write, and what we say of suppressions for zizmor, held against zizmor itself: `BULKHEAD_ZIZMOR`, else the one on the path.

const zizmor = process.env['BULKHEAD_ZIZMOR'] ?? 'zizmor';
const isThere = !spawnSync(zizmor, ['--version']).error;
if (!isThere) console.log('zizmor is not installed (BULKHEAD_ZIZMOR): nothing is held against it');
if (!hasCorpus) console.log(noCorpus);

const engine = createEngine(rules);
const path = '.github/workflows/release.yml';

/** The audits of which it is known what they cannot do without. */
const judged =
  'archived-uses artipacked github-env hardcoded-container-credentials impostor-commit known-vulnerable-actions overprovisioned-secrets ref-version-mismatch secrets-inherit stale-action-refs template-injection unpinned-uses unredacted-secrets unsound-contains'.split(
    ' ',
  );

/** Everything that zizmor says of a workflow to those who ask for most, by its ids; `null`: it does not take the text. */
function findings(folder: string, text: string): readonly string[] | null {
  const file = join(folder, 'workflow.yml');
  writeFileSync(file, text);
  const args = ['--offline', '--no-config', '--no-exit-codes', '--no-progress', '--format', 'json', '--persona', 'auditor', file];
  const { stdout, status } = spawnSync(zizmor, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return status === 0 ? (JSON.parse(stdout) as readonly { readonly ident: string }[]).map(({ ident }) => ident) : null;
}

describe.runIf(isThere)('zizmor at auditor level', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-zizmor-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What `pin` makes of a text where every tag is a release, on a commit of its own. */
  function pinned(text: string): string {
    return planPins(pinnedFile(engine, engine.open({ path, text })), {
      lookup: reference => {
        const version = /@(v[\d.]+)$/.exec(reference)?.[1] ?? 'v0.35.0';
        const digest = Buffer.from(reference).toString('hex').padEnd(40, '0').slice(-40);
        return { ok: true, value: { digest, mediaType: '', at: 0, versions: [version] } };
      },
    }).text;
  }

  it.each([
    { context: '.', file: null },
    { context: 'services/web', file: 'services/web/Dockerfile.prod' },
  ])('finds nothing in a release workflow that is written and pinned: %j', start => {
    const text = releaseWorkflow(start);
    expect(findings(folder, text)).toContain('unpinned-uses');
    expect(findings(folder, pinned(text))).toEqual([]);
  });

  it.runIf(hasCorpus)(
    'finds the same where every step has the suppressions that we call unused',
    () => {
      const texts = new Set(readRows().flatMap(row => (row.peer === 'zizmor' && row.marks['kind'] === 'workflow' ? [row.text] : [])));
      const counts = new Map<string, number>();
      const wrong: string[] = [];
      // every third: zizmor takes a tenth of a second for each
      for (const text of [...texts].filter((_, at) => at % 3 === 0)) {
        const lines = text.split('\n');
        const comment = ` # zizmor: ignore[${judged.join(', ')}]`;
        const marked = lines.map(line => (/^\s*(?:- )?(?:name|uses|with|run|env):[^#]*$/.test(line) ? line + comment : line)).join('\n');
        const idle = new Map<number, string[]>();
        for (const { rule, messageId, range, data } of engine.open({ path, text: marked }).lint(plainContext('strict')).findings) {
          if (rule !== 'bulkhead/unused-suppression' || messageId !== 'peer') continue;
          const line = marked.slice(0, range.start).split('\n').length - 1;
          idle.set(line, [...(idle.get(line) ?? []), String(data['id'])]);
        }
        for (const id of [...idle.values()].flat()) counts.set(id, (counts.get(id) ?? 0) + 1);
        const before = findings(folder, text);
        if (!before || idle.size === 0) continue;
        const after = findings(
          folder,
          lines.map((line, at) => (idle.has(at) ? `${line} # zizmor: ignore[${idle.get(at)!.join()}]` : line)).join('\n'),
        );
        if (after?.join() !== before.join())
          wrong.push(`${before.join()} became ${String(after?.join())}: ${JSON.stringify([...idle])} in ${text}`);
      }
      console.log(`unused, by id: ${JSON.stringify([...counts])}`);
      expect(wrong).toEqual([]);
      expect([...counts.keys()].sort()).toEqual([...judged].sort());
    },
    120_000,
  );
});
