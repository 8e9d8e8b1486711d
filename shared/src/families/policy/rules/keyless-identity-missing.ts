import { markOf } from '../../../rule/fix/places';
import { defineRule } from '../../../rule/define-rule';
import { mayGain } from '../../../syntax/yaml/certainty';
import { setValue } from '../../../syntax/yaml/operations';
import { mapOf } from '../../../syntax/yaml/values';
import { hasOwnRoot } from '../model/identities';
import { keyRange, type MapSpot } from '../model/spots';
import type { AuthorityView } from '../model/types';

const issuer = 'https://token.actions.githubusercontent.com';
const subject = `https://github.com/${markOf(1)}/.github/workflows/${markOf(2)}@refs/heads/${markOf(3)}`;
const places = [
  { text: 'OWNER/REPOSITORY', sample: 'acme/web' },
  { text: 'release.yml', sample: 'release.yml' },
  { text: 'main', sample: 'main' },
];

/** The map of an identity of which something is missing, and what; for none at all where its authority stands. */
function lacks(authority: AuthorityView): readonly { readonly at: MapSpot; readonly issuer: boolean; readonly subject: boolean }[] {
  const { identities, at } = authority;
  const found = identities.map(identity => ({
    at: identity.at,
    issuer: !identity.issuer && !identity.issuerRegExp,
    subject: !identity.subject && !identity.subjectRegExp,
  }));
  return found.length === 0 ? [{ at, issuer: true, subject: true }] : found.filter(each => each.issuer || each.subject);
}

export const rule = defineRule({
  id: 'policy/keyless-identity-missing',
  title: 'Keyless signature accepted from anyone',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.5.1'],
    nist800190: ['3.1.5', '4.1.5'],
    cwe: ['CWE-290', 'CWE-347'],
    links: ['https://docs.sigstore.dev/cosign/verifying/verify/'],
  },
  needsWhole: true,
  messages: {
    both: { text: 'Anyone who can log in to Fulcio can sign: neither issuer nor subject is required' },
    issuer: { text: 'Any identity provider can vouch for the subject: no issuer is required' },
    subject: { text: 'Anyone known to the issuer can sign: no subject is required' },
    'own-root': { text: 'Anyone with a certificate from this root can sign: {lacking} is not required', severity: 'warning' },
  },
  fixes: { github: { title: 'Require the identity of a GitHub workflow', class: 'manual' } },
  on: {
    authority(authority, report) {
      const { kind, verification, complete, at } = authority;
      if (kind !== 'keyless' || !complete || mayGain(verification.policy.document, at.map.get('identities'))) return;
      for (const missing of lacks(authority)) {
        if (mayGain(verification.policy.document, missing.at.map)) continue;
        const both = missing.issuer && missing.subject;
        const lacking = both ? 'an identity' : missing.issuer ? 'the issuer' : 'the subject';
        const inList = verification.engine !== 'kyverno' && missing.at === at;
        // an empty map, `keyless:` without one, or one that stands beside the identities of others
        const path = mapOf(authority.outer.map.get('keyless')) ? missing.at.path : [...authority.outer.path, 'keyless'];
        const fix = report.fix(
          'github',
          () =>
            inList
              ? [setValue([...path, 'identities'], [{ issuer, subject }])]
              : [
                  ...(missing.issuer ? [setValue([...path, 'issuer'], issuer, null)] : []),
                  ...(missing.subject ? [setValue([...path, 'subject'], subject, 'issuer')] : []),
                ],
          missing.subject ? { places } : { class: 'attended' },
        );
        const first = missing.at.map.entries[0]?.key?.range;
        const range = missing.at === at || verification.engine === 'kyverno' ? authority.reportRange : (first ?? authority.reportRange);
        const where = inList ? (keyRange(at, 'identities') ?? range) : range;
        report(where, hasOwnRoot(authority) ? 'own-root' : both ? 'both' : missing.issuer ? 'issuer' : 'subject', { lacking }, fix);
      }
    },
  },
});
