import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import {
  familiarName,
  normalizeName,
  parseImageReference,
  printImageReference,
  registryOf,
  type ImageProblem,
} from '../../../shared/src/syntax/image/reference';
import { expectLinear } from '../../support/growth';

const hex = 'a'.repeat(64);

const valid: [string, string | null, string, string | null, string | null, string, string][] = [
  ['node', null, 'node', null, null, 'docker.io/library/node', 'node'],
  ['node:20', null, 'node', '20', null, 'docker.io/library/node', 'node'],
  ['library/node', null, 'library/node', null, null, 'docker.io/library/node', 'node'],
  ['docker.io/node', 'docker.io', 'node', null, null, 'docker.io/library/node', 'node'],
  ['index.docker.io/library/node', 'index.docker.io', 'library/node', null, null, 'docker.io/library/node', 'node'],
  ['acme/shop:1.2.3', null, 'acme/shop', '1.2.3', null, 'docker.io/acme/shop', 'acme/shop'],
  [`ghcr.io/acme/shop@sha256:${hex}`, 'ghcr.io', 'acme/shop', null, `sha256:${hex}`, 'ghcr.io/acme/shop', 'ghcr.io/acme/shop'],
  [`node:20@sha256:${hex}`, null, 'node', '20', `sha256:${hex}`, 'docker.io/library/node', 'node'],
  [`x@sha512:${'0'.repeat(128)}`, null, 'x', null, `sha512:${'0'.repeat(128)}`, 'docker.io/library/x', 'x'],
  ['localhost/x', 'localhost', 'x', null, null, 'localhost/x', 'localhost/x'],
  ['localhost:5000/x', 'localhost:5000', 'x', null, null, 'localhost:5000/x', 'localhost:5000/x'],
  ['localhost:5000', null, 'localhost', '5000', null, 'docker.io/library/localhost', 'localhost'],
  ['[::1]:5000/a:b', '[::1]:5000', 'a', 'b', null, '[::1]:5000/a', '[::1]:5000/a'],
  ['127.0.0.1/a', '127.0.0.1', 'a', null, null, '127.0.0.1/a', '127.0.0.1/a'],
  ['Foo/bar', 'Foo', 'bar', null, null, 'Foo/bar', 'Foo/bar'],
  ['a/b/c/d_e__f.g-h---i:T_A.g-', null, 'a/b/c/d_e__f.g-h---i', 'T_A.g-', null, 'docker.io/a/b/c/d_e__f.g-h---i', 'a/b/c/d_e__f.g-h---i'],
];

const invalid: [string, ImageProblem, number, number][] = [
  ['', 'empty', 0, 0],
  ['https://ghcr.io/a', 'scheme', 0, 8],
  ['Node', 'uppercase', 0, 4],
  ['acme/Shop:1', 'uppercase', 0, 9],
  ['ghcr.io/Acme/x', 'uppercase', 8, 14],
  ['node:', 'tag', 4, 5],
  ['node:-x', 'tag', 5, 7],
  [`node:${'x'.repeat(129)}`, 'tag', 5, 134],
  ['node@sha256:abc123def456...', 'digest', 5, 27],
  ['node:20@', 'digest', 7, 8],
  [`node@md5:${'a'.repeat(32)}`, 'digest', 5, 41],
  [`node@sha256:${hex.toUpperCase()}`, 'digest', 5, 76],
  ['a//b', 'repository', 0, 4],
  ['/a', 'repository', 0, 2],
  [':1', 'repository', 0, 1],
  ['@sha256', 'repository', 0, 1],
  ['a_-b', 'repository', 0, 4],
  ['no de', 'repository', 0, 5],
  ['node:1:2', 'repository', 0, 6],
  ['-a.io/b', 'registry', 0, 5],
  ['ghcr.io:x/b', 'registry', 0, 9],
  [hex, 'image-id', 0, 64],
  [`${'a'.repeat(256)}`, 'too-long', 0, 256],
];

describe('parseImageReference', () => {
  it.each(valid)('%s', (text, registry, repository, tag, digest, normal, familiar) => {
    const ref = parseImageReference(text);
    if (ref.invalid !== null) throw new Error(ref.invalid);
    expect([ref.registry, ref.repository, ref.tag, ref.digest]).toEqual([registry, repository, tag, digest]);
    expect([normalizeName(ref), familiarName(ref), printImageReference(ref)]).toEqual([normal, familiar, text]);
    const cut = (r: { start: number; end: number } | null): string | null => (r === null ? null : text.slice(r.start, r.end));
    expect([cut(ref.ranges.registry), cut(ref.ranges.repository), cut(ref.ranges.tag), cut(ref.ranges.digest)]).toEqual([
      registry,
      repository,
      tag,
      digest,
    ]);
    expect(registryOf(ref)).toBe(normal.slice(0, normal.indexOf('/')));
  });

  it.each(invalid)('%s is refused', (text, problem, start, end) => {
    expect(parseImageReference(text)).toEqual({ invalid: problem, range: { start, end } });
  });

  it('takes any text, and prints back what it accepts', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9:/@._[\]-]{0,40}$/)), text => {
        const ref = parseImageReference(text);
        if (ref.invalid === null) expect(printImageReference(ref)).toBe(text);
        else expect(ref.range.start >= 0 && ref.range.end <= text.length && (text === '' || ref.range.end > ref.range.start)).toBe(true);
      }),
    );
  });

  it.each<[string, (n: number) => string]>([
    ['dashes', n => '-'.repeat(n)],
    ['dashes in a name', n => `${'a-'.repeat(n)}/b`],
    ['dots', n => `${'a.'.repeat(n)}:`],
    ['colons', n => ':'.repeat(n)],
    ['slashes', n => '/'.repeat(n)],
  ])('is linear on %s', (name, make) => {
    expectLinear(
      name,
      make,
      text => {
        parseImageReference(text);
        parseImageReference(`a${text}`);
      },
      200_000,
    );
  });
});
