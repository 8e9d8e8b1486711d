import { describe, expect, test } from 'vitest';
import { parseImageReference } from '../../../shared/src/image/reference';
import { noApplication, type Unknown } from '../../../shared/src/run-as/application';

const seen = (image: string, more: Partial<Unknown> = {}): Unknown => {
  const reference = parseImageReference(image);
  return {
    reference: reference.invalid === null ? reference : null,
    image,
    variable: false,
    trustedRegistries: [],
    words: [],
    volume: null,
    lowPort: null,
    ...more,
  };
};

describe('an image of which nothing is known', () => {
  test.each<[image: string, more?: Partial<Unknown>]>([
    ['registry.example.com/shop/web:1.2'],
    ['web:1.2'],
    ['localhost:5000/web'],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1'],
    ['europe-docker.pkg.dev/acme/shop/web:1'],
    ['gcr.io/acme/web:1'],
    ['ko://example.com/acme/web'],
    ['ghcr.io/acme/web:1', { trustedRegistries: ['ghcr.io/acme'] }],
    ['${REGISTRY}/web:1', { variable: true }],
    ['registry.example.com/mysql-exporter:1'],
    ['registry.example.com/redis-ui:1'],
    // a word ends at no underscore
    ['registry.example.com/web:1', { words: ['/opt/runit_bootstrap'] }],
    ['registry.example.com/web:1', { words: ['sh', '-c', 'exec web > /dev/null 2>/tmp/log'] }],
    ['registry.example.com/web:1', { words: ['--database=orders', 'db'] }],
  ])('%s looks like an application', (image, more) => expect(noApplication(seen(image, more))).toBeNull());

  test.each<[why: RegExp, image: string, more?: Partial<Unknown>]>([
    [/comes from docker\.io$/, 'acme/web:1'],
    [/comes from docker\.io$/, 'joomla:5'],
    [/comes from ghcr\.io$/, 'ghcr.io/acme/web:1'],
    [/comes from gcr\.io$/, 'gcr.io/google-samples/hello-app:1.0'],
    [/comes from ghcr\.io$/, 'ghcr.io/acme/web:1', { trustedRegistries: ['registry.example.com'] }],
    [/port 80,/, 'registry.example.com/web:1', { lowPort: 80 }],
    [/volume "data"/, 'registry.example.com/web:1', { volume: 'data' }],
    [/called orders-db|called db: it may be a database/, 'registry.example.com/orders-db:1'],
    [/called jupyterhub: it may be a notebook/, 'registry.example.com/jupyterhub:1'],
    [/called vllm/, 'registry.example.com/vllm:1'],
    [/called novnc/, 'registry.example.com/novnc:1'],
    [/called kafka/, 'registry.example.com/kafka:1'],
    [/start script \/start\.sh is not known/, 'registry.example.com/web:1', { words: ['/start.sh', 'web'] }],
    [/start script \.\/docker-entrypoint\.sh/, 'registry.example.com/web:1', { words: ['sh', '-c', './docker-entrypoint.sh; exec web'] }],
    [/start script writes files/, 'registry.example.com/web:1', { words: ['/bin/sh', '-c', 'mkdir -p /srv/web && exec web'] }],
    [/starts mongod: it may be a database/, 'registry.example.com/web:1', { words: ['/usr/bin/mongod'] }],
  ])('%s: %s', (why, image, more) => expect(noApplication(seen(image, more))).toMatch(why));
});
