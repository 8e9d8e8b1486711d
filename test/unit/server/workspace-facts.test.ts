import { afterEach, expect, test, vi } from 'vitest';
import { createEngine, type Engine } from '../../../shared/src/index';
import type { Documents } from '../../../server/src/documents/documents';
import type { WorkspaceFiles } from '../../../server/src/lsp/files';
import type { Log } from '../../../server/src/lsp/log';
import type { Scope } from '../../../server/src/session/scopes';
import { createWatch } from '../../../server/src/watch/watch';
import { silentMarker } from '../../../server/src/watch/sent-mark';
import { createWorkspaceFacts } from '../../../server/src/documents/workspace-facts';
import { manyDocuments } from '../../../tools/bench/large-files';

afterEach(() => void vi.restoreAllMocks());

const base = 'file:///repository';
const scope = { base, settings: { indexWorkspace: true } } as Scope;

/** Reads a folder with one file; gives in how many turns of the event loop its documents were parsed, and the index. */
async function indexed(text: string) {
  let turn = 0;
  let counting = true;
  const count = (): void => {
    turn++;
    if (counting) setImmediate(count);
  };
  count();
  const turns = new Set<number>();
  const real = createEngine([]);
  const engine: Engine = {
    ...real,
    open: file => {
      const opened = real.open(file);
      return {
        ...opened,
        factsIn: wanted => {
          turns.add(turn);
          return opened.factsIn(wanted);
        },
      };
    },
  };
  const files = {
    find: () => Promise.resolve({ uris: [`${base}/many.yaml`], complete: true }),
    read: () => Promise.resolve({ text }),
  } as Partial<WorkspaceFiles> as WorkspaceFiles;
  const failures: unknown[] = [];
  const log = { failure: (_, error) => void failures.push(error), debug: () => undefined } as Partial<Log> as Log;
  const documents = { find: () => undefined } as Partial<Documents> as Documents;
  const facts = createWorkspaceFacts({
    engine,
    watch: createWatch(silentMarker, []),
    documents,
    files,
    log,
    allowed: true,
    lookedUp: { of: () => null },
    ownTrials: () => [],
  });
  const index = facts.of(scope);
  expect(index.complete).toBe(false);
  expect(facts.isReading(scope)).toBe(true);
  await facts.settled(scope);
  // what is asked from now on is not held, and not asked twice
  expect(facts.isReading(scope)).toBe(false);
  counting = false;
  expect(failures).toEqual([]);
  return { turns: turns.size, index };
}

test('edits get in between the documents of a long file that is indexed', async () => {
  // a clock that passes a millisecond whenever somebody looks: no machine is slow or fast
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => ++now);
  const { turns, index } = await indexed(manyDocuments(60));
  expect(turns).toBeGreaterThan(8);
  expect(index.complete).toBe(true);
  for (const at of [0, 31, 59]) expect(index.object('Deployment', null, `web-${at}`)).toMatchObject({ name: `web-${at}` });
});

test('a clock that leaps stops nothing', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  const { index } = await indexed(manyDocuments(40));
  expect(index.object('Deployment', null, 'web-39')).toBeDefined();
});

test('profiles that a file names are looked for, though no list of files has them', async () => {
  const texts: Readonly<Record<string, string>> = {
    [`${base}/compose.yaml`]: 'services:\n  web:\n    image: nginx\n    security_opt: ["seccomp:open.json", "seccomp:gone.json"]\n',
    [`${base}/open.json`]: '{"defaultAction": "SCMP_ACT_ALLOW"}',
  };
  const files = {
    find: () => Promise.resolve({ uris: [`${base}/compose.yaml`], complete: true }),
    read: uri => Promise.resolve({ text: texts[uri] ?? null }),
    holds: uri => Promise.resolve(uri in texts),
  } as Partial<WorkspaceFiles> as WorkspaceFiles;
  const log = { debug: () => undefined } as Partial<Log> as Log;
  const documents = { find: () => undefined } as Partial<Documents> as Documents;
  const facts = createWorkspaceFacts({
    engine: createEngine([]),
    watch: createWatch(silentMarker, []),
    documents,
    files,
    log,
    allowed: true,
    lookedUp: { of: () => null },
    ownTrials: () => [],
  });
  expect(facts.of(scope).complete).toBe(false);
  await facts.settled(scope);
  const index = facts.of(scope);
  expect(index.seccompAt('open.json')?.allowsAll).toBe(true);
  expect(['open.json', 'gone.json'].map(path => index.isAbsent(path))).toEqual([false, true]);
});
