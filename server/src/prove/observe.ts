import { foldersInLog } from '../../../shared/src/services/prove/read-failure';
import {
  containerPathsToAsk,
  imagePathsToAsk,
  type PathKind,
  reduceChanges,
  type WrittenFolders,
} from '../../../shared/src/services/prove/reduce';
import type { SeenStart } from '../../../shared/src/services/prove/search-steps';
import type { TrialObservation, TrialSettings, TrialStart } from '../../../shared/src/services/prove/contract';
import { callEngine, isDone, stateOf, type TrialImage } from './engine';
import { kindsOf, look, type Look } from './look';
import { pause, removeAll, startAll, type Started, type Starting } from './starts';

/** How starts are watched. */
export interface Watching {
  readonly image: TrialImage;
  /** The image without anything started, for what it has of a path. */
  readonly still: (paths: readonly string[]) => Promise<ReadonlyMap<string, PathKind>>;
  /** Milliseconds that a start as written may take to be ready, and that each is watched when it is. */
  readonly readyMs: number;
  readonly watchMs: number;
  /** Exercises the container of a start; `null`: nothing was asked for. */
  readonly exercise: ((container: string) => Promise<number>) | null;
}

/** What a start came to. `pid`: of its first process; 0 where it has ended. */
interface Ready extends Pick<TrialObservation, 'outcome' | 'readyMs'> {
  readonly pid: number;
}

const pollMs = 200;
const watchPollMs = 600;
const leastReadyMs = 10_000;
/** Without a port to wait for, what runs so long has started. */
const quietMs = 4000;
const longestGrace = 30;
const keptOfLog = 64 << 10;

/** Makes one start, watches it, stops it and removes it. */
export async function observe(
  starting: Starting,
  watching: Watching,
  wish: Pick<TrialStart, 'settings' | 'purpose'>,
  baseline: TrialObservation | null,
  at: number,
): Promise<SeenStart> {
  const started = await startAll(starting, wish.settings, at);
  try {
    return started.refused ? refusedStart(starting, watching, wish, started) : await watch(starting, watching, wish, baseline, started);
  } finally {
    await removeAll(starting.tool, started);
  }
}

const nothing: TrialObservation = {
  outcome: 'refused',
  readyMs: null,
  exitCode: null,
  sockets: [],
  answers: [],
  health: 'none',
  processes: [],
  log: [],
  changes: [],
  stop: null,
  exercise: null,
};
const noFolders: WrittenFolders = { folders: [], unmountable: [] };

async function refusedStart(
  starting: Starting,
  { still }: Watching,
  wish: Pick<TrialStart, 'settings' | 'purpose'>,
  { refused }: Started,
): Promise<SeenStart> {
  const log = linesOf(refused!.text);
  // 126 and 127: the program itself could not be run, which is the container's own failure
  const isOwn = !refused!.isPeer && (refused!.code === 126 || refused!.code === 127);
  const observed: TrialObservation = { ...nothing, ...(isOwn && { outcome: 'ended', exitCode: refused!.code }), log };
  return { ...wish, observed, written: noFolders, kinds: await kindsInLog(wish.settings, log, starting, still) };
}

async function watch(
  starting: Starting,
  watching: Watching,
  wish: Pick<TrialStart, 'settings' | 'purpose'>,
  baseline: TrialObservation | null,
  { name }: Started,
): Promise<SeenStart> {
  const { tool, subject } = starting;
  const ready = await waitUntilReady(starting, watching, baseline, name);
  const times = wish.purpose === 'confirm' ? 2 : 1;
  const seen = ready.pid === 0 ? null : await watchOn(starting, watching, { name, pid: ready.pid, times, baseline });
  const now = await runsAs(starting, name, ready.pid);
  const runs = 'pid' in now && seen !== null;
  const outcome = runs ? ready.outcome : 'ended';
  const exercise = runs && watching.exercise ? { exitCode: await watching.exercise(name) } : null;
  const last = runs ? await lookInto(starting, watching, ready.pid, true) : null;
  const before = await changesOf(starting, name);
  const mounts = mountsOf(starting, watching);
  const canWrite = wish.settings?.readOnly !== true;
  const kinds = canWrite ? await watching.still(imagePathsToAsk(before, mounts)) : new Map<string, PathKind>();
  const alive = canWrite ? await kindsOf(tool, name, containerPathsToAsk(before, mounts, kinds)) : kinds;
  const stop = runs ? await stopIt(starting, name) : null;
  const log = await logOf(starting, name);
  const written = !canWrite ? noFolders : await writtenBy(starting, watching, name, before, alive);
  const observed: TrialObservation = {
    outcome,
    readyMs: ready.readyMs,
    exitCode: 'exitCode' in now ? now.exitCode : null,
    sockets: last?.sockets ?? [],
    answers: last?.answers ?? [],
    health: seen?.health ?? 'none',
    processes: (seen?.stable ?? []).map(({ name: program, uid, gid, groups }) => ({ name: program, uid, gid, groups })),
    threads: (last?.processes ?? []).reduce((sum, { threads }) => sum + threads, 0),
    log,
    changes: before,
    stop,
    exercise,
  };
  const named = await kindsInLog(wish.settings, log, starting, watching.still);
  return { ...wish, observed, written: subject.platform === 'pod' ? asPod(written) : written, kinds: named };
}

