import type { PodSecurityHit } from '../../../rule/admitted';
import type { Json } from '../../../syntax/jmespath/values';
import type { Subject } from './subject';
import { dig, mapsIn, textIn, textsIn } from './subject';
import { matchesGlob, type Outcome } from './types';

// How Kyverno applies the Pod Security Standards: pkg/pss/evaluate.go of kyverno/kyverno 1.19.

/** What exclusions call the checks of the standards: `PSS_control_name_to_ids`. */
const controlsOf: Readonly<Record<string, readonly string[]>> = {
  Capabilities: ['capabilities_baseline', 'capabilities_restricted'],
  Seccomp: ['seccompProfile_baseline', 'seccompProfile_restricted'],
  'Privileged Containers': ['privileged'],
  'Host Ports': ['hostPorts'],
  '/proc Mount Type': ['procMount'],
  HostProcess: ['windowsHostProcess'],
  SELinux: ['seLinuxOptions'],
  'Host Namespaces': ['hostNamespaces'],
  'HostPath Volumes': ['hostPathVolumes'],
  Sysctls: ['sysctls'],
  AppArmor: ['appArmorProfile'],
  'Privilege Escalation': ['allowPrivilegeEscalation'],
  'Running as Non-root': ['runAsNonRoot'],
  'Running as Non-root user': ['runAsUser'],
  'Volume Types': ['restrictedVolumes'],
};

/** Controls that a pod answers for where its containers say nothing: what is missing is missing at both. */
const ofBoth: ReadonlySet<string> = new Set(['seccompProfile_baseline', 'seccompProfile_restricted', 'runAsNonRoot']);

/** Newer than every version. */
const newest = 999;

/** The minor version that a rule names; `null`: it is none. */
function minorOf(version: string | null): number | null {
  if (version === null || version === '' || version === 'latest') return newest;
  const match = /^v1\.(\d{1,3})$/.exec(version);
  return match ? Number(match[1]) : null;
}

/** Whether an exclusion leaves a violation alone: `maybe` where that depends on how Kyverno counts fields. */
function excludes(exclude: ReadonlyMap<string, Json>, hit: PodSecurityHit): 'pod' | 'container' | 'maybe' | null {
  const name = textIn(exclude.get('controlName')) ?? '';
  if (!(Object.hasOwn(controlsOf, name) && controlsOf[name]!.includes(hit.control))) return null;
  const images = textsIn(exclude.get('images'));
  if (exclude.has('restrictedField') || exclude.has('values')) return 'maybe';
  if (images.length === 0) return hit.container ? (ofBoth.has(hit.control) && hit.isMissing ? 'pod' : 'maybe') : 'pod';
  if (!hit.container) return null;
  const { image } = hit.container;
  return image === null ? 'maybe' : images.some(pattern => matchesGlob(pattern, image)) ? 'container' : null;
}

/** Whether a violation stays, whatever a rule excludes. */
function stays(hit: PodSecurityHit, exclusions: readonly ReadonlyMap<string, Json>[]): boolean | null {
  const found = exclusions.map(exclude => excludes(exclude, hit));
  const isGone =
    hit.container === null
      ? found.includes('pod')
      : found.includes('container') && (!(ofBoth.has(hit.control) && hit.isMissing) || found.includes('pod'));
  if (isGone) return false;
  // of what a pod and its containers answer for, one exclusion of two leaves the other
  return found.every(each => each === null || each === 'container') ? true : null;
}

/** What comes of `validate.podSecurity`. */
export function judgePodSecurity(podSecurity: Json | undefined, { podSecurity: violations }: Subject): Omit<Outcome, 'rule' | 'action'> {
  const [level, version] = [textIn(dig(podSecurity, 'level')), textIn(dig(podSecurity, 'version'))];
  const minor = minorOf(version);
  const unknown = (reason: string | null): Omit<Outcome, 'rule' | 'action'> => ({ is: 'unknown', path: [], message: '', reason });
  if (minor === null) return { is: 'error', path: [], message: 'the version of the standards does not parse' };
  if (level === 'privileged') return { is: 'pass', path: [], message: '' };
  if (level !== 'baseline' && level !== 'restricted') return unknown('podSecurity');
  const hits = violations?.(level, minor) ?? null;
  if (hits === null) return unknown(null);
  const exclusions = mapsIn(dig(podSecurity, 'exclude'));
  const verdicts = hits.map(hit => ({ hit, stays: stays(hit, exclusions) }));
  const wrong = verdicts.filter(verdict => verdict.stays === true).map(({ hit }) => hit);
  if (wrong.length > 0) {
    const controls = [...new Set(wrong.map(({ control }) => control.replace(/_(?:baseline|restricted)$/, '')))].join(', ');
    return { is: 'fail', path: wrong[0]!.path, message: `PodSecurity "${level}:${version ?? 'latest'}": ${controls}` };
  }
  return verdicts.some(verdict => verdict.stays === null) ? unknown('exclude of podSecurity') : { is: 'pass', path: [], message: '' };
}
