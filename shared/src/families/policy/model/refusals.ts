import type { Range } from '../../../base/text/range';
import type { MessageData } from '../../../base/terms/types';
import { isVariable } from '../../../syntax/yaml/certainty';
import { reportRangeOf } from '../../../syntax/yaml/values';
import { isPattern } from './globs';
import { rulesOf } from './rules';
import { flagAt, has, isLiteral, keyRange, mapAt, mapsAt, textAt, type MapSpot, type TextSpot } from './spots';
import type { PolicyView } from './types';
import { verificationsOf } from './verifications';

/** Why a policy is refused by what enforces it. `mutate`: the map in which `mutateDigest` has to be false. */
export interface Refusal {
  readonly id:
    | 'several'
    | 'none'
    | 'missing'
    | 'glob'
    | 'expression'
    | 'value'
    | 'static'
    | 'audit'
    | 'twice'
    | 'long'
    | 'predicate'
    | 'insecure'
    | 'notary'
    | 'idle'
    | 'requests';
  readonly range: Range;
  readonly data: MessageData;
  readonly mutate?: MapSpot;
}

/** Why a policy is refused, as far as no rule of its own says so. */
export function refusalsOf(policy: PolicyView): readonly Refusal[] {
  if (policy.is === 'ClusterImagePolicy') return sigstoreRefusals(policy);
  if (policy.is === 'ClusterPolicy') return kyvernoRefusals(policy);
  if (policy.is === 'ValidatingAdmissionPolicyBinding') return bindingRefusals(policy);
  return policy.is === 'ValidatingAdmissionPolicy' ? admissionRefusals(policy) : [];
}

const refusal = (id: Refusal['id'], range: Range, data: MessageData = {}): Refusal => ({ id, range, data });

/** Exactly one of keys has to be there. */
function oneOf(spot: MapSpot, keys: readonly string[], range: Range): readonly Refusal[] {
  const found = keys.filter(key => spot.map.get(key) != null || (has(spot, key) && spot.map.get(key) === null));
  const data = { keys: keys.join(', ') };
  if (found.length === 0) return [refusal('none', range, data)];
  return found.length > 1 ? [refusal('several', keyRange(spot, found[1]!)!, { keys: found.join(', ') })] : [];
}

/** `secretRef` is read in any spelling, as Go reads JSON. */
const keyForms = ['data', 'kms', 'secretRef'];
const hashes = ['sha224', 'sha256', 'sha384', 'sha512'];
const resources = ['replicasets', 'deployments', 'pods', 'cronjobs', 'jobs', 'statefulsets', 'daemonsets'];

function sigstoreRefusals(policy: PolicyView): readonly Refusal[] {
  const { spec } = policy;
  const found: Refusal[] = [];
  const images = mapsAt(spec, 'images');
  if (images.length === 0) found.push(refusal('missing', keyRange(spec, 'images') ?? policy.reportRange, { key: 'images' }));
  for (const image of images) {
    const glob = textAt(image, 'glob');
    if (!glob || glob.text === '') found.push(refusal('missing', keyRange(image, 'glob') ?? reportRangeOf(image.map), { key: 'glob' }));
    else if (isLiteral(glob) && !isVariable(glob.text) && !isPattern('sigstore', glob.text)) found.push(refusal('glob', glob.range));
  }
  for (const match of mapsAt(spec, 'match').filter(isOfCluster)) found.push(...valueOf(textAt(match, 'resource'), resources));
  found.push(...languageRefusals(mapAt(spec, 'policy')));
  for (const authority of mapsAt(spec, 'authorities')) found.push(...authorityRefusals(authority));
  return found;
}

/** Whether a match is about workloads of a cluster: what names another group is for what judges other things by the same policies. */
function isOfCluster(match: MapSpot): boolean {
  return ['', '*', 'apps', 'batch', 'v1', 'core'].includes(textAt(match, 'group')?.text ?? '');
}

