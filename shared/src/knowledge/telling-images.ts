/**
 * Words in the names of images and programs that tell what kind of software they are, where nothing else is known of it: kinds that usually
 * keep data, look for the files of root or change the system, so that nobody can say unseen that another user fits.
 */
const kinds: readonly (readonly [kind: string, words: string])[] = [
  ['a notebook', 'jupyter jupyterhub jupyterlab jupyter-lab jupyter-notebook notebook notebooks zeppelin rstudio marimo'],
  [
    'a database',
    'db database postgres postgresql pg pgsql pgvector postgis timescaledb spilo mysql mysqld mariadb mariadbd percona xtradb xtrabackup galera mongo mongodb mongod mongos redis ' +
      'redis-server valkey keydb dragonfly cassandra scylla couchdb couchbase neo4j influxdb influxd clickhouse elasticsearch opensearch elastic ' +
      'solr etcd cockroach cockroachdb oracle mssql sqlserver sqlcmd db2 rethinkdb arangodb arangod dgraph tidb tikv vitess milvus qdrant weaviate chroma questdb ' +
      'documentdb dynamodb sql-edge minio ceph gluster glusterfs seaweedfs longhorn ipfs kubo',
  ],
  ['a message queue', 'rabbitmq kafka redpanda pulsar activemq artemis nats mosquitto emqx nsq nsqd zookeeper rocketmq beanstalkd'],
  [
    'a machine learning server',
    'tensorflow tensorflow-serving serving torchserve pytorch triton tritonserver vllm ollama llama llm tgi huggingface cuda nvidia mlflow kubeflow localai ' +
      'comfyui xinference resnet onnxruntime',
  ],
  ['a desktop or browser', 'desktop vnc novnc x11vnc xvfb chrome chromium firefox selenium kasm webtop guacamole browserless'],
  [
    'a system tool',
    'csi cni calico cilium flannel weave kube-proxy metallb fluentd fluentbit fluent-bit filebeat metricbeat logstash datadog newrelic falco sysdig dind ' +
      'buildkit kaniko podman buildah runner jenkins agent vpn wireguard openvpn tailscale pihole unbound bind9 dnsmasq keepalived samba nfs ftp ' +
      'vsftpd sftp sshd ssh openssh postfix mailserver dovecot cron crond supervisor supervisord systemd runit s6 ldap openldap slapd freeipa ntp ' +
      'chrony debootstrap certbot iptables toolbox netshoot strace perf bpf ebpf provisioner snapshotter device-plugin node-feature-discovery heapster gitlab',
  ],
];

const kindOf = new Map(kinds.flatMap(([kind, words]) => words.split(' ').map(word => [word, kind] as const)));

/** Ends of names that say that the software has to do with the other words of its name, and is not that. */
const relatives: ReadonlySet<string> = new Set(
  'exporter client ui dashboard console operator controller manager adapter webhook sidecar frontend front-end viewer web api reloader metrics'.split(
    ' ',
  ),
);

/** The kind of software that a name tells of, as `a database`; `null` for a name that tells nothing. Words end at `-`, `.`, `/` and `:`, and at no `_`. */
export function tellingKind(name: string): { readonly kind: string; readonly word: string } | null {
  const parts = name.toLowerCase().split('/');
  // of `mssql/server` the folder tells
  const last = (parts.length > 1 && parts.at(-1) === 'server' ? parts.at(-2) : parts.at(-1)) ?? '';
  const words = last.split(/[^a-z0-9_]+/).filter(word => word !== '');
  if (words.length > 1 && relatives.has(words.at(-1)!)) return null;
  for (const word of [last, ...words, ...words.map((each, at) => `${each}-${words[at + 1] ?? ''}`)]) {
    const kind = kindOf.get(word);
    if (kind !== undefined) return { kind, word };
  }
  return null;
}
