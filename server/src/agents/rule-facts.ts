import type { Rule } from '../../../shared/src/index';

/** What the page of a rule does not say: its severity, standards and names in other tools, a line each. */
export function ruleFacts(rule: Rule): readonly string[] {
  const standards: [string, readonly string[] | undefined][] = [
    ['CIS Docker', rule.references.cisDocker],
    ['CIS Kubernetes', rule.references.cisKubernetes],
    ['NIST SP 800-190', rule.references.nist800190],
    ['NSA/CISA', rule.references.nsaCisa],
    ['Pod Security', rule.references.pss],
    ['MITRE ATT&CK', rule.references.mitre],
    ['CWE', rule.references.cwe],
  ];
  const lines = [`Severity: ${rule.severity}`, `Profile: ${rule.profile}`, `Category: ${rule.category}`];
  for (const [name, ids] of standards) if (ids && ids.length > 0) lines.push(`${name}: ${ids.join(', ')}`);
  const peers = Object.entries(rule.peers).filter(([, ids]) => ids.length > 0);
  if (peers.length > 0) lines.push(`In other tools: ${peers.map(([tool, ids]) => `${tool} ${ids.join(', ')}`).join('; ')}`);
  for (const link of rule.references.links ?? []) lines.push(`Read more: ${link}`);
  return lines;
}
