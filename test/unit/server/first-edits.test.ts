import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDigests } from '../../../server/src/lookups/digests';
import { createLookedUp } from '../../../server/src/lookups/looked-up';
import { warmUp } from '../../../server/src/session/warm-up';
import type { Engine, FoundImage } from '../../../shared/src/index';

/** What the first edits in a fresh server do not wait for. */

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an engine is not warmed up while somebody edits, and is afterwards', () => {
  const opened: string[] = [];
  const engine = {
    open: ({ path }: { path: string }) => {
      opened.push(path);
      return { facts: () => [], lint: () => ({}) };
    },
  } as unknown as Engine;
  let lastChange = performance.now();
  warmUp(engine, () => lastChange);
  for (let i = 0; i < 20; i++) {
    vi.advanceTimersByTime(300);
    lastChange = performance.now();
  }
  expect(opened).toEqual([]);
  vi.advanceTimersByTime(5000);
  expect(opened.length).toBe(80);
});

const digest = `sha256:${'a'.repeat(64)}`;
const found = { facts: { digest, level: 'as-served' }, at: 0, chain: null } as unknown as FoundImage;

test('what is known of a tag is found, and nothing is asked before anything is', () => {
  const asked: string[] = [];
  const lookedUp = createLookedUp({ get: of => (asked.push(of), null) });
  expect(lookedUp.mayKnow('image: nginx:1')).toBe(false);
  expect(lookedUp.of('nginx:1')).toBe(null);
  expect(asked).toEqual([]);
  lookedUp.add('nginx:1', found);
  expect(lookedUp.mayKnow('image: nginx:1')).toBe(true);
  expect(lookedUp.of('nginx:1')).toBe(found);
  expect(lookedUp.of('nginx:2')).toBe(null);
});

test.each([['nginx@' + digest], ['"nginx\\x40' + digest + '"']])('something may be known of a digest, however it is written: %s', text => {
  expect(createLookedUp({ get: () => null }).mayKnow(text)).toBe(true);
});

test('what was looked up is remembered under every spelling of a reference', async () => {
  const value = { digest, mediaType: '', at: 0, versionTag: null };
  const source = { lookUp: () => Promise.resolve({ outcome: { ok: true, value } }), clear: () => undefined };
  const digests = createDigests(source as unknown as Parameters<typeof createDigests>[0])!;
  expect(digests.last('nginx:1')).toBe(null);
  await digests.lookUp({ reference: 'nginx:1', cacheMinutes: 0 }, undefined as never);
  expect(digests.last('docker.io/library/nginx:1')).toMatchObject({ digest });
  digests.clear();
  expect(digests.last('nginx:1')).toBe(null);
});
