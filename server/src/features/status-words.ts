import { joined, masked, plain, trusted, type MaskedText } from '../../../shared/src/early';
import type { DocumentStatus } from '../../../shared/src/output/protocol/messages';
import type { Say } from '../lsp/say';

/** What the words of a status go by. */
export type StatusFacts = Omit<DocumentStatus, 'headline' | 'detail'>;

/** What a status says beside what was counted in the document. */
export interface StatusExtras {
  /** The configuration file's path for people; `null`: there is none. */
  readonly config: string | null;
  /** How many workloads of the document keep to the restricted level of the Pod Security Standards. */
  readonly pods: { readonly restricted: number; readonly all: number };
  /** The errors of the document as it was, and when that was; `null`: not known, or not yet. */
  readonly earlier: { readonly errors: number; readonly since: string } | null;
}

/** How many findings are listed, alone or in an entry with others. */
function listed({ counts, hintsAlone }: StatusFacts): number {
  return counts.error + counts.warning + counts.info + counts.hint - hintsAlone;
}

/** One thing, or so many of them. */
const count = (say: Say, one: 'findingOne' | 'hintOne', many: 'findingMany' | 'hintMany', number: number): MaskedText =>
  number === 1 ? say(one) : say(many, { count: number });

/** The first line of a status: the state, and how many findings are listed. */
export function headlineOf(status: StatusFacts, say: Say): MaskedText {
  const { state, hintsAlone, family } = status;
  const total = listed(status);
  const findings =
    total > 0
      ? count(say, 'findingOne', 'findingMany', total)
      : hintsAlone > 0
        ? count(say, 'hintOne', 'hintMany', hintsAlone)
        : say('statusNone');
  switch (state) {
    case 'checked':
      return findings;
    case 'limited':
      return say('statusPartly', { findings });
    case 'ignored':
      return say(family === 'none' ? 'statusOther' : 'statusIgnored');
    case 'disabled':
      return say('statusDisabled');
    case 'excluded':
      return say('statusExcluded');
    case 'too-large':
      return say('statusTooLarge');
    case 'failed':
      return say('statusFailed');
  }
}

/** What follows in a paler type: the reason, Pod Security, errors against an earlier state, what is not listed, the profile, what is suppressed, the configuration. */
export function detailOf(status: StatusFacts, { config, pods, earlier }: StatusExtras, say: Say): MaskedText {
  const parts: MaskedText[] = [];
  const { counts, hintsAlone, suppressed, configProblems, reason } = status;
  if (reason !== null) parts.push(trusted(reason));
  if (status.state === 'checked' || status.state === 'limited') {
    if (pods.all > 0) parts.push(say('statusPods', pods));
    if (earlier !== null && earlier.errors !== counts.error) {
      const more = counts.error - earlier.errors;
      parts.push(say(more > 0 ? 'statusMore' : 'statusFewer', { errors: Math.abs(more), since: trusted(earlier.since) }));
    }
    if (hintsAlone > 0) {
      const where = say('statusHints');
      parts.push(listed(status) > 0 ? masked`${count(say, 'hintOne', 'hintMany', hintsAlone)}, ${where}` : where);
    }
    parts.push(say('statusProfile', { profile: trusted(status.profile) }));
    if (suppressed > 0) parts.push(say('statusSuppressed', { count: suppressed }));
  }
  if (config !== null) {
    const file = trusted(config);
    parts.push(
      configProblems === 0
        ? file
        : configProblems === 1
          ? say('statusProblem', { file })
          : say('statusProblems', { count: configProblems, file }),
    );
  }
  return parts.length === 0 ? plain('') : joined(parts, ' · ');
}