/** A volume of a pod is empty: what has files in the image stays as it is. */
const asPod = (written: WrittenFolders): WrittenFolders => ({
  ...written,
  folders: written.folders.filter(({ kind, edited }) => kind === 'memory' || edited),
});

/** Whether a process of this machine is there; asking its engine takes a hundred times as long. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The process of a container that runs; else its exit code. `known`: the process that it had, which is looked for first where it can be seen from here. */
async function runsAs(
  { tool, vantage }: Starting,
  name: string,
  known: number,
): Promise<{ readonly pid: number } | { readonly exitCode: number }> {
  if (known > 0 && vantage.nsenter !== null && isAlive(known)) return { pid: known };
  const state = await stateOf(tool, name);
  return state?.isRunning ? { pid: state.pid } : { exitCode: state?.exitCode ?? -1 };
}

const lookInto = async ({ tool, vantage, subject }: Starting, { image }: Watching, pid: number, ask: boolean): Promise<Look | null> =>
  pid === 0 ? null : await look(tool, vantage, pid, [...subject.container.ports, ...image.ports], ask);

async function waitUntilReady(starting: Starting, watching: Watching, baseline: TrialObservation | null, name: string): Promise<Ready> {
  const start = Date.now();
  const limit = baseline ? Math.max(leastReadyMs, 3 * (baseline.readyMs ?? 0)) : watching.readyMs;
  const declared = [...starting.subject.container.ports, ...watching.image.ports];
  let before = '';
  let pid = 0;
  for (;;) {
    const now = await runsAs(starting, name, pid);
    if ('exitCode' in now) return { outcome: 'ended', readyMs: null, pid: 0 };
    ({ pid } = now);
    const seen = await lookInto(starting, watching, pid, false);
    const waited = Date.now() - start;
    const sockets = seen?.sockets ?? [];
    const isSteady = sockets.join() === before;
    before = sockets.join();
    const isThere = baseline
      ? baseline.sockets.every(socket => sockets.includes(socket)) &&
        (baseline.sockets.length > 0 || waited >= Math.min(quietMs, baseline.readyMs ?? 0))
      : isSteady && sockets.length > 0 && (declared.length === 0 || declared.some(port => sockets.includes(`tcp ${port}`)));
    const isQuiet = !baseline && waited > (declared.length > 0 ? watching.readyMs / 2 : quietMs) && isSteady;
    const isOver = waited > limit || starting.tool.cancellation.cancelled;
    if ((isThere && (isOver || waited > leastReadyMs || (await isServing(starting, watching, baseline, pid)))) || isQuiet)
      return { outcome: 'ready', readyMs: Date.now() - start, pid };
    if (isOver) return { outcome: 'not-ready', readyMs: null, pid };
    await pause(pollMs);
  }
}

/** Whether what listens does its work already: it answers as in the baseline, or else without an error of a server that is still starting. */
async function isServing(starting: Starting, watching: Watching, baseline: TrialObservation | null, pid: number): Promise<boolean> {
  if (starting.vantage.entry === 'outside') return true;
  const seen = await lookInto(starting, watching, pid, true);
  if (baseline)
    return baseline.answers.every(({ port, status }) =>
      seen?.answers.some(answer => answer.port === port && Math.floor((answer.status ?? 0) / 100) === Math.floor((status ?? 0) / 100)),
    );
  return seen !== null && !seen.answers.some(({ status }) => (status ?? 0) >= 500);
}

