import { readFacts, writeData } from './files';

interface RawUser {
  readonly name: string | null;
  readonly uid: number | null;
  readonly gid: number | null;
  readonly numeric: boolean | null;
  readonly onlyIn?: string;
}

interface RawImage {
  readonly names: readonly string[];
  readonly kind: string;
  readonly os: { readonly default: string | null; readonly byTagToken?: Readonly<Record<string, string>> };
  readonly packageManager?: string | Readonly<Record<string, string>> | null;
  readonly shell: string | Readonly<Record<string, string>> | null;
  readonly defaultUser: RawUser;
  readonly otherUsers: readonly RawUser[];
  readonly exposedPorts: readonly (number | string)[];
  readonly volumes: readonly string[];
  readonly writablePaths: readonly { readonly path: string; readonly basis: string; readonly hasContent?: boolean }[];
  readonly privilegeDrop: {
    readonly tool: string;
    readonly to: RawUser;
    readonly capabilities: readonly string[];
    readonly skippedWhenNonRoot: boolean;
  } | null;
  readonly rootModeCapabilities?: readonly string[];
  readonly fileCapabilities?: readonly { readonly capabilities: readonly string[] }[];
  readonly init: string | null;
  readonly entrypoint?: readonly string[];
  readonly unprivilegedReplacement: readonly string[];
  readonly hardening: Readonly<Record<string, unknown>>;
  readonly sources: readonly number[];
}

interface RawFile {
  readonly retrieved: string;
  readonly osFamilies: Readonly<
    Record<string, { readonly packageManager: string; readonly builtinUsers?: Readonly<Record<string, number | string>> }>
  >;
  readonly images: readonly RawImage[];
  readonly deprecatedImages: readonly { readonly image: string; readonly status: string; readonly use: string | null }[];
  readonly sources: readonly { readonly repo: string; readonly commit: string | null; readonly path: string }[];
}

const databases =
  /(^|\/)(postgres|postgresql|postgis|pgvector|timescaledb|mysql|mariadb|percona|mongo|mongodb|redis|valkey|cassandra|couchdb|couchbase|neo4j|influxdb|clickhouse|clickhouse-server|elasticsearch|opensearch|etcd|cockroach|arangodb|solr|server)$/;
const jvms =
  /(^|\/)(eclipse-temurin|openjdk|amazoncorretto|sapmachine|ibm-semeru-runtimes|zulu-openjdk.*|jdk|jre|java.*|maven|gradle|tomcat|jetty|elasticsearch|logstash|opensearch|solr|cassandra|kafka|cp-kafka.*|cp-server|zookeeper|neo4j|jenkins|sonarqube|keycloak|flink|spark|nexus3)$/;

/** What the sources say, where the collected facts leave it open. */
const corrections: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // build/pause/Dockerfile has USER 65535:65535; the program only waits, so that older tags run as that too
  // where it starts as its own user it warns of the directive `user` and goes on: it writes below /var/cache/nginx and /run alone, its logs
  // are links to the standard streams, and its entry point leaves alone what it may not change
  nginx: { nonRoot: 'needs-root-or-replacement', inPod: 'set-user', runAsUser: 101, runAsGroup: 101, fsGroup: 101, portsBelow1024: [80] },
  // started as www-data it binds its port where the pod lets every user, writes its process id below logs, and logs to the standard streams
  httpd: {
    nonRoot: 'needs-root-or-replacement',
    inPod: 'set-user',
    runAsUser: 33,
    runAsGroup: 33,
    fsGroup: 33,
    portsBelow1024: [80],
  },
  'registry.k8s.io/pause': { nonRoot: 'set-user', runAsUser: 65535, runAsGroup: 65535 },
};

/**
 * Servers for which it is not enough that they may write to the folder of their data. MySQL, MariaDB, MongoDB, Redis, Valkey, Cassandra, CouchDB
 * and InfluxDB were looked at too: their entry points change owners while they are root alone, and the servers only write.
 */
const ownedFolders: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // initdb ends where chmod of an existing folder fails (src/bin/initdb/initdb.c, create_data_directory); docker-library/postgres#563.
  // Since 18 the image keeps its data in a folder below the volume, which the server makes itself.
  postgres: {
    paths: ['/var/lib/postgresql/data'],
    variable: 'PGDATA',
    why: 'initdb changes the mode of its folder, which belongs to root in a fresh volume',
  },
  // Erlang wants its cookie readable for the owner alone, and fsGroup opens it to the group when the volume is mounted again:
  // rabbitmq/rabbitmq-server#3346, docker-library/rabbitmq#171
  rabbitmq: {
    paths: ['/var/lib/rabbitmq'],
    below: true,
    persistent: true,
    why: 'Erlang refuses its cookie once fsGroup has opened it to the group',
  },
};

/** Tags that carry another user than the plain image; read in the notes of the collected facts. */
function userVariants(name: string): Readonly<Record<string, Omit<RawUser, 'onlyIn'>>> | undefined {
  const nonroot = { name: 'nonroot', uid: 65532, gid: 65532, numeric: true };
  if (name.startsWith('gcr.io/distroless/')) return { nonroot };
  if (name.startsWith('mcr.microsoft.com/dotnet/')) {
    const app = { name: 'app', uid: 1654, gid: 1654, numeric: true };
    return { chiseled: app, distroless: app };
  }
  if (/^prom\/(prometheus|alertmanager|node-exporter)$/.test(name)) return { distroless: nonroot };
  return name === 'wordpress' ? { cli: { name: 'www-data', uid: 82, gid: 82, numeric: false } } : undefined;
}

