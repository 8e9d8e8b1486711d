import { readFacts, writeData } from './files';

interface RawFile {
  readonly retrieved: string;
  readonly standards: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly version?: string;
        readonly url: string;
        readonly items: readonly { readonly id?: string; readonly title: string }[];
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

/** Makes `standards.json`: names, versions, addresses, and short titles in our own words. */
export function makeStandards(): void {
  const raw = readFacts('references.json') as RawFile;
  writeData('standards.json', {
    retrieved: raw.retrieved,
    sources: raw.sources.map(({ repo, commit, path }) => [repo, commit, path]),
    standards: Object.fromEntries(
      Object.entries(wanted).map(([key, id]) => {
        const { name, version, url, items } = raw.standards[id]!;
        const titles = Object.fromEntries(items.filter(item => item.id !== undefined).map(item => [item.id!, item.title]));
        return [key, { name: name.replace(/, section 5$/, ''), version: version ?? null, url, titles }];
      }),
    ),
  });
}
