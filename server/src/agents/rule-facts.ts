import { standardLabels, type Rule } from '../../../shared/src/index';

/** What the page of a rule does not say: its severity, standards and names in other tools, a line each. */
export function ruleFacts(rule: Rule): readonly string[] {
  const lines = [`Severity: ${rule.severity}`, `Profile: ${rule.profile}`, `Category: ${rule.category}`];
  for (const [key, label] of Object.entries(standardLabels)) {
    const ids = rule.references[key as keyof typeof standardLabels] ?? [];
    if (ids.length > 0) lines.push(`${label}: ${ids.join(', ')}`);
  }
  const peers = Object.entries(rule.peers).filter(([, ids]) => ids.length > 0);
  if (peers.length > 0) lines.push(`In other tools: ${peers.map(([tool, ids]) => `${tool} ${ids.join(', ')}`).join('; ')}`);
  for (const link of rule.references.links ?? []) lines.push(`Read more: ${link}`);
  return lines;
}