/** One name per image: Docker Hub's short form. */
function shortNames(names: readonly string[]): string[] {
  const short = names.map(name => name.replace(/^(docker\.io\/|public\.ecr\.aws\/docker\/)/, '').replace(/^library\//, ''));
  return [...new Set(short)];
}

const clean = (value: string): string =>
  value
    .replace(/ \(.*$/, '')
    .replace(/^sh at /, '')
    .replace(/^conda, /, '');

function cleanAll(value: string | Readonly<Record<string, string>> | null | undefined): unknown {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? clean(value) : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, clean(one)]));
}

/** The variants that have a user: an OS family, `noble` for Ubuntu 24.04 and later, `-` for what the tag does not tell. */
function variantOf(text: string): string {
  return text.includes('24.04') ? 'noble' : (/alpine|debian|ubuntu|noble/.exec(text)?.[0] ?? '-');
}

const user = ({ name, uid, gid, numeric, onlyIn }: RawUser): unknown => ({
  name,
  uid,
  gid,
  numeric,
  ...(onlyIn !== undefined && { onlyIn: variantOf(onlyIn) }),
});

/** Leaves out what is empty, so that the file stays small. */
function dense(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, member]) => member !== null && member !== undefined && member !== false && !(Array.isArray(member) && member.length === 0),
    ),
  );
}

/** What later versions write, that those which were read did not. Source: grafana/grafana#132528, where its installer replaces what the image brings. */
const laterPaths: Readonly<Record<string, readonly unknown[]>> = {
  'grafana/grafana': [{ path: '/usr/share/grafana/data/plugins-bundled', hasContent: true, since: '13.2' }],
};

function image(raw: RawImage, deprecated: ReadonlySet<string>): Record<string, unknown> {
  const names = shortNames(raw.names);
  const first = names[0]!;
  const drop = raw.privilegeDrop;
  const replacements = raw.unprivilegedReplacement
    .map(clean)
    .filter(name => /^[a-z0-9./:*-]+$/.test(name) && !deprecated.has(name.split('/')[0]! + '/*') && !deprecated.has(name));
  return dense({
    names,
    kind: raw.kind,
    os: raw.os.default,
    tokens: raw.os.byTagToken && cleanAll(raw.os.byTagToken),
    packageManager: cleanAll(raw.packageManager),
    shell: cleanAll(raw.shell),
    user: raw.defaultUser.uid === null && raw.defaultUser.name === null ? null : user(raw.defaultUser),
    userVariants: userVariants(first),
    otherUsers: raw.otherUsers.map(user),
    ports: raw.exposedPorts,
    volumes: raw.volumes,
    writable: [
      ...raw.writablePaths.map(({ path, basis, hasContent }) =>
        // tags with PHP's process manager have no Apache
        dense({ path, hasContent, inferred: basis.startsWith('inferred'), unless: basis.includes('php:apache') && 'fpm' }),
      ),
      ...(laterPaths[first] ?? []),
    ],
    drop:
      drop &&
      dense({
        tool: clean(drop.tool),
        to: user(drop.to),
        capabilities: drop.capabilities,
        skipped: drop.skippedWhenNonRoot,
      }),
    ownsDataDir: ownedFolders[first],
    rootCapabilities: raw.rootModeCapabilities,
    fileCapabilities: raw.fileCapabilities && [...new Set(raw.fileCapabilities.flatMap(({ capabilities }) => capabilities))],
    init: raw.init === null || raw.init.includes('(') ? null : raw.init,
    entrypoint: raw.entrypoint,
    replacements,
    hardening:
      corrections[first] ??
      dense(Object.fromEntries(Object.entries(raw.hardening).filter(([key]) => !['note', 'replacement', 'variants'].includes(key)))),
    database: raw.kind === 'server' && databases.test(first.replace(/:.*/, '')),
    jvm: jvms.test(first.replace(/:.*/, '')),
  });
}

/** Makes `image-profiles.json` and, beside it, the list of what was read. */
export function makeImageProfiles(): void {
  const raw = readFacts('image-profiles.json') as RawFile;
  const deprecated = new Set(raw.deprecatedImages.map(entry => entry.image));
  const families = Object.fromEntries(
    Object.entries(raw.osFamilies).map(([name, { packageManager, builtinUsers }]) => [
      name,
      {
        packageManager: packageManager.split(' ')[0],
        users: Object.fromEntries(Object.entries(builtinUsers ?? {}).filter(([, uid]) => typeof uid === 'number')),
      },
    ]),
  );
  writeData('image-profiles.json', {
    retrieved: raw.retrieved,
    families,
    images: raw.images.map(entry => image(entry, deprecated)),
    deprecated: raw.deprecatedImages.map(({ image: name, status, use }) => ({ name, status, use })),
  });
  writeData('image-profiles.sources.json', {
    retrieved: raw.retrieved,
    sources: raw.sources.map(({ repo, commit, path }) => [repo, commit, path]),
    images: Object.fromEntries(raw.images.map(entry => [shortNames(entry.names)[0]!, entry.sources])),
  });
}
