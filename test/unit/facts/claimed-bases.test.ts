import { describe, expect, it } from 'vitest';
import { readChain } from '../../../shared/src/services/facts/chain';
import { makeImage, type MadeImage } from '../../support/image-chain';

/** What an image says that it was built on. */
function bases(image: MadeImage): readonly string[] {
  const { digest, chain } = makeImage(image);
  const read = readChain(digest, chain, 'verified');
  if (!read.ok) throw new Error(read.problem);
  return read.value.facts.bases;
}

describe('what an image was built on', () => {
  it.each<readonly [string, MadeImage, readonly string[]]>([
    ['nothing', { config: {} }, []],
    [
      'a label',
      { config: { Labels: { 'org.opencontainers.image.base.name': 'docker.io/library/debian:buster' } } },
      ['docker.io/library/debian:buster'],
    ],
    [
      'the labels of Ubuntu, which children inherit',
      { config: { Labels: { 'org.opencontainers.image.ref.name': 'ubuntu', 'org.opencontainers.image.version': '18.04' } } },
      ['ubuntu:18.04'],
    ],
    ['labels of somebody else', { config: { Labels: { 'org.opencontainers.image.version': '18.04' } } }, []],
    [
      'the first line of Debian',
      {
        history: [
          { created_by: "# debian.sh --arch 'amd64' out/ 'buster' '@1690000000'" },
          { created_by: 'RUN /bin/sh -c true # buildkit' },
        ],
      },
      ['debian:buster'],
    ],
    ['that of Alpine', { history: [{ created_by: 'ADD alpine-minirootfs-3.12.1-x86_64.tar.gz / # buildkit' }] }, ['alpine:3.12']],
    [
      'the variables of languages',
      { config: { Env: ['NODE_VERSION=16.20.2', 'PATH=/bin', 'PYTHON_VERSION=3.7.17'] } },
      ['node:16.20.2', 'python:3.7.17'],
    ],
    ['no variable of another kind', { config: { Env: ['APP_VERSION=1.2.3', 'NODE_VERSION=lts', 'constructor_VERSION=1.2'] } }, []],
  ])('by %s', (_, image, expected) => {
    expect(bases(image)).toEqual(expected);
  });
});
