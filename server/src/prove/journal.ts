import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { userStateFolder } from '../../../shared/host/node/cache-folder';
import { isPrivateFolder, readPrivate, remove, writePrivate } from '../host/node/kept/private-files';
import type { Running } from '../host/node/process/process-tree';

/** What a trial makes. */
export type MadeKind = 'container' | 'volume' | 'image';

/** Something that a trial made, or was about to. */
export interface Made {
  readonly kind: MadeKind;
  readonly name: string;
}

/** A process, so that it is not taken for another of the same number: of which machine, since which start of it, and when it began. */
interface ProcessMark {
  readonly pid: number;
  readonly began: string | null;
}

/** What a journal says. */
export interface JournalText {
  readonly version: 1;
  readonly nonce: string;
  readonly engine: 'docker' | 'podman';
  /** `null`: the engine of this machine; else what `--endpoint` named. */
  readonly named: string | null;
  readonly machine: Machine;
  readonly owner: ProcessMark;
  readonly made: readonly Made[];
  /** Clients of the engine that run. */
  readonly clients: readonly ProcessMark[];
  /** When it was written last, in milliseconds. */
  readonly written: number;
}

interface Machine {
  readonly host: string;
  readonly boot: string;
  readonly namespace: string;
}

/** Everything that a trial makes is written down before it is made, so that it is removed even if nothing of the trial is left. */
export interface Journal {
  /** Of hex digits: in the names and labels of everything that the trial makes. */
  readonly nonce: string;
  /** To be asked before something is made; `false`: it could not be written down, so that it may not be made. */
  note(kind: MadeKind, name: string): boolean;
  /** What was noted, in order. */
  made(): readonly Made[];
  /** For the clients of the engine, which are written down as well. */
  readonly running: Running;
  /** Once nothing is left. */
  close(): void;
}

const longest = 1 << 20;
const nameOfFile = /^([0-9a-f]{16})\.json$/;
/** No trial takes so long: what another machine, or another container with the same home, wrote before is over. */
const longestTrialMs = 24 * 3600 * 1000;

/** Where journals are. */
export function journalFolder(env: NodeJS.ProcessEnv): string {
  return userStateFolder('prove', env);
}

/** Begins a journal; `null`: the folder is not the user's alone, or cannot be written, so that nothing may be started. */
export function openJournal(folder: string, engine: JournalText['engine'], named: string | null): Journal | null {
  const nonce = randomBytes(8).toString('hex');
  const owner = markOf(process.pid);
  let text: JournalText = { version: 1, nonce, engine, named, machine: thisMachine(), owner, made: [], clients: [], written: 0 };
  const write = (next: Partial<JournalText>): boolean => {
    text = { ...text, ...next, written: Date.now() };
    return writePrivate(folder, `${nonce}.json`, [Buffer.from(JSON.stringify(text))]);
  };
  if (!write({})) return null;
  return {
    nonce,
    note: (kind, name) => write({ made: [...text.made, { kind, name }] }),
    made: () => text.made,
    running: {
      started: pid => void write({ clients: [...text.clients, markOf(pid)] }),
      ended: pid => void write({ clients: text.clients.filter(client => client.pid !== pid) }),
    },
    close: () => remove(join(folder, `${nonce}.json`)),
  };
}

/** The journals of trials that nothing is left of but what they made. Never throws. */
export function leftJournals(folder: string): readonly JournalText[] {
  if (!isPrivateFolder(folder)) return [];
  try {
    return readdirSync(folder).flatMap(name => {
      const nonce = nameOfFile.exec(name)?.[1];
      const text = nonce === undefined ? null : parse(readPrivate(folder, name, longest));
      return text?.nonce === nonce && text && isOver(text) ? [text] : [];
    });
  } catch {
    return [];
  }
}

/** Takes away the journal of a trial of which nothing is left. */
export function removeJournal(folder: string, { nonce }: Pick<JournalText, 'nonce'>): void {
  remove(join(folder, `${nonce}.json`));
}

/** The clients of a trial that go on without it, by number. */
export function clientsOf({ machine, clients }: JournalText): readonly number[] {
  return isSame(machine, thisMachine()) ? clients.filter(isAlive).map(({ pid }) => pid) : [];
}

function isOver({ machine, owner, written }: JournalText): boolean {
  const here = thisMachine();
  if (isSame(machine, here)) return !isAlive(owner);
  // since this machine was started anew nothing runs that ran before
  if (machine.host === here.host && machine.boot !== here.boot) return true;
  return Date.now() - written > longestTrialMs;
}

const isSame = (a: Machine, b: Machine): boolean => a.host === b.host && a.boot === b.boot && a.namespace === b.namespace;

function isAlive({ pid, began }: ProcessMark): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // it is there, and another user's
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = beginOf(pid);
  return now === began && now !== 'ended';
}

function markOf(pid: number): ProcessMark {
  return { pid, began: beginOf(pid) };
}

/** When a process began, in ticks since the machine was started (proc(5), field 22); `null` where there is no `/proc`; `ended` of one that is only waited for. */
function beginOf(pid: number): string | null {
  const stat = textAt(`/proc/${pid}/stat`);
  // the name, in parentheses, may hold any character
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined ? null : fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
}

function thisMachine(): Machine {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // not Linux
  }
  return { host: hostname(), boot: textAt('/proc/sys/kernel/random/boot_id')?.trim() ?? '', namespace };
}

function textAt(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

/** A journal as it is written; `null`: it is none. Only the user can write here, but half a file may be left. */
function parse(bytes: Buffer | null): JournalText | null {
  try {
    const value = JSON.parse(bytes?.toString('utf8') ?? 'null') as JournalText | null;
    const isMark = (mark: ProcessMark): boolean => Number.isSafeInteger(mark.pid) && mark.pid > 1;
    const isWhole =
      value?.version === 1 &&
      (value.engine === 'docker' || value.engine === 'podman') &&
      (value.named === null || typeof value.named === 'string') &&
      typeof value.machine.host === 'string' &&
      typeof value.written === 'number' &&
      isMark(value.owner) &&
      value.clients.every(isMark) &&
      value.made.every(({ kind, name }) => /^(?:container|volume|image)$/.test(kind) && typeof name === 'string');
    return isWhole ? value : null;
  } catch {
    return null;
  }
}
