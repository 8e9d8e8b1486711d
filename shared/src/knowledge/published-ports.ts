import type { ImageProfile } from './image-profiles';

/**
 * Ports of data stores, brokers, administration and debugging, which nobody means to open to a network by publishing them: the numbers that the
 * servers' own images and documentation name. Web servers and their kin are not among them, nor numbers that much else uses (7000, 8888).
 */
const services: ReadonlyMap<number, string> = new Map([
  [111, 'rpcbind'],
  [1433, 'Microsoft SQL Server'],
  [1521, 'Oracle Database'],
  [2019, "Caddy's administration"],
  [2049, 'NFS'],
  [2181, 'ZooKeeper'],
  [2375, 'the Docker API'],
  [2379, 'etcd'],
  [2380, 'etcd'],
  [3306, 'MySQL'],
  [3389, 'remote desktop'],
  [4369, "Erlang's node discovery"],
  [5005, "Java's debugger"],
  [5432, 'PostgreSQL'],
  [5601, 'Kibana'],
  [5671, 'RabbitMQ'],
  [5672, 'RabbitMQ'],
  [5900, 'VNC'],
  [5984, 'CouchDB'],
  [6379, 'Redis'],
  [7199, "Cassandra's management"],
  [7474, 'Neo4j'],
  [7687, 'Neo4j'],
  [8086, 'InfluxDB'],
  [8123, 'ClickHouse'],
  [8200, 'Vault'],
  [8500, 'Consul'],
  [8983, 'Solr'],
  [9042, 'Cassandra'],
  [9092, 'Kafka'],
  [9200, 'Elasticsearch'],
  [9229, "Node.js's debugger"],
  [9300, 'Elasticsearch'],
  [10250, 'the kubelet'],
  [11211, 'Memcached'],
  [15672, "RabbitMQ's management"],
  [25672, 'RabbitMQ'],
  [26257, 'CockroachDB'],
  [26379, 'Redis Sentinel'],
  [27017, 'MongoDB'],
  [27018, 'MongoDB'],
  [28015, 'RethinkDB'],
  [33060, 'MySQL'],
  [61616, 'ActiveMQ'],
]);

/** What listens on ports of a container that are for its neighbours alone; `null`: nothing of the kind is known. */
export function sensitiveService(
  ports: { readonly first: number; readonly last: number } | null,
  image: ImageProfile | null,
): string | null {
  if (ports) for (const [port, name] of services) if (ports.first <= port && port <= ports.last) return name;
  return image?.isDatabase ? image.name : null;
}
