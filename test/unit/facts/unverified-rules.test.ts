import { describe, expect, it } from 'vitest';
import type { FactLevel, ImageFacts } from '../../../shared/src/knowledge/image-facts';
import { factsIn, openCommitted, printCommitted } from '../../../shared/src/services/facts/committed';
import { makeImage } from '../../support/image-chain';
import { fc } from '../../support/property';
import { carrying, deployment, dropping, factsOf, ipcLock, lint, name, netBind, passwd, program, server, shell } from './made-facts';

describe('files that are not verified', () => {
  const texts = {
    Dockerfile: `FROM ${name}\nHEALTHCHECK CMD ["curl", "-f", "http://127.0.0.1:8080/"]\nUSER web\nCMD serve --all\n`,
    'compose.yaml': `services:\n  web:\n    image: ${name}\n    healthcheck: { test: ["CMD", "wget", "-q", "http://127.0.0.1/"] }\n`,
    'deploy.yaml': deployment(),
  } as const;
  const ranks = ['none', 'manual', 'attended', 'review', 'safe'];
  const entries = fc.subarray([
    passwd,
    shell,
    server,
    carrying(ipcLock),
    carrying(netBind),
    dropping,
    program('usr/bin/curl'),
    program('usr/bin/wget'),
  ]);
  const configured = fc.record({
    User: fc.constantFrom('', 'web', 'toor', '1000'),
    Entrypoint: fc.constantFrom(['/server'], ['/entry.sh'], ['/nothing']),
    Cmd: fc.constantFrom([], ['/server']),
  });
  const worst = (path: string, text: string, facts: ImageFacts | null): ReadonlyMap<string, number> => {
    const found = new Map<string, number>();
    for (const { rule, messageId, fixes } of lint(path, text, facts))
      found.set(`${rule} ${messageId}`, Math.max(...fixes.map(fix => ranks.indexOf(fix.class)), 0));
    return found;
  };

  /** That nothing is gone from what was found before, and no fix is lifted over a question. */
  function expectNoLess(before: ReadonlyMap<string, ReadonlyMap<string, number>>, facts: ImageFacts): void {
    for (const [path, text] of Object.entries(texts)) {
      const after = worst(path, text, facts);
      const ids = new Set([...after.keys()].map(key => key.split(' ')[0]!));
      for (const [key, rank] of before.get(path)!) {
        const [rule] = key.split(' ') as [string];
        // a user that is root, or has no shell to start it, is what another rule says
        if (rule !== 'dockerfile/non-numeric-user' && rule !== 'dockerfile/shell-form') expect(ids, `${path} ${key}`).toContain(rule);
        if (after.has(key)) expect(after.get(key), `${path} ${key}`).toBeLessThanOrEqual(Math.max(rank, ranks.indexOf('attended')));
      }
    }
  }
  const foundWith = (facts: ImageFacts | null): ReadonlyMap<string, ReadonlyMap<string, number>> =>
    new Map(Object.entries(texts).map(([path, text]) => [path, worst(path, text, facts)]));

  it('remove no finding, and lift no fix', async () => {
    const before = foundWith(null);
    await fc.assert(
      fc.asyncProperty(entries, configured, fc.constantFrom<FactLevel>('as-served', 'claimed'), async (files, own, level) => {
        expectNoLess(before, await factsOf(own, files, level));
      }),
      { numRuns: 40 },
    );
  });

  it('nor do those of a committed file, whose configuration may hash', async () => {
    await fc.assert(
      fc.asyncProperty(entries, configured, async (files, own) => {
        const { digest, chain } = makeImage({ config: own });
        const { files: said, ...bare } = await factsOf(own, files);
        const text = printCommitted([{ reference: name, digest, chain, files: said! }]);
        const committed = factsIn([openCommitted(text, () => {})], `${name}@${digest}`)!;
        expect({ level: committed.level, has: committed.files !== undefined }).toEqual({ level: 'verified', has: true });
        expectNoLess(foundWith(bare), committed);
      }),
      { numRuns: 40 },
    );
  });
});
