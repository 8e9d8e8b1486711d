import { buildArguments, pullArguments, trialImage } from '../../../shared/src/services/prove/arguments';
import type { Cannot, TrialSubject } from '../../../shared/src/services/prove/contract';
import { type Cancellation, neverCancelled } from '../../../shared/src/base/ports/cancellation';
import { findOnPath } from '../../../shared/host/node/find-program';
import { inFolder } from '../host/node/process/own-folder';
import type { Running } from '../host/node/process/process-tree';
import { runProcess, type ProcessEnd } from '../host/node/process/run-process';
import { type AskEngine, removeLeft, removeMade } from './clean-up';
import { findEndpoint } from './endpoint';
import { endBuild } from './build-end';
import { buildPlace, otherText } from './build-place';
import { callEngine, type EngineTool, imageOf, isDone, versionOf } from './engine';
import { type Journal, journalFolder, leftJournals, openJournal } from './journal';
import type { Vantage } from './look';
import type { Starting } from './starts';

/** Which engine a person wants, and where none may come from. */
export interface EngineWish {
  /** `null`: the first on the path. */
  readonly engine: EngineTool['name'] | null;
  readonly endpoint: string | null;
  readonly env: NodeJS.ProcessEnv;
  /** Folders that somebody else may have filled: no program in them is run. */
  readonly outside: readonly string[];
  /** An empty folder of its own. */
  readonly settings: string;
  readonly cancellation: Cancellation;
}

/** An engine that answers, with the journal of this trial. */
export interface Session {
  readonly tool: EngineTool;
  readonly journal: Journal;
  /** The engine in words, and where it is. */
  readonly how: string;
  readonly address: string;
  readonly vantage: Vantage;
  /** A folder of its own, in which files of the trial may lie. */
  readonly folder: string;
}

const quiet: Running = { started: () => undefined, ended: () => undefined };

/** Finds an engine, removes what earlier trials left there, and begins a journal; a text says why not. Nothing is started. */
export async function openSession(wish: EngineWish): Promise<Session | string> {
  const engines = wish.engine === null ? (['podman', 'docker'] as const) : [wish.engine];
  const found = engines.flatMap(name => {
    const { path } = findOnPath(name, wish.env, wish.outside);
    return path === null ? [] : [{ name, path }];
  });
  const [first] = found;
  if (!first) return `${wish.engine ?? 'Podman or Docker'} is not installed: no such program is on the path`;
  const opened = await toolOf(wish, first, wish.endpoint);
  if (typeof opened === 'string') return opened;
  const about = await versionOf(opened.tool);
  if (about.how === null) return `${first.name} does not answer: ${about.why.trim().split('\n').at(-1) ?? ''}`;
  const folder = journalFolder(wish.env);
  for (const left of leftJournals(folder)) {
    const client = engineOf(left.engine, wish);
    const other = client && (await toolOf(wish, client, left.named));
    if (other && typeof other !== 'string') await removeLeft(folder, left, asker(other.tool));
  }
  const journal = openJournal(folder, first.name, wish.endpoint);
  if (!journal) return 'what a trial makes cannot be written down in the state folder of the user, so that nothing is started';
  const tool = { ...opened.tool, running: journal.running };
  return { tool, journal, how: about.how, address: opened.address, vantage: vantageOf(wish, about.rootless), folder: wish.settings };
}

const engineOf = (name: EngineTool['name'], { env, outside }: EngineWish): Pick<EngineTool, 'name' | 'path'> | null => {
  const { path } = findOnPath(name, env, outside);
  return path === null ? null : { name, path };
};

async function toolOf(
  { env, settings, cancellation }: EngineWish,
  { name, path }: Pick<EngineTool, 'name' | 'path'>,
  named: string | null,
): Promise<{ readonly tool: EngineTool; readonly address: string } | string> {
  const ask = async (args: readonly string[]): Promise<ProcessEnd | null> => {
    const ended = await inFolder(cwd =>
      runProcess({ path, args, cwd, env, timeoutMs: 20_000, maxBytes: 1 << 20, cancellation, running: quiet }),
    );
    return 'how' in ended ? ended : null;
  };
  const endpoint = await findEndpoint({ engine: name, env, named, settings, ask });
  if (typeof endpoint === 'string') return endpoint;
  return { tool: { name, path, first: endpoint.first, env: endpoint.env, cancellation, running: quiet }, address: endpoint.address };
}

/** Asks on after a trial was cancelled: what is left has to be removed all the same. */
const asker =
  (tool: EngineTool): AskEngine =>
  async args => {
    const ended = await callEngine({ ...tool, cancellation: neverCancelled }, args);
    return isDone(ended) ? ended.stdout : null;
  };

