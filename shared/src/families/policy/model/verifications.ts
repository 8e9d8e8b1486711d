import { mayGain } from '../../../syntax/yaml/certainty';
import { memoize } from '../../../base/text/memoize';
import type { Range } from '../../../base/text/range';
import { reportRangeOf, sequenceOf } from '../../../syntax/yaml/values';
import { listedAction, modeAction, partAction } from './actions';
import { isOfExample } from './key-problems';
import { rulesOf } from './rules';
import { has, keyRange, mapAt, mapIn, mapsAt, textAt, textsAt, type MapSpot, type TextSpot } from './spots';
import type { AuthorityView, IdentityView, PatternView, PolicyView, VerificationView } from './types';

/** Attestors may hold attestors; nobody nests them deeper. */
const deepest = 4;

/** Every place of a policy where signatures of images are verified. */
export const verificationsOf = memoize((policy: PolicyView): readonly VerificationView[] => {
  const { spec } = policy;
  if (policy.is === 'ClusterPolicy')
    return rulesOf(policy).flatMap(rule =>
      mapsAt(rule.at, 'verifyImages').map(at => {
        const base = {
          target: 'verification' as const,
          policy,
          rule,
          engine: 'kyverno' as const,
          at,
          reportRange: keyRange(at, at.map.entries[0]?.name ?? '') ?? reportRangeOf(at.map),
          action: partAction(policy, at),
          settings: at,
          complete: rule.complete && !mayGain(policy.document, at.map),
        };
        return build(base, textsAt(at, 'imageReferences'), textsAt(at, 'skipImageReferences'), verification => [
          ...kyvernoAttestors(verification, at, 0),
          ...mapsAt(at, 'attestations').flatMap(each => kyvernoAttestors(verification, each, 0)),
        ]);
      }),
    );
  if (spec === null) return [];
  const whole = {
    target: 'verification' as const,
    policy,
    rule: null,
    at: spec,
    reportRange: policy.reportRange,
    complete: policy.complete,
  };
  if (policy.is === 'ImageValidatingPolicy') {
    const settings = mapAt(spec, 'validationConfigurations');
    const action = listedAction(spec.map.get('validationActions'), true);
    const globs = mapsAt(spec, 'matchImageReferences').flatMap(each => textAt(each, 'glob') ?? []);
    return [
      build({ ...whole, engine: 'kyverno-cel', action, settings }, globs, [], verification =>
        mapsAt(spec, 'attestors').flatMap(each => celAuthority(verification, each)),
      ),
    ];
  }
  if (policy.is !== 'ClusterImagePolicy') return [];
  const globs = mapsAt(spec, 'images').flatMap(each => textAt(each, 'glob') ?? []);
  return [
    build({ ...whole, engine: 'sigstore', action: modeAction(policy), settings: null }, globs, [], verification =>
      mapsAt(spec, 'authorities').map(each => sigstoreAuthority(verification, each)),
    ),
  ];
});

type Base = Omit<VerificationView, 'patterns' | 'skips' | 'authorities' | 'memo'>;

function build(
  base: Base,
  patterns: readonly TextSpot[],
  skips: readonly TextSpot[],
  authorities: (verification: VerificationView) => readonly AuthorityView[],
): VerificationView {
  const found: { patterns: PatternView[]; skips: PatternView[]; authorities: AuthorityView[] } = {
    patterns: [],
    skips: [],
    authorities: [],
  };
  const verification: VerificationView = { ...base, ...found, memo: new Map() };
  found.authorities.push(...authorities(verification));
  // one that passes whatever it sees lets everything through that a pattern matches
  const passes =
    !has(base.at, 'policy') && found.authorities.some(({ kind, at }) => kind === 'static' && textAt(at, 'action')?.text === 'pass');
  const view =
    (grants: boolean) =>
    (spot: TextSpot): PatternView => ({
      target: 'pattern',
      verification,
      engine: base.engine,
      grants,
      spot,
      complete: base.complete,
      memo: new Map(),
    });
  found.patterns.push(...patterns.map(view(passes)));
  found.skips.push(...skips.map(view(true)));
  return verification;
}

