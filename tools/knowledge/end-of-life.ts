import { readFacts, writeData } from './files';

interface RawCycle {
  readonly cycle: string;
  readonly eol: string | boolean | null;
  readonly extendedSupportEnds?: string | boolean;
  /** The newest release of the line. */
  readonly latest?: string;
}

interface RawFile {
  readonly retrieved: string;
  readonly dataAsOf: string;
  readonly sources: readonly unknown[];
  readonly tagSplitting: { readonly osTokens: Readonly<Record<string, { readonly product: string; readonly cycle: string | null }>> };
  readonly images: readonly {
    readonly image: string;
    readonly product: string;
    readonly aliases?: readonly string[];
    readonly versionIsOsCycle?: boolean;
    readonly floatingTags?: Readonly<Record<string, string>>;
  }[];
  readonly products: Readonly<Record<string, { readonly title: string; readonly cycles: readonly RawCycle[] }>>;
}

/** Products whose official images are rebuilt until the end of extended support, which is free. Elsewhere (ESM, ELS) it is for customers. */
const rebuiltUntilExtendedEnd = new Set(['debian']);

/** Products where a new minor release ends the one before: upgrading is ordinary upkeep, nothing was given up. */
const superseding = new Set([
  'rust',
  'deno',
  'bun',
  'nginx',
  'traefik',
  'caddy',
  'grafana',
  'grafana-loki',
  'prometheus',
  'telegraf',
  'composer',
  'gradle',
  'apache-maven',
  'elixir',
  'julia',
  'clickhouse',
  'influxdb',
  'neo4j',
  'jenkins',
  'sonarqube-server',
  'keycloak',
  'gitlab',
  'mattermost',
  'rocket-chat',
  'liquibase',
  'fluent-bit',
  'terraform',
  'nexus',
  'argo-cd',
  'apache-airflow',
  'elasticsearch',
  'kibana',
  'logstash',
  'opensearch',
]);

/** SQL Server's tags carry the year, its cycles the internal version; the Windows tag 1809 is the long-term release of 2019. */
const cycleNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mssqlserver: { '2017': '14.0', '2019': '15.0', '2022': '16.0', '2025': '17.0' },
  // docker-library/mongo: a rapid release has no tag of its major version alone
  mongodb: { 5: '5.0', 6: '6.0', 7: '7.0', 8: '8.0' },
  'amazon-linux': { '1': '2018.03' },
  'windows-server-core': { '1809': '2019' },
  'windows-nano-server': { '1809': '2019' },
};

/** Products whose images have a tag for each release and none for a line, with what stands in front of the number, by their publishers' lists of tags. */
const exactTags: Readonly<Record<string, string>> = {
  ...{ elasticsearch: '', kibana: '', logstash: '', grafana: '', keycloak: '' },
  ...{ prometheus: 'v', cockroachdb: 'v' },
};

/** A line that gets fixes on the data's day is named with the tag of its newest release, where the line has no tag of its own. */
function cycleOf(cycle: RawCycle, product: string, day: string): readonly (string | boolean)[] {
  const ends = end(cycle, product);
  const prefix = exactTags[product];
  const isOver = ends === true || (ends !== false && ends < day);
  const { latest } = cycle;
  const isNamed = prefix !== undefined && !isOver && latest !== undefined && /^\d+\.\d+\.\d+$/.test(latest);
  return [cycle.cycle, ends, ...(isNamed ? [`${prefix}${latest}`] : [])];
}

/** Wildcards are spelled out, or matched in code (UBI). */
function imageNames(image: string, aliases: readonly string[]): string[] {
  if (image === 'mcr.microsoft.com/dotnet/*') return [...aliases, ...aliases.map(name => name.replace('/dotnet/', '/dotnet/core/'))];
  return [image, ...aliases].filter(name => !name.includes('*'));
}

function end({ eol, extendedSupportEnds }: RawCycle, product: string): string | boolean {
  if (rebuiltUntilExtendedEnd.has(product) && typeof extendedSupportEnds === 'string') return extendedSupportEnds;
  return eol ?? false;
}

/** Makes `end-of-life.json`: dates by product and cycle, and the way from an image to its product. */
export function makeEndOfLife(): void {
  const raw = readFacts('eol.json') as RawFile;
  const os = [
    'debian',
    'ubuntu',
    'alpine-linux',
    'rhel',
    'amazon-linux',
    'oracle-linux',
    'centos',
    'centos-stream',
    'windows-server-core',
    'fedora',
  ];
  const wanted = new Set([...os, ...raw.images.map(({ product }) => product)]);
  const images = raw.images.flatMap(({ image, product, aliases = [] }) => imageNames(image, aliases).map(name => [name, product] as const));
  const osImages = raw.images.filter(entry => entry.versionIsOsCycle).map(({ image }) => image);
  const products = Object.entries(raw.products).filter(([name]) => wanted.has(name));
  writeData('end-of-life.json', {
    retrieved: raw.retrieved,
    dataAsOf: raw.dataAsOf,
    sources: raw.sources,
    osTokens: Object.fromEntries(
      Object.entries(raw.tagSplitting.osTokens).flatMap(([token, { product, cycle }]) =>
        cycle === null ? [] : [[token, [product, cycle]]],
      ),
    ),
    images: Object.fromEntries(images),
    osImages,
    superseding: [...superseding].filter(name => wanted.has(name)),
    cycleNames,
    products: Object.fromEntries(
      products.map(([name, { title, cycles }]) => [name, { title, cycles: cycles.map(cycle => cycleOf(cycle, name, raw.dataAsOf)) }]),
    ),
  });
}
