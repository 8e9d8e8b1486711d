import type { PositionRange } from '../../base/text/line-table';

/** Argument of `proveService`: the container at a place of an open document, or of a name; neither: the only one. */
export interface ProveParams {
  readonly uri: string;
  readonly position?: PositionRange['start'];
  /** As a trial calls it: `web`, `Deployment/web/app`. */
  readonly name?: string;
  /** The token of `$/progress` notifications for a client that shows the progress by itself: each is what is tried now, in words. */
  readonly progress?: string;
}

/** What came of a trial. */
export interface ProveResult {
  /** `refused`: nothing was asked or started; `declined`: the person did not agree. */
  readonly state: 'proved' | 'partly' | 'cannot' | 'refused' | 'declined' | 'cancelled';
  /** What it was about; `null`: nothing was found that could be started. */
  readonly name: string | null;
  /** In a sentence. */
  readonly summary: string;
  /** As the command line prints it; `null`: nothing was started. */
  readonly report: string | null;
  /** Whether fixes go by it from now on. */
  readonly kept: boolean;
}

/** Server to client: whether what is shown may be started. Gives a `TrialConsent`. Only sent where `InitializationOptions.trials` is set: else `window/showMessageRequest` asks. */
export const confirmTrialMethod = 'bulkhead/confirmTrial';

/** What is going to be started, and where. */
export interface ConfirmTrialParams {
  readonly question: string;
  /** The engine, what is started, and the first command. */
  readonly detail: string;
}

/** `use`: the person uses it in each start, and says when that is done. `pull`: the images may be fetched before. `no`, or anything else: nothing is started. */
export type TrialConsent = 'start' | 'use' | 'pull' | 'no';

/** The command of a client that shows by itself what comes of a trial; its argument is `ProveParams`. See `InitializationOptions.trials`. */
export const trialViewCommand = 'bulkhead.prove';
