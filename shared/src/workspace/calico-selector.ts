import { everything, type LabelSelector, type Requirement } from './selector';

/**
 * Reads a selector of Calico's language as far as a list of requirements can hold it: `all()`, `has(a)`, `!has(a)`, `a == 'b'`, `a != 'b'`,
 * `a in {'b', 'c'}`, `a not in {'b'}`, joined by `&&`. Anything else makes the selector partial.
 */
export function readCalicoSelector(text: string): LabelSelector {
  const requirements: Requirement[] = [];
  let partial = false;
  for (const part of text
    .slice(0, 4000)
    .split('&&')
    .map(p => p.trim())) {
    if (part === '' || part === 'all()') continue;
    const requirement = readTerm(part);
    if (requirement) requirements.push(requirement);
    else partial = true;
  }
  return requirements.length === 0 && !partial ? everything : { requirements, partial };
}

function readTerm(term: string): Requirement | null {
  const has = /^(!?) ?has\(([^()\s]+)\)$/.exec(term);
  if (has) return { key: has[2]!, operator: has[1] ? 'DoesNotExist' : 'Exists', values: [] };
  const equal = /^([\w./-]+) *([!=])= *(?:'([^']*)'|"([^"]*)")$/.exec(term);
  if (equal) return { key: equal[1]!, operator: equal[2] === '=' ? 'In' : 'NotIn', values: [equal[3] ?? equal[4] ?? ''] };
  const within = /^([\w./-]+) +(not +)?in *\{([^{}]*)\}$/.exec(term);
  if (!within) return null;
  const values = within[3]!.split(',').map(value => value.trim().replace(/^['"]|['"]$/g, ''));
  return { key: within[1]!, operator: within[2] ? 'NotIn' : 'In', values: values.filter(value => value !== '') };
}
