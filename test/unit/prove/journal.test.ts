import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userStateFolder } from '../../../shared/host/node/cache-folder';
import { removeLeft, removeMade, type AskEngine } from '../../../server/src/prove/clean-up';
import { journalFolder, leftJournals, openJournal, type JournalText, type Made } from '../../../server/src/prove/journal';

let place = '';
let folder = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'bulkhead-journal-'));
  folder = join(place, 'prove');
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const read = (): JournalText => JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8')) as JournalText;
const rewrite = (change: Partial<JournalText>): void => {
  const text = { ...read(), ...change };
  writeFileSync(join(folder, `${text.nonce}.json`), JSON.stringify(text));
};
/** Of a process that has ended. */
const gone = (): JournalText['owner'] => ({ pid: spawnSync(process.execPath, ['-e', '']).pid, began: '1' });

describe('a journal', () => {
  it('is in the folder of the user that is no cache', () => {
    expect(journalFolder({ HOME: '/home/a' })).toBe('/home/a/.local/state/bulkhead/prove');
    expect(userStateFolder('prove', { HOME: '/home/a', XDG_STATE_HOME: '/state' }, 'linux')).toBe('/state/bulkhead/prove');
    expect(userStateFolder('prove', { HOME: '/home/a', XDG_STATE_HOME: 'in/the/repository' }, 'linux')).toBe(
      '/home/a/.local/state/bulkhead/prove',
    );
    expect(userStateFolder('prove', { HOME: '/Users/a' }, 'darwin')).toBe('/Users/a/Library/Application Support/bulkhead/prove');
  });

  it('has what is going to be made before it is made, for the user alone', () => {
    const journal = openJournal(folder, 'podman', null)!;
    expect(journal.nonce).toMatch(/^[0-9a-f]{16}$/);
    expect(journal.note('container', 'a')).toBe(true);
    expect(journal.note('volume', 'b')).toBe(true);
    expect(read().made).toEqual([
      { kind: 'container', name: 'a' },
      { kind: 'volume', name: 'b' },
    ]);
    expect(statSync(join(folder, `${journal.nonce}.json`)).mode & 0o777).toBe(0o600);
    journal.running.started(process.pid, '');
    expect(read().clients.map(({ pid }) => pid)).toEqual([process.pid]);
    journal.running.ended(process.pid);
    expect(read().clients).toEqual([]);
    journal.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not begun where others may write, so that nothing is started', () => {
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    expect(openJournal(folder, 'podman', null)).toBeNull();
    expect(leftJournals(folder)).toEqual([]);
    const link = join(place, 'link');
    symlinkSync(place, link);
    expect(openJournal(link, 'podman', null)).toBeNull();
  });

  it('says so where it can be written no longer', () => {
    const journal = openJournal(folder, 'podman', null)!;
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    expect(journal.note('container', 'a')).toBe(false);
  });

  it('is left once its process is gone, whatever has its number now', () => {
    openJournal(folder, 'podman', null);
    const { owner, machine } = read();
    expect(leftJournals(folder)).toEqual([]);
    rewrite({ owner: gone() });
    expect(leftJournals(folder)).toHaveLength(1);
    rewrite({ owner: { pid: owner.pid, began: '1' } });
    expect(leftJournals(folder)).toHaveLength(process.platform === 'linux' ? 1 : 0);
    rewrite({ owner, machine: { ...machine, boot: 'before' } });
    expect(leftJournals(folder)).toHaveLength(1);
  });

  it('is left alone where another machine or container has the same home', () => {
    openJournal(folder, 'podman', null);
    const { machine } = read();
    for (const other of [
      { ...machine, host: 'elsewhere' },
      { ...machine, namespace: 'pid:[1]' },
    ]) {
      rewrite({ owner: gone(), machine: other, written: Date.now() });
      expect(leftJournals(folder)).toEqual([]);
      rewrite({ written: Date.now() - 25 * 3600 * 1000 });
      expect(leftJournals(folder)).toHaveLength(1);
    }
  });

  it.each(['', '{', 'null', '3', '{"version":1}', '{"version":1,"made":[{"kind":"--all"}]}'])('is none where a file says %j', text => {
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, '0123456789abcdef.json'), text);
    expect(leftJournals(folder)).toEqual([]);
  });
});

/** An engine with things of some labels. */
function engineOf(things: readonly (Made & { readonly label: string })[], refuses: (name: string) => boolean = () => false) {
  const there = new Set(things);
  const calls: string[] = [];
  const ask: AskEngine = async args => {
    calls.push(args.join(' '));
    const label = args.find(arg => arg.startsWith('--filter=label='))?.slice('--filter=label=bulkhead.trial='.length);
    const kind = args[0] === 'ps' || args[0] === 'rm' ? 'container' : args[0] === 'volume' ? 'volume' : 'image';
    if (label !== undefined)
      return await Promise.resolve([...there].flatMap(one => (one.kind === kind && one.label === label ? [`${one.name}\n`] : [])).join(''));
    const found = [...there].find(one => one.kind === kind && one.name === args.at(-1));
    if (!found || refuses(found.name)) return null;
    there.delete(found);
    return '';
  };
  return { ask, calls, left: () => [...there].map(({ name }) => name) };
}

describe('what a trial made', () => {
  const remains = {
    nonce: 'abc',
    engine: 'podman' as const,
    made: [
      { kind: 'volume' as const, name: 'v' },
      { kind: 'container' as const, name: 'a' },
      { kind: 'container' as const, name: 'b' },
      { kind: 'container' as const, name: 'never' },
      { kind: 'container' as const, name: 'stranger' },
      { kind: 'image' as const, name: 'i' },
    ],
  };
  const things = [
    ...remains.made.filter(({ name }) => name !== 'never' && name !== 'stranger').map(one => ({ ...one, label: 'abc' })),
    { kind: 'container' as const, name: 'stranger', label: 'other' },
    { kind: 'container' as const, name: 'unnoted', label: 'abc' },
  ];

  it('is removed, the last first, if it is noted and bears the label, and nothing else', async () => {
    const engine = engineOf(things);
    expect(await removeMade(remains, engine.ask)).toEqual([]);
    expect(engine.left()).toEqual(['stranger', 'unnoted']);
    expect(engine.calls.filter(call => /^rm|rm --/.test(call))).toEqual([
      'rm --force --volumes --time=0 -- b',
      'rm --force --volumes --time=0 -- a',
      'volume rm -- v',
      'image rm -- i',
    ]);
  });

  it('stays in the journal where it cannot be removed, or the engine does not answer', async () => {
    const journal = openJournal(folder, 'podman', null)!;
    journal.note('container', 'a');
    rewrite({ owner: gone(), written: 0 });
    const left = (): JournalText => leftJournals(folder)[0]!;
    expect(await removeLeft(folder, left(), async () => await Promise.resolve(null))).toBe(false);
    const things = [{ kind: 'container' as const, name: 'a', label: journal.nonce }];
    expect(await removeLeft(folder, left(), engineOf(things, () => true).ask)).toBe(false);
    expect(await removeLeft(folder, left(), engineOf(things).ask)).toBe(true);
    expect(leftJournals(folder)).toEqual([]);
  });
});