/** Names of predicates that policy-controller knows; others are URIs, and it only warns of what is neither. */
const predicates = /^(?:custom|slsaprovenance(?:02|1)?|spdx(?:json)?|cyclonedx|link|vuln|openvex|[a-z][a-z0-9+.-]{0,30}:.*)$/s;

function attestationRefusals(attestation: MapSpot): readonly Refusal[] {
  const range = reportRangeOf(attestation.map);
  const predicate = textAt(attestation, 'predicateType');
  const isKnown = !predicate || !isLiteral(predicate) || predicates.test(predicate.text);
  return [
    ...['name', 'predicateType'].flatMap(key => (has(attestation, key) ? [] : [refusal('missing', range, { key })])),
    ...(isKnown ? [] : [refusal('predicate', predicate.range, { value: predicate.text })]),
    ...languageRefusals(mapAt(attestation, 'policy')),
  ];
}

/** Of a policy in CUE or Rego, which may be fetched from elsewhere. */
function languageRefusals(body: MapSpot | null): readonly Refusal[] {
  const remote = mapAt(body, 'remote');
  const url = textAt(remote, 'url');
  return [
    ...valueOf(textAt(body, 'type'), ['cue', 'rego']),
    ...(url && isLiteral(url) && !url.text.startsWith('https://') ? [refusal('insecure', url.range)] : []),
    ...(remote && !has(remote, 'sha256sum') ? [refusal('missing', keyRange(body, 'remote')!, { key: 'sha256sum' })] : []),
  ];
}

function authorityRefusals(authority: MapSpot): readonly Refusal[] {
  const range = reportRangeOf(authority.map);
  const found: Refusal[] = [...oneOf(authority, ['key', 'keyless', 'static'], range)];
  const [key, keyless] = [mapAt(authority, 'key'), mapAt(authority, 'keyless')];
  if (key) {
    const forms = key.map.entries.find(({ name }) => name.toLowerCase() === 'secretref')?.name ?? 'secretRef';
    found.push(...oneOf(key, [...keyForms.slice(0, 2), forms], keyRange(authority, 'key')!));
    found.push(...valueOf(textAt(key, 'hashAlgorithm'), hashes));
  }
  if (keyless) {
    if (has(keyless, 'url') && has(keyless, 'ca-cert'))
      found.push(refusal('several', keyRange(keyless, 'ca-cert')!, { keys: 'url, ca-cert' }));
    for (const identity of mapsAt(keyless, 'identities')) {
      for (const field of ['issuer', 'subject'])
        if (has(identity, field) && has(identity, `${field}RegExp`))
          found.push(refusal('several', keyRange(identity, `${field}RegExp`)!, { keys: `${field}, ${field}RegExp` }));
      for (const field of ['issuerRegExp', 'subjectRegExp']) {
        const spot = textAt(identity, field);
        if (spot && isLiteral(spot) && !isGoRegExp(spot.text)) found.push(refusal('expression', spot.range));
      }
    }
  }
  for (const attestation of mapsAt(authority, 'attestations')) found.push(...attestationRefusals(attestation));
  if (has(authority, 'static'))
    for (const name of ['attestations', 'source', 'ctlog']) {
      const at = keyRange(authority, name);
      if (at) found.push(refusal('static', at, { key: name }));
    }
  return found;
}

function valueOf(spot: TextSpot | null, allowed: readonly string[]): readonly Refusal[] {
  return spot && isLiteral(spot) && !allowed.includes(spot.text)
    ? [refusal('value', spot.range, { value: spot.text, allowed: allowed.join(', ') })]
    : [];
}

