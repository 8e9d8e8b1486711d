import { isWithin, type Severity } from '../base/terms/types';
import type { Part } from '../families/family/part';
import type { Rule } from '../rule/define-rule';
import type { ActiveRule } from './active-rules';
import { isNewest } from './config/severities';
import type { Aside, EffectiveConfig } from './config/types';

/** What is looked at. */
interface Place {
  readonly part: Pick<Part, 'isForDevelopment' | 'isOneShot' | 'isTask'>;
  readonly view: unknown;
}

/** What is as grave in a container that runs for a moment as in a service: a secret in a file, and what does not work. */
const heldAlways: ReadonlySet<Rule['category']> = new Set(['secrets', 'correctness', 'supply-chain']);

/**
 * What a finding is worth at most of what does not run: an information; of a secret as much as elsewhere, but for a value that is worth a warning there,
 * since it is a default or what everybody tries. What opens the host of a developer stays.
 */
function mostSevereAside(rule: Rule, aside: Aside | null): ((messageId: string, usual: Severity) => Severity | undefined) | null {
  if (aside === null) return null;
  if (rule.category === 'secrets') return (_, usual) => (usual === 'warning' ? 'info' : undefined);
  if (aside !== 'development') return () => 'info';
  const isOfHost = rule.category === 'isolation' || rule.category === 'privilege';
  return messageId => (isOfHost && isWithin(rule.messages[messageId]?.profile ?? rule.profile, 'baseline') ? undefined : 'info');
}

/**
 * What a finding is worth at most of what runs for a moment: an information where a privilege is left that few give up; a warning where somebody waits for its
 * end, whatever it opens.
 */
function mostBriefly(rule: Rule, messageId: string, { part, view }: Place): Severity | undefined {
  const isSlight = rule.category === 'privilege' && !isWithin(rule.messages[messageId]?.profile ?? rule.profile, 'baseline');
  const isOneShot = part.isOneShot?.(view) === true;
  return isSlight && (isOneShot || part.isTask?.(view)) ? 'info' : isOneShot ? 'warning' : undefined;
}

/** What a finding of a rule is worth at most, by what its file, its part or the view are for; `undefined`: as the rule says, or a person. */
export function easingOf(
  { rule, severity }: ActiveRule,
  { aside, rulesVersion }: EffectiveConfig,
): (place: Place, messageId: string, usual: Severity) => Severity | undefined {
  if (severity !== 'default' || !isNewest(rulesVersion)) return () => undefined;
  const byPlace = mostSevereAside(rule, aside ?? null);
  // a profile that is configured holds for what says itself what it is for, too
  const bySelf = aside === undefined ? mostSevereAside(rule, 'development') : null;
  const isHeld = heldAlways.has(rule.category);
  return (place, messageId, usual) =>
    (byPlace ?? (place.part.isForDevelopment?.(place.view) ? bySelf : null))?.(messageId, usual) ??
    (isHeld ? undefined : mostBriefly(rule, messageId, place));
}
