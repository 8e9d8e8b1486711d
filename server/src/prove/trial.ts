import { joined, masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { startArguments, trialHosts, trialImage, type TrialLimits, trialName } from '../../../shared/src/services/prove/arguments';
import type { TrialSubject } from '../../../shared/src/services/prove/contract';
import { version } from '../../../shared/host/version';
import type { Candidate } from '../../../shared/src/services/prove/candidate';
import { startText, type TrialReport } from '../../../shared/src/services/prove/report';
import { prove, type TrialOptions } from './prove';
import type { Session } from './session';
import type { Starting } from './starts';

const limits: TrialLimits = { memoryMegabytes: 2048, cpus: 2, pids: 4096 };
const readyMs = 60_000;
const watchMs = 3000;

/** Nothing may be made that cannot be written down. */
export class Unrecorded extends Error {}

/** How many starts, and milliseconds, a trial takes unless somebody says otherwise. */
export const usualBounds = { starts: 12, ms: 300_000 } as const;

/** What a person is shown before anything is started: the engine and where it is, what is started how often, and the first command. */
export function planLines(
  { tool, journal, how, address }: Session,
  subject: TrialSubject,
  starts: number,
  mask: TrialReport['mask'],
): readonly MaskedText[] {
  const { container, peers } = subject;
  const names = {
    nonce: journal.nonce,
    start: 1,
    container: trialName(journal.nonce, `s1-c${peers.length}`),
    image: typeof container.image === 'string' ? container.image : trialImage(journal.nonce, `c${peers.length}`),
    network: { kind: 'closed' } as const,
    hosts: trialHosts(subject),
    lowPorts: true,
  };
  const words = [tool.path, ...tool.first, ...startArguments(tool.name, subject, container, null, names, limits)];
  const command = words.map(word => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
  const all = [...peers, container].map(one => mask(one.name));
  return [
    masked`Engine: ${trusted(how)} (${trusted(address)})`,
    masked`Starts ${joined(all, ', ')} at most ${starts} times, without a network, and removes the containers each time:`,
    masked`  ${mask(command)}`,
    plain(
      'and then the same command, but as a user other than root, with a read-only root filesystem, fewer capabilities and other restrictions.',
    ),
  ];
}

/** A trial whose images are there. */
export interface TrialRun extends Pick<TrialReport, 'path' | 'date' | 'mask'> {
  readonly subject: TrialSubject;
  readonly images: Starting['images'];
  readonly candidate: Candidate;
  /** Where no user is known, it is the one that fixes create. */
  readonly usual: string;
  readonly bounds: { readonly starts: number; readonly ms: number };
  readonly exercise: TrialOptions['exercise'];
  /** Hears of each start before it is made. */
  readonly note: (line: MaskedText) => void;
}

/** Runs a trial that was agreed to; `null`: it was cancelled. Throws `Unrecorded`. */
export async function runTrial({ tool, journal, vantage, how }: Session, run: TrialRun): Promise<TrialReport | null> {
  const { subject, path, date, mask, images, candidate, usual, bounds, exercise, note } = run;
  const record: Starting['record'] = (kind, made) => {
    if (!journal.note(kind, made)) throw new Unrecorded('what a trial makes cannot be written down in the state folder of the user');
  };
  const outcome = await prove(
    { tool, vantage, subject, images, nonce: journal.nonce, limits, record },
    {
      readyMs,
      watchMs,
      mostMs: bounds.ms,
      maxStarts: bounds.starts,
      candidateUser: candidate.user ?? usual,
      known: candidate.folders,
      exercise,
      progress: ({ at, purpose, seen }) => {
        if (!seen) note(masked`${at}. ${startText({ purpose })} ...`);
      },
    },
  );
  if (!outcome) return null;
  return {
    version,
    path,
    subject,
    date,
    how,
    ...outcome,
    watchedSeconds: (watchMs / 1000) * (outcome.history.length > 2 ? 2 : 1),
    rebuilt: null,
    unseen: vantage.entry === 'outside' ? plain("whether its ports respond: the container's network cannot be reached from here") : null,
    mask,
  };
}
