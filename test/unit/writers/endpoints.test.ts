import { describe, expect, test } from 'vitest';
import { calling, deployment, pod, service, write, type Workload } from './manifests';

describe('what says where to connect to', () => {
  test.each<[what: string, workload: Workload]>([
    ['an address', { env: { DATABASE_URL: 'postgres://user:p%40ss@db:5433/shop' } }],
    ['an address with a password that has an @ in it', { env: { DATABASE_URL: 'postgres://user:p@ss@db:5433/shop' } }],
    ['several hosts', { env: { X: 'mongodb://other.example.com:1,db:5433/shop' } }],
    ['a host and a port', { env: { DATABASE: 'db:5433' } }],
    ['a host, and a port beside it', { env: { DB_HOST: 'db', DB_PORT: '5433' } }],
    ['a host alone: all that its Service has', { env: { PGHOST: 'db' } }],
    ['with its namespace', { env: { DB: 'db.shop:5433' } }],
    ['with its whole name', { env: { DB: 'db.shop.svc.cluster.local:5433' } }],
    ['with a final dot', { env: { DB_HOST: 'db.shop.svc.cluster.local.' } }],
    ['in capitals', { env: { DB: 'DB.Shop:5433' } }],
    ['another variable of the container', { env: { H: 'db', U: 'postgres://$(H):5433/shop' } }],
    ['an option', { args: ['--database=postgres://db:5433'] }],
    ['the word behind an option', { args: ['--database', 'db:5433'] }],
    ['a script', { args: ['until nc; do sleep 1; done; curl http://db:5433/ready'] }],
  ])('%s', (_, workload) => {
    const { allows, left } = calling(workload);
    expect(allows(pod('web'), pod('db'), 5432)).toBe(true);
    expect(allows(pod('db'), pod('web'), 5432)).toBe(false);
    expect(allows(pod('web'), pod('db'), 5433)).toBe(false);
    expect(left).not.toContainEqual(expect.stringContaining('calls'));
  });

  test.each<[what: string, workload: Workload]>([
    ['a word that is no host', { env: { LOG_LEVEL: 'db', MODE: 'db' } }],
    ['the pod itself', { env: { DB: 'localhost:5433', OTHER: 'http://127.0.0.1:5433', LISTEN: '0.0.0.0:5433', PORT: ':5433' } }],
    ['the Service of that name in another namespace', { env: { DB: 'db.other:5433' } }],
    ['what is filled in later', { env: { DB: 'postgres://${DB}:5433', U: '$(UNKNOWN):5433' } }],
    ['a time, a version, a path', { env: { AT: '12:30', V: '1.2.3', P: '/db:5433' } }],
  ])('not: %s', (_, workload) => {
    expect(calling(workload).allows(pod('web'), pod('db'), 5432)).toBe(false);
  });

  test.each([
    ['envFrom of a Secret', 'Secret', 'stringData', 'envFrom: [{secretRef: {name: db}}]'],
    ['envFrom of a ConfigMap', 'ConfigMap', 'data', 'envFrom: [{configMapRef: {name: db}}]'],
    ['one key of a Secret', 'Secret', 'stringData', 'env: [{name: X, valueFrom: {secretKeyRef: {name: db, key: URL}}}]'],
  ])('%s', (_, kind, field, from) => {
    const data = `apiVersion: v1\nkind: ${kind}\nmetadata: {name: db, namespace: shop}\n${field}: {URL: "postgres://u:hunter2@db:5433/x", OTHER: "http://cache:1"}\n`;
    const web = deployment('web').replace(/env: \[\]/, from);
    const { allows, text } = write(
      'shop',
      web,
      data,
      deployment('db'),
      service('db', 'selector: {app: db}, ports: [{port: 5433, targetPort: 5432}]'),
    );
    expect(allows(pod('web'), pod('db'), 5432)).toBe(true);
    expect(text).not.toContain('hunter2');
  });
});
