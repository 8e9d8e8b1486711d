import { killTree } from '../host/node/process/process-tree';
import { endBuild } from './build-end';
import { clientsOf, removeJournal, type JournalText, type Made, type MadeKind } from './journal';

/** How the engine is asked: its answer, or `null` where it did not end well. */
export type AskEngine = (args: readonly string[]) => Promise<string | null>;

/** What is to be removed. */
export type Remains = Pick<JournalText, 'nonce' | 'made' | 'engine'>;

const label = (nonce: string): string => `--filter=label=bulkhead.trial=${nonce}`;

/** How all of one kind that bear a nonce are listed by name, and one is removed. Containers first: volumes and images may be in use. */
const kinds: readonly {
  readonly kind: MadeKind;
  readonly list: (nonce: string) => readonly string[];
  readonly remove: (name: string, engine: string) => readonly string[];
}[] = [
  {
    kind: 'container',
    list: nonce => ['ps', '--all', label(nonce), '--format={{.Names}}'],
    // with the volumes that its image asked for
    remove: (name, engine) => ['rm', '--force', '--volumes', ...(engine === 'podman' ? ['--time=0'] : []), '--', name],
  },
  { kind: 'volume', list: nonce => ['volume', 'ls', label(nonce), '--format={{.Name}}'], remove: name => ['volume', 'rm', '--', name] },
  {
    kind: 'image',
    list: nonce => ['images', label(nonce), '--format={{.Repository}}:{{.Tag}}'],
    remove: name => ['image', 'rm', '--', name],
  },
];

/**
 * Removes what a trial made: what was written down, and bears its label as well. The last first: one container may share the network of another. Gives what is left; `null`:
 * the engine does not answer.
 */
export async function removeMade({ nonce, made, engine }: Remains, ask: AskEngine): Promise<readonly Made[] | null> {
  const left: Made[] = [];
  for (const { kind, list, remove } of kinds) {
    const noted = made.filter(one => one.kind === kind).reverse();
    if (noted.length === 0) continue;
    const present = async (): Promise<readonly Made[] | null> => {
      const listed = await ask(list(nonce));
      if (listed === null) return null;
      const names = new Set(listed.split('\n').map(name => name.trim()));
      return noted.filter(({ name }) => names.has(name));
    };
    let there = await present();
    for (let round = 0; there !== null && there.length > 0 && round < 2; round++) {
      for (const { name } of there) await ask(remove(name, engine));
      there = await present();
    }
    if (there === null) return null;
    left.push(...there);
  }
  return left;
}

/** For how long a client of the engine has to end after it was asked to. */
const patienceMs = 5000;

/** So long after the last line of a journal something may still come: a client that was started, and not yet written down. */
const settledMs = 3000;

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Removes what is left of a trial whose process is gone. Whether nothing is left; what is stays written down for the next time. */
export async function removeLeft(folder: string, journal: JournalText, ask: AskEngine): Promise<boolean> {
  const hadClients = clientsOf(journal).length > 0;
  await endClients(journal);
  const until = Math.min(hadClients ? Date.now() + settledMs : journal.written + settledMs, Date.now() + settledMs);
  for (;;) {
    const left = await removeMade(journal, ask);
    if (left === null || left.length > 0 || clientsOf(journal).length > 0) return false;
    if (Date.now() >= until || journal.made.length === 0) break;
    await wait(200);
  }
  removeJournal(folder, journal);
  return true;
}

/**
 * Ends clients that go on: what they are about to make would come after everything was removed. A build that is ended in the middle leaves a container without a label, so
 * what it runs is ended in its place.
 */
async function endClients(journal: JournalText): Promise<void> {
  const isBuilding = journal.made.at(-1)?.kind === 'image' && journal.engine === 'podman';
  for (const signal of isBuilding ? ([null] as const) : (['SIGTERM', 'SIGKILL'] as const)) {
    if (signal) for (const pid of clientsOf(journal)) killTree(pid, signal);
    for (const until = Date.now() + patienceMs; clientsOf(journal).length > 0 && Date.now() < until;) {
      if (isBuilding) clientsOf(journal).forEach(endBuild);
      await wait(50);
    }
  }
}
