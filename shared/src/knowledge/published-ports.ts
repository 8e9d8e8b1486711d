import type { ImageProfile } from './image-profiles';

/** A port that nobody means to open to a network by publishing it. */
interface SensitivePort {
  readonly service: string;
  /** What tells that it is this one; `null`: the number alone does, since IANA assigned it to the service. */
  readonly called: RegExp | null;
}

/**
 * Ports of data stores, brokers, administration and debugging: the numbers that the servers' own images and documentation name. Web servers are not among
 * them, nor numbers that much else uses (7000, 8888). A number that is assigned (iana.org, service-names-port-numbers) speaks for itself; of any other, the name of the
 * image or the container has to: 8123 is ClickHouse's and Home Assistant's, 9200 Elasticsearch's and ownCloud's.
 */
const ports: ReadonlyMap<number, SensitivePort> = new Map(
  (
    [
      [111, 'rpcbind'],
      [1433, 'Microsoft SQL Server'],
      [1521, 'Oracle Database', /oracle/],
      [2019, "Caddy's administration", /caddy/],
      [2049, 'NFS'],
      [2181, 'ZooKeeper', /zookeeper|^zk/],
      [2375, 'the Docker API'],
      [2379, 'etcd'],
      [2380, 'etcd'],
      [3306, 'MySQL'],
      [3389, 'remote desktop'],
      [4369, "Erlang's node discovery"],
      [5432, 'PostgreSQL'],
      [5601, 'Kibana', /kibana|opensearch/],
      [5671, 'RabbitMQ'],
      [5672, 'RabbitMQ'],
      [5900, 'VNC'],
      [5984, 'CouchDB'],
      [6379, 'Redis'],
      [7199, "Cassandra's management", /cassandra|scylla/],
      [7474, 'Neo4j', /neo4j/],
      [7687, 'Neo4j', /neo4j/],
      [8086, 'InfluxDB', /influx/],
      [8123, 'ClickHouse', /clickhouse/],
      [8200, 'Vault', /vault|openbao/],
      [8500, 'Consul', /consul/],
      [8983, 'Solr', /solr/],
      [9042, 'Cassandra', /cassandra|scylla/],
      [9092, 'Kafka', /kafka|redpanda/],
      [9200, 'Elasticsearch', /elastic|opensearch/],
      [9300, 'Elasticsearch', /elastic|opensearch/],
      [10250, 'the kubelet', /kubelet|k3s|kind/],
      [11211, 'Memcached'],
      [15672, "RabbitMQ's management", /rabbit/],
      [25672, 'RabbitMQ', /rabbit/],
      [26257, 'CockroachDB', /cockroach/],
      [26379, 'Redis Sentinel', /redis|valkey|sentinel/],
      [27017, 'MongoDB'],
      [27018, 'MongoDB', /mongo/],
      [28015, 'RethinkDB', /rethink/],
      [33060, 'MySQL'],
      [61616, 'ActiveMQ', /activemq|artemis/],
    ] as const
  ).map(([port, service, called = null]) => [port, { service, called }]),
);

/** Services among them whose port is a page that people open, often from another machine: whether to close it there, they say. */
export const pages: ReadonlySet<string> = new Set(['Kibana', "RabbitMQ's management", 'Neo4j', 'Vault', 'Consul', 'Solr']);

/** What is known of what listens: what it is called, and what it is started with. */
export interface Listener {
  readonly image: ImageProfile | null;
  readonly names: readonly string[];
  readonly words: readonly string[];
}

/** The debugger that listens at a port, by what starts it; `null`: none does. */
function debuggerAt(port: number, { image, words }: Listener): string | null {
  if (port === 5005 && (image?.isJvm || words.some(word => word.includes('jdwp')))) return "Java's debugger";
  if (port === 9229 && (/(?:^|\/)(?:node(?:js\d+)?|bun|deno)$/.test(image?.name ?? '') || words.some(word => word.includes('--inspect'))))
    return "Node.js's debugger";
  return null;
}

/** Programs whose pages and collectors have no log-in. Source: https://www.jaegertracing.io/docs/latest/security/ */
const withoutLogin = /(?:^|\/)jaegertracing\/(?:jaeger|all-in-one|jaeger-query|jaeger-collector)(?:[:@]|$)/;

/** Whether the image of that name serves everybody who reaches it. */
export function hasNoLogin(image: string): boolean {
  return withoutLogin.test(image);
}

/** What listens on ports of a container that are for its neighbours alone; `null`: nothing of the kind is known. */
export function sensitiveService(range: { readonly first: number; readonly last: number } | null, listener: Listener): string | null {
  const { image, names } = listener;
  const called = [...names, image?.name ?? ''].map(name => name.toLowerCase());
  const isAt = (port: number): boolean => range !== null && range.first <= port && port <= range.last;
  for (const [port, sensitive] of ports)
    if (isAt(port) && (sensitive.called === null || called.some(name => sensitive.called!.test(name)))) return sensitive.service;
  for (const port of [5005, 9229]) {
    const found = isAt(port) ? debuggerAt(port, listener) : null;
    if (found !== null) return found;
  }
  return image?.isDatabase ? image.name : null;
}

/**
 * Servers of Git whose images speak Git on port 22, without a shell, by what their repositories are called: what docs.gitlab.com
 * (install/docker), docs.gitea.com, forgejo.org/docs and the READMEs of gogs/gogs and sameersbn/docker-gitlab say of the port.
 */
const gitServers = /^(?:gitlab(?:-[ce]e)?|gitea|forgejo|gogs)$/;

/** Whether an image is a server of Git, by the last part of its repository. */
export function isGitServer(repository: string): boolean {
  return gitServers.test(repository.slice(repository.lastIndexOf('/') + 1));
}
