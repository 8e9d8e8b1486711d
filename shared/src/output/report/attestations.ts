import { maskAlone } from './gate';
import { plain, type MaskedText } from './masked-text';

const kinds: readonly (readonly [RegExp, MaskedText])[] = [
  [/slsa\.dev\/provenance/, plain('provenance')],
  [/spdx\.dev\/Document/, plain('SBOM (SPDX)')],
  [/cyclonedx\.org\/bom/, plain('SBOM (CycloneDX)')],
  [/attestation\/vuln/, plain('vulnerability report')],
];

/** What a statement with a predicate type says of an image, for people: the type itself where it is none of the usual ones. */
export function attestationKind(predicateType: string): MaskedText {
  return kinds.find(([pattern]) => pattern.test(predicateType))?.[1] ?? maskAlone(predicateType);
}
