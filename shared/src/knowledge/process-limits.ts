import type { ImageProfile } from './image-profiles';

/** How many processes and threads are enough for an image, by far. */
export interface ProcessLimit {
  readonly limit: number;
  /** A word of the settings with which it starts more of them. */
  readonly raisedBy: RegExp | null;
}

/**
 * Databases with a bound of their own. A process or thread for each connection: 100 by default in PostgreSQL (postgresql.org, runtime-config-connection),
 * 151 in MySQL and MariaDB (dev.mysql.com and mariadb.com, max_connections), besides some thirty for the server. Redis and Valkey: 128 threads at most
 * (io-threads, redis.conf), and a fork that saves.
 */
const bounded: readonly (readonly [names: RegExp, bound: ProcessLimit])[] = [
  [/(?:^|\/)(?:postgres(?:ql)?|mysql|mariadb)$/, { limit: 1024, raisedBy: /max[_-]connections/i }],
  [/(?:^|\/)(?:redis|valkey)$/, { limit: 256, raisedBy: null }],
];

/**
 * Servers and languages that start as many as there are processors, tabs, kernels, disks or containers: browsers, RabbitMQ (rabbitmq.com, runtime: schedulers and
 * 16 threads of I/O for each processor), notebooks, MinIO (its own unit has TasksMax=infinity), containers in a container.
 */
const unbounded = /^selenium\/|(?:^|\/)(?:rabbitmq|base-notebook|minio)$|^docker(?::|$)/;

/** How many processes and threads are enough for what an image runs; `null`: they grow with the load, or it may run anything. */
export function processLimit({ name, kind, isDatabase, isJvm }: ImageProfile): ProcessLimit | null {
  if (kind === 'configured') return null;
  const bound = bounded.find(([names]) => names.test(name));
  if (bound) return bound[1];
  // a thread of Java for each request, a thread of most databases for each connection
  if (kind === 'base' || isDatabase || isJvm || unbounded.test(name)) return null;
  return { limit: kind === 'runtime' ? 1024 : 256, raisedBy: null };
}
