import { hasFacts, readData, readFacts, writeData } from './files';

interface RawFile {
  readonly retrieved: string;
  readonly standards: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly version?: string;
        readonly url: string;
        readonly items: readonly { readonly id?: string | null; readonly title: string }[];
      }
    >
  >;
  readonly sources: readonly { readonly repo: string; readonly commit: string | null; readonly path: string }[];
}

/** Standards that rules refer to, by the member of a rule's references. */
const wanted: Readonly<Record<string, string>> = {
  cisDocker: 'cis-docker',
  cisKubernetes: 'cis-kubernetes',
  nist800190: 'nist-800-190',
  nsaCisa: 'nsa-cisa',
  pss: 'pod-security-standards',
  mitre: 'mitre-attack-containers',
  cwe: 'cwe',
};

/** Items that rules refer to and the collected facts leave out: those catalogues hold far more than containers need. */
const furtherTitles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mitre: {
    'T1021.004': 'Remote services: SSH',
    T1059: 'Command and scripting interpreter',
    'T1195.002': 'Compromise of the software supply chain',
    'T1548.001': 'Setuid and setgid',
  },
  cwe: {
    'CWE-94': 'code injection',
    'CWE-212': 'sensitive data kept in what is handed on',
    'CWE-266': 'privileges assigned wrongly',
    'CWE-282': 'wrong ownership',
    'CWE-290': 'authentication by what can be spoofed',
    'CWE-349': 'untrusted data taken along with trusted',
    'CWE-404': 'resources not released',
    'CWE-540': 'secret in source code',
    'CWE-571': 'condition that is always true',
    'CWE-918': 'requests sent on behalf of others (SSRF)',
  },
};

interface DataFile {
  readonly retrieved: string;
  readonly sources: unknown;
  readonly standards: Readonly<
    Record<
      string,
      { readonly name: string; readonly version: string | null; readonly url: string; readonly titles: Readonly<Record<string, string>> }
    >
  >;
}

/** Makes `standards.json`: names, versions, addresses, and short titles in our own words. Without the collected facts it only adds titles. */
export function makeStandards(): void {
  const { retrieved, sources, standards } = hasFacts('references.json') ? collected() : (readData('standards.json') as DataFile);
  const titled = Object.entries(standards).map(([key, standard]) => {
    return [key, { ...standard, titles: { ...standard.titles, ...furtherTitles[key] } }] as const;
  });
  writeData('standards.json', { retrieved, sources, standards: Object.fromEntries(titled) });
}

function collected(): DataFile {
  const raw = readFacts('references.json') as RawFile;
  return {
    retrieved: raw.retrieved,
    sources: raw.sources.map(({ repo, commit, path }) => [repo, commit, path]),
    standards: Object.fromEntries(
      Object.entries(wanted).map(([key, id]) => {
        const { name, version, url, items } = raw.standards[id]!;
        // An item that the version in force has dropped keeps its key in the facts, with no number.
        const numbered = items.flatMap(({ id: number, title }) => (typeof number === 'string' ? [[number, title] as const] : []));
        return [key, { name: name.replace(/, section 5$/, ''), version: version ?? null, url, titles: Object.fromEntries(numbered) }];
      }),
    ),
  };
}
