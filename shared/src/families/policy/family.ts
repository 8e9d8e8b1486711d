import type { Claimable, Claim, YamlFamily } from '../../family/types';
import { yamlPart } from '../../family/yaml-part';
import { groupOf } from '../../source/scan';

function claims({ head }: Claimable): Claim | null {
  const group = groupOf(head);
  if (group !== 'kyverno.io' && group !== 'policies.kyverno.io') return null;
  return { reason: 'the text is a Kyverno policy', dialect: { templated: false, fragment: false } };
}

/** Admission policies: recognised; they have no rules yet. */
export const policy: YamlFamily = {
  id: 'policy',
  label: 'admission policies',
  language: 'yaml',
  targets: [],
  claims,
  part: piece => yamlPart(piece, { family: 'policy', visit: () => {}, objectOf: () => null }),
  facts: () => [],
  images: () => [],
  scaffold: null,
};
