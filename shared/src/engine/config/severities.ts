import type { Severity } from '../../base/terms/types';
import type { Rule } from '../../rule/define-rule';
import { rulesVersions, severityChanges, type RulesVersion } from './rules-versions';

/** Whether a version is the newest, or none is written, so that what it changed in general holds. */
export function isNewest(version: string | undefined): boolean {
  return version === undefined || version === rulesVersions.at(-1);
}

/** What findings of a message weigh: as evidence says (`attached`), as the message declares, as its rule does. */
export type Weigh = (rule: Rule, messageId?: string, attached?: Severity | null) => Severity;

/** The severities of a version; those in force where none is named. */
export function severitiesAt(version: RulesVersion = rulesVersions[rulesVersions.length - 1]!): Weigh {
  const later = severityChanges.filter(({ since }) => rulesVersions.indexOf(since) > rulesVersions.indexOf(version));
  const before = new Map<string, Severity>();
  // of several changes the first says what it was
  for (const change of later) for (const id of change.of) if (!before.has(id)) before.set(id, change.before);
  return (rule, messageId, attached) =>
    before.get(`${rule.id}/${messageId}`) ??
    attached ??
    (messageId === undefined ? undefined : rule.messages[messageId]?.severity) ??
    before.get(rule.id) ??
    rule.severity;
}