/** Watches what is ready for a while: which processes live through it, and whether it is healthy. `null`: it has ended. */
async function watchOn(
  starting: Starting,
  watching: Watching,
  {
    name,
    pid,
    times,
    baseline,
  }: { readonly name: string; readonly pid: number; readonly times: number; readonly baseline: TrialObservation | null },
): Promise<{ readonly stable: Look['processes']; readonly health: TrialObservation['health'] } | null> {
  const first = await lookInto(starting, watching, pid, false);
  const start = Date.now();
  const words = starting.subject.container.health ?? watching.image.health ?? [];
  const wantsHealth = words.length > 0 && baseline?.health !== 'unhealthy';
  let health: TrialObservation['health'] = wantsHealth ? 'unhealthy' : 'none';
  const patience = Math.max(leastReadyMs, watching.watchMs * times);
  for (;;) {
    if ('exitCode' in (await runsAs(starting, name, pid))) return null;
    if (health === 'unhealthy' && isDone(await callEngine(starting.tool, ['exec', name, ...words], { ms: leastReadyMs })))
      health = 'healthy';
    const waited = Date.now() - start;
    if (starting.tool.cancellation.cancelled || (waited >= watching.watchMs * times && (health !== 'unhealthy' || waited > patience)))
      break;
    await pause(watchPollMs);
  }
  const last = await lookInto(starting, watching, pid, false);
  // a worker that is started again and again is none that lives
  const living = new Set(last?.processes.map(({ pid }) => pid));
  return { stable: first?.processes.filter(({ pid }) => living.has(pid)) ?? [], health };
}

async function stopIt(starting: Starting, name: string): Promise<TrialObservation['stop']> {
  const { tool, subject } = starting;
  const grace = Math.min(subject.container.stopGrace ?? 10, longestGrace);
  const start = Date.now();
  await callEngine(tool, ['stop', '--time', `${grace}`, name], { ms: (grace + 30) * 1000 });
  const ms = Date.now() - start;
  const now = await runsAs(starting, name, 0);
  const exitCode = 'exitCode' in now ? now.exitCode : -1;
  return { ms, exitCode, wasKilled: exitCode === 137 };
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => line.trim() !== '');

async function logOf({ tool }: Starting, name: string): Promise<readonly string[]> {
  const { stdout, stderr } = await callEngine(tool, ['logs', '--tail', '2000', name]);
  return [...linesOf(stdout.slice(-keptOfLog)), ...linesOf(stderr.slice(-keptOfLog))];
}

async function changesOf({ tool }: Starting, name: string): Promise<TrialObservation['changes']> {
  const { stdout } = await callEngine(tool, ['diff', name]);
  return linesOf(stdout).flatMap(line => {
    const kind = line[0];
    return (kind === 'A' || kind === 'C' || kind === 'D') && line[1] === ' ' ? [{ kind, path: line.slice(2) }] : [];
  });
}

const mountsOf = ({ subject }: Starting, { image }: Watching): readonly { readonly path: string }[] => [
  ...subject.container.mounts,
  ...image.volumes.map(path => ({ path: path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path })),
];

const temporary = /^(?:\/var)?\/(?:run|tmp|cache|log|lock)(?:\/|$)|\/(?:cache|tmp|\.cache)(?:\/|$)/;

/** The folders that a start wrote to until it was stopped, and while it was. */
async function writtenBy(
  starting: Starting,
  watching: Watching,
  name: string,
  before: TrialObservation['changes'],
  alive: ReadonlyMap<string, PathKind>,
): Promise<WrittenFolders> {
  const mounts = mountsOf(starting, watching);
  const after = await changesOf(starting, name);
  const all = [...new Map([...before, ...after].map(change => [change.path, change])).values()];
  const image = await watching.still(imagePathsToAsk(all, mounts));
  const asked = containerPathsToAsk(all, mounts, image);
  const late = await kindsOf(
    starting.tool,
    name,
    asked.filter(path => !alive.has(path)),
  );
  const kinds = { image, container: new Map([...late, ...alive]) };
  const running = new Set(reduceChanges(before, kinds, mounts).folders.map(({ path }) => path));
  const written = reduceChanges(all, kinds, mounts);
  // what it writes when it stops is there to be read at the next start
  const folders = written.folders.map(folder =>
    running.has(folder.path) || temporary.test(folder.path) ? folder : { ...folder, kind: 'volume' as const },
  );
  return { ...written, folders };
}

/** What the image has of the folders that a log speaks of. */
async function kindsInLog(
  settings: TrialSettings | null,
  log: readonly string[],
  { subject }: Starting,
  still: Watching['still'],
): Promise<ReadonlyMap<string, PathKind>> {
  return settings ? await still(foldersInLog(log, settings, subject.container.workdir ?? '/')) : new Map<string, PathKind>();
}
