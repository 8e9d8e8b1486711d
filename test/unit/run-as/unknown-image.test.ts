import { describe, expect, test } from 'vitest';
import { parseImageReference } from '../../../shared/src/syntax/image/reference';
import { unknownImageDoubt, type Unknown } from '../../../shared/src/evidence/run-as/unknown-image';

const seen = (image: string, more: Partial<Unknown> = {}): Unknown => {
  const reference = parseImageReference(image);
  return {
    reference: reference.invalid === null ? reference : null,
    image,
    words: [],
    volume: null,
    lowPort: null,
    ...more,
  };
};

describe('an image that nothing here builds and no profile describes', () => {
  test('is known where ko builds it from the sources here', () => expect(unknownImageDoubt(seen('ko://example.com/acme/web'))).toBeNull());

  test.each<[why: RegExp, image: string, more?: Partial<Unknown>]>([
    [/comes from docker\.io$/, 'acme/web:1'],
    [/comes from docker\.io$/, 'joomla:5'],
    // whoever runs it may have built it, and nothing here says so
    [/comes from docker\.io$/, 'web:1.2'],
    [/comes from ghcr\.io$/, 'ghcr.io/acme/web:1'],
    [/comes from registry\.example\.com$/, 'registry.example.com/shop/web:1.2'],
    [/comes from localhost:5000$/, 'localhost:5000/web'],
    [/comes from 123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com$/, '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1'],
    [/^which image it runs is only known later$/, '${REGISTRY}/web:1', { reference: null }],
    [/comes from registry\.example\.com$/, 'registry.example.com/mysql-exporter:1'],
    [/port 80,/, 'registry.example.com/web:1', { lowPort: 80 }],
    [/volume "data"/, 'registry.example.com/web:1', { volume: 'data' }],
    [/called orders-db|called db: it may be a database/, 'registry.example.com/orders-db:1'],
    [/called jupyterhub: it may be a notebook/, 'registry.example.com/jupyterhub:1'],
    [/called vllm/, 'registry.example.com/vllm:1'],
    [/called kafka/, 'registry.example.com/kafka:1'],
    [/starts mongod: it may be a database/, 'registry.example.com/web:1', { words: ['/usr/bin/mongod'] }],
    [/comes from/, 'registry.example.com/web:1', { words: ['--database=orders', 'db'] }],
  ])('%s: %s', (why, image, more) => expect(unknownImageDoubt(seen(image, more))).toMatch(why));
});
