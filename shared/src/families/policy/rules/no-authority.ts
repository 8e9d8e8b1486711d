import { mayGain } from '../../../syntax/yaml/certainty';
import { numberOf, sequenceOf } from '../../../syntax/yaml/values';
import { defineRule, type Report } from '../../../rule/define-rule';
import { editText } from '../../../syntax/yaml/operations';
import { placeInScalar } from '../../../syntax/cel/place';
import { expressionsOf, parsed } from '../model/expressions';
import { ignoredCounts, namedAttestors, verifies } from '../model/signature-counts';
import { has, isLiteral, keyRange, mapsAt, textAt, type MapSpot } from '../model/spots';
import type { VerificationView } from '../model/types';
import { placeOf, verifiesNothing } from '../model/verifications';

type OwnReport = Report<'digests' | 'attestation' | 'empty' | 'count' | 'authorities' | 'unused' | 'ignored' | 'unnamed', 'some'>;

function isEmpty(verification: VerificationView, spot: MapSpot, key: string): boolean {
  const list = sequenceOf(spot.map.get(key));
  return (!has(spot, key) || (list !== null && list.items.length === 0)) && !mayGain(verification.policy.document, list);
}

function checkSets(verification: VerificationView, spot: MapSpot, report: OwnReport): void {
  for (const set of mapsAt(spot, 'attestors')) {
    const count = set.map.get('count');
    if (isEmpty(verification, set, 'entries')) report(keyRange(set, 'entries') ?? placeOf(verification, 'attestors'), 'empty');
    if (count && numberOf(count) === 0) report(count.range, 'count');
  }
}

function checkKyverno(verification: VerificationView, report: OwnReport): void {
  const { at } = verification;
  checkSets(verification, at, report);
  for (const attestation of mapsAt(at, 'attestations')) {
    checkSets(verification, attestation, report);
    if (isEmpty(verification, attestation, 'attestors') && isEmpty(verification, at, 'attestors'))
      report(keyRange(attestation, 'attestors') ?? attestation.map.entries[0]?.key?.range ?? at.map.range, 'attestation');
  }
  // it asks that another rule has verified the image (kyverno.io, verify-images: `required`)
  if (has(at, 'required')) return;
  if (verifiesNothing(verification)) report(keyRange(at, 'attestors') ?? verification.reportRange, 'digests');
}

/** What a policy in CEL lists, and its expressions name. */
const lists = ['attestors', 'attestations'];

function checkCel(verification: VerificationView, report: OwnReport): void {
  const { at, policy } = verification;
  const expressions = expressionsOf(policy);
  const trees = expressions.flatMap(expression => parsed(expression).tree ?? []);
  // with one that cannot be read nobody knows what it asks for
  if (mayGain(policy.document, at.map.get('validations')) || trees.length < expressions.length) return;
  if (!trees.some(verifies)) return report(placeOf(verification, 'validations'), 'unused');
  for (const expression of expressions) {
    const { spot } = expression;
    for (const { range: part, instead } of ignoredCounts(spot.text, parsed(expression).tree!)) {
      const range = placeInScalar(policy.document, spot.node, part);
      const isExact = policy.document.text.slice(range.start, range.end) === spot.text.slice(part.start, part.end);
      const fix =
        isExact &&
        report.fix('some', () => [editText(spot.path, [{ range, text: instead }])], { data: { instead }, assumes: [{ id: 'signed' }] });
      report(range, 'ignored', {}, fix);
    }
  }
  for (const list of lists) {
    const named = namedAttestors(trees, list);
    for (const each of named ? mapsAt(at, list) : []) {
      const name = textAt(each, 'name');
      if (name && isLiteral(name) && !named!.has(name.text)) report(name.range, 'unnamed', { name: name.text });
    }
  }
}

export const rule = defineRule({
  id: 'policy/no-authority',
  title: 'Image policy that requires no signature',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cisKubernetes: ['5.5.1'], nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-347'] },
  needsWhole: true,
  messages: {
    digests: {
      text: '{object} names no signer: it only checks digests',
      severity: 'warning',
      profile: 'recommended',
    },
    attestation: { text: '{object} does not say who must have signed this attestation' },
    empty: { text: '{object} has an empty set of attestors' },
    count: { text: 'No attestor needs to have signed: the required count is 0' },
    authorities: { text: '{object} names no authority' },
    unused: { text: '{object} verifies no signatures in its validations' },
    ignored: { text: 'This check passes without any signature: the number of signatures is never below 0' },
    unnamed: {
      text: '{object} declares "{name}" but never requires it',
      severity: 'warning',
      profile: 'recommended',
    },
  },
  fixes: { some: { title: 'Require a signature: {instead}', class: 'review' } },
  assumptions: { signed: 'Every image that the policy matches is signed' },
  on: {
    verification(verification, report) {
      if (verification.engine === 'kyverno') checkKyverno(verification, report);
      else if (verification.engine === 'kyverno-cel') checkCel(verification, report);
      else if (isEmpty(verification, verification.at, 'authorities')) report(placeOf(verification, 'authorities'), 'authorities');
    },
  },
});
