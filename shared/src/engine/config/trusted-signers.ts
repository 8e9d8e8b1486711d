import type { Range } from '../../base/text/range';
import type { YamlNode } from '../../syntax/yaml/types';
import type { ImageParts } from '../../syntax/image/reference';
import { registryTrust } from '../../knowledge/registries';
import { keyRange, mapOf, scalarOf, type Handler, type Reader } from './read';
import type { TrustedSigner } from './types';

/** Reads one of `trustedSigners`: whose images it is about, and a key, or an identity and who vouches for it. Empty where it is wrong. */
export function readTrustedSigner(node: YamlNode | null, at: Range, reader: Reader): readonly TrustedSigner[] {
  let images: readonly string[] | null = null;
  const said: { key: string | null; identity: string | null; issuer: string | null } = { key: null, identity: null, issuer: null };
  const text =
    (name: keyof typeof said): Handler =>
    (value, range) =>
      (said[name] = reader.text(value, range, name));
  const clean = reader.map(node, at, 'the signer', {
    images: (value, range) => {
      const one = scalarOf(value) ? reader.text(value, range, 'images') : null;
      images = one === null ? (scalarOf(value) ? null : reader.texts(value, range, 'images')) : [one];
    },
    key: text('key'),
    identity: text('identity'),
    issuer: text('issuer'),
  });
  const map = mapOf(node);
  if (!map) return [];
  const written = (name: string): boolean => map.entry(name) !== undefined;
  const place = map.entries[0] ? keyRange(map.entries[0]) : at;
  if (!written('images')) reader.problem(place, 'A signer needs "images": the images that must be signed');
  else if (written('key') === (written('identity') || written('issuer')))
    reader.problem(place, 'A signer needs either "key", or "identity" and "issuer"');
  else if (!written('key') && !(written('identity') && written('issuer')))
    reader.problem(place, '"identity" and "issuer" are needed together: an issuer vouches for many identities');
  else if (clean && images !== null && (said.key !== null || (said.identity !== null && said.issuer !== null)))
    return [{ images, ...said }];
  return [];
}

/** The signers of a configuration whose signature an image must have: one of them is enough. Empty: nobody's is asked for. */
export function signersOf(image: Pick<ImageParts, 'registry' | 'repository'>, signers: readonly TrustedSigner[]): readonly TrustedSigner[] {
  return signers.filter(({ images }) => images.length > 0 && registryTrust(image, images) === 'trusted');
}
