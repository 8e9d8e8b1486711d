import { describe, expect, test } from 'vitest';
import { emptyWorkspace } from '../../../shared/src/workspace/workspace-index';
import { builtImage, calledKind, unknownImage } from '../../../shared/src/evidence/known-image';
import type { Service } from '../../../shared/src/evidence/service';
import { createWords } from '../../../shared/src/output/report/words';
import { serviceOf, stageOn } from './services';

const words = createWords([]);

/** Why an image may be anything, in words; `''`: it is known. */
function said(service: Service): string {
  const why = calledKind(service)?.reason ?? unknownImage(service);
  return why === null ? '' : words.evidence(why);
}

describe('an image that nothing here builds and no profile describes', () => {
  test('is known where ko builds it from the sources here', () => expect(said(serviceOf('ko://example.com/acme/web'))).toBe(''));

  test.each<[why: RegExp, image: string | null, more?: Partial<Service>]>([
    [/comes from docker\.io$/, 'acme/web:1'],
    [/comes from docker\.io$/, 'joomla:5'],
    // whoever runs it may have built it, and nothing here says so
    [/comes from docker\.io$/, 'web:1.2'],
    [/comes from ghcr\.io$/, 'ghcr.io/acme/web:1'],
    [/comes from registry\.example\.com$/, 'registry.example.com/shop/web:1.2'],
    [/comes from localhost:5000$/, 'localhost:5000/web'],
    [/comes from 123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com$/, '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1'],
    [/^the file does not show which image it runs$/, '${REGISTRY}/web:1'],
    [/^the file does not show which image it runs$/, null],
    [/comes from registry\.example\.com$/, 'registry.example.com/mysql-exporter:1'],
    [/port 80,/, 'registry.example.com/web:1', { lowPort: 80 }],
    [/volume "data"/, 'registry.example.com/web:1', { keptVolume: 'data' }],
    [/^its image name contains db, which suggests a database$/, 'registry.example.com/orders-db:1'],
    [/contains jupyterhub, which suggests a notebook/, 'registry.example.com/jupyterhub:1'],
    [/contains vllm/, 'registry.example.com/vllm:1'],
    [/contains kafka/, 'registry.example.com/kafka:1'],
    [/^its name contains db, which suggests a database/, 'registry.example.com/web:1', { name: 'db' }],
    [/starts mongod, which suggests a database/, 'registry.example.com/web:1', { words: ['/usr/bin/mongod'] }],
    [/comes from/, 'registry.example.com/web:1', { words: ['--database=orders', 'db'] }],
    [/^the Dockerfile that builds its image is not known here$/, null, { isBuilt: true }],
  ])('%s: %s', (why, image, more) => expect(said(serviceOf(image, more))).toMatch(why));
});

describe('what a Dockerfile builds', () => {
  test.each<[string, Parameters<typeof stageOn>, string]>([
    ['on a known image', ['debian:13'], ''],
    ['on a base that nobody knows', ['acme/base:1'], 'nothing is known about acme/base:1, which Dockerfile builds on'],
    ['on one that is only known later', [null], 'nothing is known about the base image of Dockerfile'],
    [
      'on such a base, as a user that it names',
      ['acme/base:1', { user: { path: '', range: { start: 0, end: 0 }, value: '1000', uid: 1000 } }],
      '',
    ],
    ['without a word of what it starts', ['debian:13', { run: null, name: 'web' }], 'Dockerfile does not say what its stage web starts'],
  ])('%s', (_, [base, more], expected) =>
    expect(said(serviceOf('acme/web:1', { known: builtImage(stageOn(base, more), emptyWorkspace) }))).toBe(expected),
  );
});