function authority(
  verification: VerificationView,
  kind: AuthorityView['kind'],
  outer: MapSpot,
  key: string,
  identities: readonly IdentityView[],
): AuthorityView {
  const at = mapAt(outer, key) ?? outer;
  const { document } = verification.policy;
  return {
    target: 'authority',
    verification,
    kind,
    at,
    outer,
    reportRange: keyRange(outer, key) ?? reportRangeOf(outer.map),
    identities,
    complete: verification.complete && !mayGain(document, outer.map) && !mayGain(document, at.map),
    memo: new Map(),
  };
}

/** The parties of `attestors[].entries[]`, those of nested attestors among them. */
function kyvernoAttestors(verification: VerificationView, at: MapSpot, depth: number): readonly AuthorityView[] {
  const entries = mapsAt(at, 'attestors').flatMap(set => mapsAt(set, 'entries'));
  return entries.flatMap(entry => kyvernoEntry(verification, entry, depth));
}

function kyvernoEntry(verification: VerificationView, entry: MapSpot, depth: number): readonly AuthorityView[] {
  if (has(entry, 'keys')) return [authority(verification, 'key', entry, 'keys', [])];
  if (has(entry, 'certificates')) return [authority(verification, 'certificate', entry, 'certificates', [])];
  const keyless = mapAt(entry, 'keyless');
  if (has(entry, 'keyless')) return [authority(verification, 'keyless', entry, 'keyless', keyless ? [identityOf(keyless)] : [])];
  const nested = mapAt(entry, 'attestor');
  if (!nested || depth >= deepest) return [];
  return mapsAt(nested, 'entries').flatMap(each => kyvernoEntry(verification, each, depth + 1));
}

function celAuthority(verification: VerificationView, attestor: MapSpot): AuthorityView {
  const cosign = mapAt(attestor, 'cosign');
  if (!cosign) return authority(verification, has(attestor, 'notary') ? 'certificate' : 'other', attestor, 'notary', []);
  if (has(cosign, 'keyless'))
    return authority(verification, 'keyless', cosign, 'keyless', mapsAt(mapAt(cosign, 'keyless'), 'identities').map(identityOf));
  if (has(cosign, 'key')) return authority(verification, 'key', cosign, 'key', []);
  return authority(verification, has(cosign, 'certificate') ? 'certificate' : 'other', cosign, 'certificate', []);
}

function sigstoreAuthority(verification: VerificationView, at: MapSpot): AuthorityView {
  const keyless = mapIn(at, 'keyless');
  if (has(at, 'keyless')) return authority(verification, 'keyless', at, 'keyless', mapsAt(keyless, 'identities').map(identityOf));
  if (has(at, 'key')) return authority(verification, 'key', at, 'key', []);
  return authority(verification, has(at, 'static') ? 'static' : 'other', at, 'static', []);
}

function identityOf(at: MapSpot): IdentityView {
  return {
    at,
    issuer: textAt(at, 'issuer'),
    subject: textAt(at, 'subject'),
    issuerRegExp: textAt(at, 'issuerRegExp'),
    subjectRegExp: textAt(at, 'subjectRegExp'),
  };
}

/** Whether an authority is the key of an example in documentation, and the verification is about the images of that example alone. */
export function isOwnExample({ at, verification }: AuthorityView): boolean {
  const text = textAt(at, 'publicKeys') ?? textAt(at, 'data');
  return (
    text !== null &&
    isOfExample(
      text.text,
      verification.patterns.map(({ spot }) => spot.text),
    )
  );
}

/** Fields in which old policies say who has to have signed. */
const oldFields = ['key', 'roots', 'issuer', 'subject'];

/** Whether a verification of Kyverno names no one whose signature it would verify, so that none is recorded. */
export function verifiesNothing({ engine, at, complete, policy }: VerificationView): boolean {
  const isEmpty = (key: string): boolean => {
    const list = sequenceOf(at.map.get(key));
    return !has(at, key) || (list?.items.length === 0 && !mayGain(policy.document, list));
  };
  return engine === 'kyverno' && complete && isEmpty('attestors') && isEmpty('attestations') && !oldFields.some(field => has(at, field));
}

/** The range of a key of a verification, else where to report what it lacks. */
export function placeOf(verification: VerificationView, key: string): Range {
  return keyRange(verification.at, key) ?? verification.reportRange;
}
