import { describe, expect, it } from 'vitest';
import { registryTrust } from '../../../shared/src/knowledge/registries';
import { parseImageReference } from '../../../shared/src/syntax/image/reference';

const cases: readonly (readonly [image: string, list: readonly string[], expected: string])[] = [
  ['node', [], 'trusted'],
  ['node:24', ['docker.io'], 'trusted'],
  ['node:24', ['index.docker.io'], 'trusted'],
  ['node:24', ['hub.docker.com'], 'trusted'],
  ['node:24', ['https://registry-1.docker.io/'], 'trusted'],
  ['acme/web', ['docker.io/library'], 'outside'],
  ['acme/web', ['acme'], 'trusted'],
  ['node', ['node'], 'trusted'],
  ['node/web', ['node'], 'trusted'],
  ['acme/web', ['acme/web'], 'trusted'],
  ['acme/web2', ['acme/web'], 'outside'],
  ['ghcr.io/acme/a/b@sha256:' + 'a'.repeat(64), ['ghcr.io/acme/*'], 'trusted'],
  ['ghcr.io/acme-labs/a', ['ghcr.io/acme'], 'outside'],
  ['ghcr.io/acme-labs/a', ['ghcr.io/acme*'], 'trusted'],
  ['localhost:5000/a', ['localhost:5000'], 'trusted'],
  ['localhost:5000/a', ['localhost'], 'outside'],
  ['localhost/a', ['localhost'], 'trusted'],
  ['a.b.example.com/x', ['*.example.com'], 'trusted'],
  ['example.com/x', ['*.example.com'], 'outside'],
  ['example.org/x', ['example.*'], 'trusted'],
  ['quay.io/mirror/x', ['*/mirror'], 'trusted'],
  ['quay.io/x', ['*'], 'trusted'],
  ['quay.io/x', ['**'], 'trusted'],
  ['1.dkr.ecr.eu.amazonaws.com/x', ['*.dkr.ecr.*.amazonaws.com'], 'trusted'],
  ['x.dkr.ecr.amazonaws.com/x', ['*.dkr.ecr.*.amazonaws.com'], 'outside'],
  ['quay.io/x', ['!docker.io'], 'trusted'],
  ['node', ['!docker.io'], 'denied'],
  ['quay.io/evil/x', ['quay.io', '!quay.io/evil'], 'denied'],
  ['quay.io/evil/x', ['!quay.io/evil', 'quay.io/evil/x'], 'denied'],
  ['quay.io/good/x', ['quay.io', '!quay.io/evil'], 'trusted'],
];

describe('registryTrust', () => {
  it.each(cases)('%s with %j: %s', (image, list, expected) => {
    const reference = parseImageReference(image);
    expect(reference.invalid).toBeNull();
    if (reference.invalid === null) expect(registryTrust(reference, list)).toBe(expected);
  });
});
