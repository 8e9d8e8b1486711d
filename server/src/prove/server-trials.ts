import { randomBytes } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { masked, plain } from '../../../shared/src/early';
import { withTrial } from '../../../shared/src/index';
import type { OwnTrials } from '../host/node/kept/own-trials';
import { inFolder } from '../host/node/process/own-folder';
import type { Running } from '../host/node/process/process-tree';
import { tellProcesses } from '../host/node/scanner/processes';
import { pathOf } from '../host/node/workspace-files';
import type { TrialEnd, TrialRequest, Trials } from '../lookups/trials';
import { closeSession, imagesFor, openSession, type Session } from './session';
import { planLines, runTrial, usualBounds } from './trial';

type Outcome = TrialEnd extends infer End ? (End extends unknown ? Omit<End, 'isClean'> : never) : never;

/** Runs trials for a language server on Node. Its supervisor hears of each client of the engine, and ends those that are left when the server ends. */
export function createServerTrials(own: OwnTrials): Trials {
  return {
    random: length => randomBytes(length),
    run,
    keep: (uri, trial) => {
      const path = pathOf(uri);
      return path !== null && own.set(path, withTrial(own.of(path), trial));
    },
  };
}

async function run(request: TrialRequest): Promise<TrialEnd> {
  const { cancellation, folders } = request;
  const base = pathOf(request.base);
  if (base === null) return { kind: 'refused', message: 'the file is not in a folder on this machine', isClean: true };
  const outside = [base, ...folders.flatMap(folder => pathOf(folder) ?? [])];
  const ended = await inFolder(async (settings): Promise<TrialEnd> => {
    const opened = await openSession({ engine: null, endpoint: null, env: process.env, outside, settings, cancellation });
    if (typeof opened === 'string') return { kind: 'refused', message: opened, isClean: true };
    const supervisor = tellProcesses(news => parentPort?.postMessage(news));
    const session = { ...opened, tool: { ...opened.tool, running: both(opened.tool.running, supervisor) } };
    let outcome: Outcome;
    try {
      outcome = await runIn(session, request, base);
    } catch (error) {
      outcome = { kind: 'refused', message: error instanceof Error ? error.message : String(error) };
    }
    return { ...outcome, isClean: await closeSession(session) };
  });
  return 'kind' in ended && 'isClean' in ended ? ended : { kind: 'refused', message: ended.message, isClean: true };
}

async function runIn(session: Session, request: TrialRequest, base: string): Promise<Outcome> {
  const { subject, mask, cancellation, confirm, progress } = request;
  const consent = await confirm(planLines(session, subject, usualBounds.starts, mask));
  if (consent !== 'start' && consent !== 'use' && consent !== 'pull') return { kind: 'declined' };
  const note = (what: 'pull' | 'build', of: string): void =>
    progress(masked`${what === 'pull' ? plain('pulling') : plain('building')} ${mask(of)} ...`);
  const images = cancellation.cancelled
    ? null
    : await imagesFor(session, subject, { base, pull: consent === 'pull', network: false, note });
  if (images === null || cancellation.cancelled) return { kind: 'cancelled' };
  if (!('get' in images)) return { kind: 'cannot', cannots: [images] };
  const report = await runTrial(session, {
    ...request,
    images,
    bounds: usualBounds,
    exercise: consent === 'use' ? usedBy(session, request) : null,
    note: progress,
  });
  return report ? { kind: 'done', report } : { kind: 'cancelled' };
}

/** What has a person use what runs in each start, until that is said or the trial is cancelled. */
export const usedBy =
  ({ tool }: Pick<Session, 'tool'>, { use, cancellation }: Pick<TrialRequest, 'use' | 'cancellation'>) =>
  async (container: string): Promise<number> => {
    let release = (): void => undefined;
    const cancelled = new Promise<boolean>(done => (release = cancellation.onCancel(() => done(false))));
    const works = await Promise.race([use(`${tool.name} exec -it ${container} sh`), cancelled]);
    release();
    return works ? 0 : 1;
  };

const both = (one: Running, other: Running): Running => ({
  started: (pid, folder) => {
    one.started(pid, folder);
    other.started(pid, folder);
  },
  ended: pid => {
    one.ended(pid);
    other.ended(pid);
  },
});
