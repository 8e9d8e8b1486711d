import type { Range } from '../../../text/range';
import type { MessageData } from '../../../terms/types';
import { isVariable } from '../../../yaml/certainty';
import { reportRangeOf } from '../../../yaml/values';
import { isPattern } from './globs';
import { rulesOf } from './rules';
import { has, isLiteral, keyRange, mapAt, mapsAt, textAt, type MapSpot, type TextSpot } from './spots';
import type { PolicyView } from './types';
import { verificationsOf } from './verifications';

/** Why a policy is refused by what enforces it. `mutate`: the map in which `mutateDigest` has to be false. */
export interface Refusal {
  readonly id: 'several' | 'none' | 'missing' | 'glob' | 'expression' | 'value' | 'static' | 'audit' | 'twice' | 'long';
  readonly range: Range;
  readonly data: MessageData;
  readonly mutate?: MapSpot;
}

/** Why a policy is refused, as far as no rule of its own says so. */
export function refusalsOf(policy: PolicyView): readonly Refusal[] {
  if (policy.is === 'ClusterImagePolicy') return sigstoreRefusals(policy);
  if (policy.is === 'ClusterPolicy') return kyvernoRefusals(policy);
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
  for (const match of mapsAt(spec, 'match')) found.push(...valueOf(textAt(match, 'resource'), resources));
  const body = mapAt(spec, 'policy');
  found.push(...valueOf(textAt(body, 'type'), ['cue', 'rego']));
  for (const authority of mapsAt(spec, 'authorities')) found.push(...authorityRefusals(authority));
  return found;
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

function kyvernoRefusals(policy: PolicyView): readonly Refusal[] {
  const found: Refusal[] = [];
  const names = new Set<string>();
  for (const { name } of rulesOf(policy)) {
    if (!name || !isLiteral(name)) continue;
    if (names.has(name.text)) found.push(refusal('twice', name.range, { value: name.text }));
    else if (name.text.length > 63) found.push(refusal('long', name.range));
    names.add(name.text);
  }
  for (const { at, action, patterns, reportRange, rule } of verificationsOf(policy)) {
    if (!has(at, 'imageReferences') && !has(at, 'image')) found.push(refusal('missing', reportRange, { key: 'imageReferences' }));
    else if (has(at, 'imageReferences') && patterns.length === 0 && !isVariable(policy.document.text))
      found.push(refusal('missing', keyRange(at, 'imageReferences')!, { key: 'an item of imageReferences' }));
    // a rule that also validates, or is about other things, has one more
    const changes = at.map.get('mutateDigest');
    if (action.enforced === false && rule?.complete && (changes === undefined || isTrue(at)))
      found.push({ ...refusal('audit', isTrue(at) ?? action.node?.range ?? reportRange), mutate: at });
  }
  return found;
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
