import type { Range } from '../../base/text/range';
import { severities } from '../../base/terms/types';
import type { Finding } from '../../rule/finding/types';
import type { EffectiveConfig } from '../config/types';

/**
 * What keeps a finding from being reported: a comment or an annotation in the file, a configuration (`exception`, `exclude`, `rule-off`, `profile`, `severity`: a
 * lower one; `configuration`: something else in it), the settings of another tool, or a baseline.
 */
export type SilencedBy =
  'comment' | 'annotation' | 'exception' | 'settings' | 'baseline' | 'exclude' | 'rule-off' | 'profile' | 'severity' | 'configuration';

/** Findings of one rule that are silent now, and were reported before or would have been. */
export interface NewSilence {
  readonly rule: string;
  readonly by: SilencedBy;
  /** The tool whose comment or settings it is, where they are not ours. */
  readonly peer?: string;
  /** The range of the comment or annotation, in the text as it is now; `null`: what silences them is not in this file. */
  readonly range: Range | null;
  readonly findings: number;
}

/** A text under a configuration, with what lint said: suppressed findings too. */
export interface Linted {
  readonly text: string;
  readonly config: EffectiveConfig | 'excluded';
  readonly findings: readonly Finding[];
}

/** A file now and before. */
export interface Change {
  readonly now: Linted;
  /** The text as it is now, under the configuration from before. */
  readonly asConfigured: Linted;
  /** `null`: the file was not there. */
  readonly before: Linted | null;
}

/**
 * What has been silenced by a change. Comments and configuration are distinguished by their effect: what the text as it is would report under the configuration
 * from before is silenced by the configuration; a comment is new if its finding was reported before, or is new itself and the comment with it.
 */
export function newSilences({ now, asConfigured, before }: Change): readonly NewSilence[] {
  const found = new Map<string, { -readonly [K in keyof NewSilence]: NewSilence[K] }>();
  const add = (rule: string, by: SilencedBy, { peer, range }: { readonly peer?: string; readonly range?: Range } = {}): void => {
    const key = JSON.stringify([rule, by, peer, range]);
    const known = found.get(key);
    if (known) known.findings++;
    else found.set(key, { rule, by, ...(peer !== undefined && { peer }), range: range ?? null, findings: 1 });
  };

  const inPlace = byKey(now.findings, placeOf);
  const byConfiguration = new Set<Finding>();
  for (const finding of asConfigured.findings.filter(isReported)) {
    const same = inPlace.get(placeOf(finding))?.shift();
    const by = silencedBy(finding, same, now.config, asConfigured.config);
    if (by === null) continue;
    if (same) byConfiguration.add(same);
    add(finding.rule, by, same?.suppression?.kind === 'config' ? same.suppression : {});
  }

  const earlier = byKey(before?.findings ?? [], identityOf);
  for (const finding of now.findings) {
    const { rule, suppression } = finding;
    if (!suppression?.range || byConfiguration.has(finding)) continue;
    const was = earlier.get(identityOf(finding))?.shift();
    const isNew = was ? was.suppression === null : isAdded(now.text.slice(suppression.range.start, suppression.range.end), now, before);
    if (isNew) add(rule, suppression.kind === 'annotation' ? 'annotation' : 'comment', suppression);
  }
  return [...found.values()];
}

/** What the engine says of itself cannot be silenced. */
function isReported({ rule, suppression }: Finding): boolean {
  return suppression === null && !rule.startsWith('bulkhead/');
}

const placeOf = ({ rule, messageId, range }: Finding): string => `${rule} ${messageId} ${range.start} ${range.end}`;
const identityOf = ({ rule, fingerprint }: Finding): string => `${rule} ${fingerprint}`;

function byKey(findings: readonly Finding[], keyOf: (finding: Finding) => string): ReadonlyMap<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    const list = found.get(keyOf(finding));
    if (list) list.push(finding);
    else found.set(keyOf(finding), [finding]);
  }
  return found;
}

/** What of a configuration keeps a finding from being reported as it was under another one; `null`: nothing does. */
function silencedBy(was: Finding, now: Finding | undefined, config: Linted['config'], before: Linted['config']): SilencedBy | null {
  if (config === 'excluded') return 'exclude';
  if (!now) {
    if (config.rules[was.rule]?.severity === null) return 'rule-off';
    return before !== 'excluded' && config.profile !== before.profile ? 'profile' : 'configuration';
  }
  switch (now.suppression?.kind) {
    case undefined:
      return severities.indexOf(now.severity) < severities.indexOf(was.severity) ? 'severity' : null;
    case 'config':
      return now.suppression.peer === undefined ? 'exception' : 'settings';
    case 'baseline':
      return 'baseline';
    default:
      // comments of other tools that did not hold before
      return 'configuration';
  }
}

/** Whether a directive is in a text more often than it was. */
function isAdded(directive: string, now: Linted, before: Linted | null): boolean {
  return before === null || countOf(now.text, directive) > countOf(before.text, directive);
}

function countOf(text: string, part: string): number {
  return part === '' ? 0 : text.split(part).length - 1;
}
