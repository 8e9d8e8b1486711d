import type { Coverage } from '../../family/types';
import { short } from '../../../base/limits/short';
import type { Range } from '../../../base/text/range';
import type { WorkspaceIndex } from '../../../workspace/types';
import type { WorkloadFact } from '../../../workspace/object-facts';
import { areTooMany } from './globs';
import { matchesImage } from './images';
import { ruleReach, wholeReach, type Reach } from './reach';
import { rulesOf } from './rules';
import { has } from './spots';
import type { PatternView, PolicyView, RuleView, VerificationView } from './types';
import { verificationsOf } from './verifications';

/** Whether one of the patterns matches an image, as its engine does it. */
export function matchesOne(patterns: readonly PatternView[], image: string): boolean {
  return patterns.some(({ engine, spot }) => matchesImage(engine, spot.text, image));
}

/** Whether a verification asks for the signature of an image, as it is written in a manifest. */
export function isCovered({ patterns, skips }: VerificationView, image: string): boolean {
  return matchesOne(patterns, image) && !matchesOne(skips, image);
}

/** What of the workspace tells which of its workloads a policy is about. */
export type CoveredWorkspace = Pick<WorkspaceIndex, 'images' | 'workloads' | 'admission'>;

/** A part of a policy that is asked by itself: a verification, or a rule that checks or changes objects. */
interface Unit {
  readonly places: readonly Range[];
  readonly rule: RuleView | null;
  readonly verification: VerificationView | null;
}

/** What a rule does with the objects that it matches, where it is no verification of images. */
const deeds = ['validate', 'mutate'];

function unitsOf(policy: PolicyView): readonly Unit[] {
  const verifications = verificationsOf(policy).map((verification): Unit => {
    const { patterns, skips, reportRange, rule } = verification;
    const places = [rule?.reportRange ?? policy.reportRange, reportRange, ...[...patterns, ...skips].map(({ spot }) => spot.range)];
    return { places, rule, verification };
  });
  const rules = rulesOf(policy).filter(({ at }) => deeds.some(deed => has(at, deed)));
  const isWhole = ['ValidatingPolicy', 'MutatingPolicy', 'ValidatingAdmissionPolicy', 'MutatingAdmissionPolicy'].includes(policy.is);
  return [
    ...verifications,
    ...rules.map(rule => ({ places: [rule.reportRange], rule, verification: null })),
    ...(isWhole ? [{ places: [policy.reportRange], rule: null, verification: null }] : []),
  ];
}

/** Which of the images and workloads here a policy is asked about: by verification, by rule, and as a whole. */
export function coverageOf(policy: PolicyView, workspace: CoveredWorkspace): readonly Coverage[] {
  const units = unitsOf(policy);
  const workloads = units.length > 0 ? workspace.workloads() : [];
  if (areTooMany(units.length, workloads.length)) return [];
  const all = units.flatMap(({ places, rule, verification }) => {
    const images = verification ? workspace.images() : [];
    if (verification && areTooMany(verification.patterns.length + verification.skips.length, images.length)) return [];
    const covered = images.filter(image => isCovered(verification!, image));
    const known = new Set(covered);
    const reach = (workload: WorkloadFact): Reach => {
      const asked = rule ? ruleReach(rule, workload) : wholeReach(policy, workload, workspace.admission().namespaces);
      if (!verification || asked === false) return asked;
      const its = workload.containers.map(({ image }) => image);
      // all of them, since the pod runs with one that nobody verifies; what is filled in later may be any
      return its.some(image => image !== null && !known.has(image)) ? false : its.includes(null) ? null : asked;
    };
    return [{ places, covered, others: images.filter(image => !known.has(image)), reaches: workloads.map(reach) }];
  });
  const names = workloads.map(
    ({ kind, namespace, name }) => `${short(kind)} ${namespace === null ? '' : `${short(namespace)}/`}${short(name)}`,
  );
  const named = (reaches: readonly Reach[]): Pick<Coverage, 'workloads' | 'otherWorkloads'> => {
    const those = (wanted: boolean): readonly string[] => names.filter((_, i) => workloads[i]!.name !== '' && reaches[i] === wanted);
    const out = new Set(those(false));
    // of two that are called the same, one that is not covered is told
    return { workloads: [...new Set(those(true))].filter(name => !out.has(name)), otherWorkloads: [...out] };
  };
  const found = all.map(({ places, covered, others, reaches }) => ({
    places,
    covered,
    others,
    ...named(reaches),
  }));
  if (policy.is !== 'ClusterPolicy' || all.length === 0) return found;
  // on the name of a policy: whatever one of its rules is about
  const ofAll = workloads.map((_, i): Reach => {
    const reaches = all.map(each => each.reaches[i] ?? null);
    return reaches.includes(true) ? true : reaches.includes(null) ? null : false;
  });
  const covered = new Set(all.flatMap(each => each.covered));
  return [
    ...found,
    {
      places: [policy.reportRange],
      covered: [...covered],
      others: [...new Set(all.flatMap(each => each.others))].filter(image => !covered.has(image)),
      ...named(ofAll),
    },
  ];
}
