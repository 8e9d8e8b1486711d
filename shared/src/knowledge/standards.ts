import data from './data/standards.json';

/** The standards that rules refer to, by the member of a rule's references. */
export type StandardKey = 'cisDocker' | 'cisKubernetes' | 'nist800190' | 'nsaCisa' | 'pss' | 'mitre' | 'cwe';

/** How each is called in front of its numbers: `NIST SP 800-190 3.1.1`. */
export const standardLabels: Readonly<Record<StandardKey, string>> = {
  cisDocker: 'CIS Docker',
  cisKubernetes: 'CIS Kubernetes',
  nist800190: 'NIST SP 800-190',
  nsaCisa: 'NSA/CISA',
  pss: 'Pod Security Standards',
  mitre: 'MITRE ATT&CK',
  cwe: 'CWE',
};

/** A public standard. */
export interface Standard {
  readonly name: string;
  readonly version: string | null;
  readonly url: string;
  /** Short titles, in our own words, by number. */
  readonly titles: Readonly<Record<string, string>>;
}

const standards = data.standards as unknown as Readonly<Record<StandardKey, Standard>>;

/** A standard by its key. */
export function findStandard(key: StandardKey): Standard {
  return standards[key];
}

/** The title of an item of a standard (`cwe`, `CWE-250`); `null` for numbers that are not known. */
export function standardTitle(key: StandardKey, id: string): string | null {
  const { titles } = standards[key];
  return Object.hasOwn(titles, id) ? (titles[id] ?? null) : null;
}

/** Where to read about an item: its own page for CWE and ATT&CK, else the standard's. */
export function standardLink(key: StandardKey, id: string): string {
  if (key === 'cwe') return `https://cwe.mitre.org/data/definitions/${id.replace(/^CWE-/, '')}.html`;
  if (key === 'mitre') return `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`;
  return standards[key].url;
}
