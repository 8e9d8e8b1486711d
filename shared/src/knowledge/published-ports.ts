import { findImageProfile } from './image-profiles';
import type { ImageReference } from '../image/reference';

/**
 * Ports of data stores, brokers, administration and debugging, which nobody means to open to a network by publishing them: the numbers that the
 * servers' own images and documentation name. Web servers and their kin are not among them.
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
  [8888, 'Jupyter'],
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
  [27017, 'MongoDB'],
  [28015, 'RethinkDB'],
]);

/** What listens on a port of a container that is for its neighbours alone; `null`: nothing of the kind is known. */
export function sensitiveService(first: number, last: number, image: ImageReference | null): string | null {
  for (const [port, name] of services) if (first <= port && port <= last) return name;
  const profile = image && findImageProfile(image);
  return profile?.isDatabase ? profile.name : null;
}