/** Whether Go's regexp may read an expression: what both read, and what Go alone does (`(?i)`, `\z`, `\A`, `\pL`, `(?P<name>`). */
function isGoRegExp(text: string): boolean {
  const common = text
    .replace(/\(\?[imsU]{1,4}(?:-[imsU]{1,4})?\)/g, '')
    .replace(/\(\?[imsU]{1,4}(?:-[imsU]{1,4})?:/g, '(?:')
    .replace(/\(\?P</g, '(?<')
    .replace(/\[\[:\^?[a-z]{1,10}:\]/g, '[a')
    .replace(/\[:\^?[a-z]{1,10}:\]/g, 'a');
  try {
    // regex: like /a/: compiled, and never run
    new RegExp(common);
    return true;
  } catch {
    return false;
  }
}

/** What a rule of Kyverno does: one of them. */
const ruleDeeds = ['validate', 'mutate', 'generate', 'verifyImages'];

function kyvernoRefusals(policy: PolicyView): readonly Refusal[] {
  const found: Refusal[] = [];
  const names = new Set<string>();
  const { spec, complete } = policy;
  const off = flagAt(spec, 'admission', false);
  if (off && flagAt(spec, 'background', false)) found.push(refusal('idle', off.range));
  for (const { name, at, complete: isWhole, reportRange } of rulesOf(policy)) {
    const deeds = ruleDeeds.filter(deed => has(at, deed));
    if (isWhole && complete && deeds.length === 0) found.push(refusal('none', reportRange, { keys: ruleDeeds.join(', ') }));
    if (deeds.length > 1) found.push(refusal('several', keyRange(at, deeds[1]!)!, { keys: deeds.join(', ') }));
    const changed = deeds.find(deed => deed !== 'validate');
    if (off && changed !== undefined) found.push(refusal('requests', off.range, { key: changed }));
    if (!name || !isLiteral(name)) continue;
    if (names.has(name.text)) found.push(refusal('twice', name.range, { value: name.text }));
    else if (name.text.length > 63) found.push(refusal('long', name.range));
    names.add(name.text);
  }
  for (const { at, action, patterns, reportRange, rule } of verificationsOf(policy)) {
    if (!has(at, 'imageReferences') && !has(at, 'image')) found.push(refusal('missing', reportRange, { key: 'imageReferences' }));
    else if (has(at, 'imageReferences') && patterns.length === 0 && !isVariable(policy.document.text))
      found.push(refusal('missing', keyRange(at, 'imageReferences')!, { key: 'an entry in imageReferences' }));
    if (textAt(at, 'type')?.text === 'Notary')
      for (const entry of mapsAt(at, 'attestors').flatMap(set => mapsAt(set, 'entries')))
        for (const key of ['keys', 'keyless']) if (has(entry, key)) found.push(refusal('notary', keyRange(entry, key)!, { key }));
    // a rule that also validates, or is about other things, has one more
    const changes = at.map.get('mutateDigest');
    if (action.enforced === false && rule?.complete && (changes === undefined || isTrue(at)))
      found.push({ ...refusal('audit', isTrue(at) ?? action.node?.range ?? reportRange), mutate: at });
  }
  return found;
}

/** A binding that says too little. */
function bindingRefusals({ spec, complete, reportRange }: PolicyView): readonly Refusal[] {
  const missing = spec && complete ? ['policyName', 'validationActions'].filter(key => !has(spec, key)) : [];
  return missing.length > 0 ? [refusal('missing', reportRange, { key: missing.join(' and ') })] : [];
}

function isTrue(at: MapSpot): Range | null {
  const node = at.map.get('mutateDigest');
  return node?.kind === 'scalar' && node.value === true ? node.range : null;
}

function admissionRefusals(policy: PolicyView): readonly Refusal[] {
  const { spec, reportRange } = policy;
  if (!spec) return [];
  const hasChecks = mapsAt(spec, 'validations').length + mapsAt(spec, 'auditAnnotations').length > 0;
  const found: Refusal[] =
    hasChecks || has(spec, 'validations') ? [] : [refusal('none', reportRange, { keys: 'validations, auditAnnotations' })];
  const rules = mapAt(spec, 'matchConstraints');
  if (!rules || !has(rules, 'resourceRules'))
    found.push(refusal('missing', keyRange(spec, 'matchConstraints') ?? reportRange, { key: 'matchConstraints.resourceRules' }));
  return found;
}