/** Removes everything that a trial made. Whether nothing is left; what is stays in the journal, for the next trial. */
export async function closeSession({ tool, journal }: Session): Promise<boolean> {
  const left = await removeMade({ nonce: journal.nonce, made: journal.made(), engine: tool.name }, asker(tool));
  if (left?.length !== 0) return false;
  journal.close();
  return true;
}

/** How the network of a container can be entered from here: an engine elsewhere has no processes here. */
function vantageOf({ env, outside, endpoint }: EngineWish, isRootless: boolean): Vantage {
  const nsenter = process.platform === 'linux' && endpoint === null ? findOnPath('nsenter', env, outside).path : null;
  const isRoot = process.getuid?.() === 0;
  return { nsenter, entry: nsenter === null ? 'outside' : isRoot ? 'root' : isRootless ? 'rootless' : 'outside' };
}

/** Where builds are, and what they may do. */
export interface ImageWish {
  /** The folder that paths of builds are relative to. */
  readonly base: string;
  readonly pull: boolean;
  readonly network: boolean;
  readonly note: (what: 'pull' | 'build', name: string) => void;
  /** A Dockerfile that is built from another text than the one on disk, and the images of all that is not; absent: all is as it is written. */
  readonly rebuilt?: { readonly dockerfile: string; readonly text: string; readonly others: Starting['images'] };
}

const longMs = 600_000;

/** The ids of the images of a subject and its peers, by the names of the containers: those that are built are built now. */
export async function imagesFor(session: Session, subject: TrialSubject, wish: ImageWish): Promise<Starting['images'] | Cannot> {
  const { tool } = session;
  const ids = new Map<string, { readonly id: string; readonly user: string }>();
  for (const [index, { name, image }] of [...subject.peers, subject.container].entries()) {
    const known = isRebuilt(image, wish) ? undefined : wish.rebuilt?.others.get(name);
    if (known) {
      ids.set(name, known);
      continue;
    }
    const made = typeof image === 'string' ? await fetched(tool, image, wish) : await built(session, image, index, wish);
    if (typeof made !== 'string') return made;
    const found = await imageOf(tool, made);
    if (!found) return { reason: 'not-here', what: `${made}: --pull`, range: null };
    ids.set(name, { id: found.id.replace(/^sha256:/, ''), user: found.user });
  }
  return ids;
}

const isRebuilt = (image: TrialSubject['container']['image'], { rebuilt }: ImageWish): boolean =>
  typeof image !== 'string' && image.dockerfile === rebuilt?.dockerfile;

async function fetched(tool: EngineTool, image: string, { pull, note }: ImageWish): Promise<string | Cannot> {
  if (!pull) return image;
  note('pull', image);
  const ended = await callEngine(tool, pullArguments(image), { ms: longMs });
  return isDone(ended) ? image : { reason: 'not-here', what: lastLine(ended), range: null };
}

async function built(
  { tool, journal, folder }: Pick<Session, 'tool' | 'journal' | 'folder'>,
  build: Exclude<TrialSubject['container']['image'], string>,
  index: number,
  wish: ImageWish,
): Promise<string | Cannot> {
  const { base, network, note, rebuilt } = wish;
  for (const image of build.images ?? []) {
    const there = await fetched(tool, image, wish);
    if (typeof there !== 'string') return there;
    if (!(await imageOf(tool, image))) return { reason: 'not-here', what: `${image}: --pull`, range: null };
  }
  const isOther = isRebuilt(build, wish);
  const tag = trialImage(journal.nonce, `${isOther ? 'h' : 'c'}${index}`);
  const onDisk = buildPlace(base, build);
  if (!onDisk) return { reason: 'refused-build', what: `${build.context}, ${build.dockerfile}`, range: null };
  const place = isOther ? otherText(onDisk, rebuilt!.text, folder) : onDisk;
  const names = { nonce: journal.nonce, ...place, hasNetwork: network };
  const args = buildArguments(tool.name, build, tag, names);
  if (args === null) return { reason: 'refused-build', what: `${build.frontend ?? ''}: --build-network`, range: null };
  note('build', build.dockerfile);
  if (!journal.note('image', tag)) return { reason: 'refused-build', what: build.dockerfile, range: null };
  const ended = await callEngine(tool, args, { ms: longMs, ...(tool.name === 'podman' && { endKindly: endBuild }) });
  return isDone(ended) ? tag : { reason: 'refused-build', what: lastLine(ended), range: null };
}

const lastLine = ({ how, stderr }: ProcessEnd): string => stderr.trim().split('\n').at(-1) ?? how;
