import { rulesOf } from '../../families/registry';
import type { Finding } from '../../rule/finding/types';
import { endOfLife } from '../../knowledge/end-of-life';
import { asReference } from '../../knowledge/image-profiles';
import { findStandard, standardTitle, type StandardKey } from '../../knowledge/standards';
import { gateOf, maskAlone } from '../report/gate';
import { trusted, type MaskedText } from '../report/masked-text';
import { countsOf, worseOf, type ReportedFile, type ReportHead, type SeverityCounts } from '../report/types';
import type { Story } from '../../engine/stories';
import type { Words } from '../report/words';
import { addPolicies, sortPolicies, type PolicySums } from './policies';
import { levelOf, podLevels } from './pod-level';
import { worstAmong, worstOf, type RankedWorst } from './worst';
import type { Rule } from '../../rule/define-rule';
import { isWithin, severities, type FixClass, type Profile, type Severity } from '../../base/terms/types';
import type { FileFacts } from '../../workspace/types';
import type { PinKind, Posture, PostureControl, PostureFix, PostureGroup, PostureImage, PostureRule, PostureWorkload } from './types';

/** One file as a posture sees it. */
export interface PostureFile {
  readonly file: ReportedFile;
  readonly facts: FileFacts;
  /** The references of the images that it names, and as whom they start. */
  readonly images: readonly { readonly reference: string; readonly user: PostureImage['user'] }[];
  /** What harden would fix, and the class of the fix. */
  readonly fixed: readonly { readonly rule: string; readonly class: FixClass }[];
  /** What an intruder makes of its findings. */
  readonly stories: readonly Story[];
  /** What is found in the hardened text. */
  readonly after: readonly Finding[];
}

/** What does not depend on files. */
export interface PostureHead extends Omit<ReportHead, 'profile' | 'page' | 'pagesAddress'> {
  readonly profile: Profile;
}

/** The standards of a posture, in the order of its table. */
const standardKeys = ['cisDocker', 'cisKubernetes', 'nist800190', 'nsaCisa', 'pss'] as const satisfies readonly StandardKey[];
const topFixes = 5;

/** What files add up to. */
interface Sums {
  readonly counts: Omit<Group, 'files'>;
  readonly families: Map<string, Group>;
  readonly folders: Map<string, Group>;
  readonly files: Map<string, Group>;
  readonly byRule: Map<string, { readonly severity: Severity; readonly count: number }>;
  readonly fixes: Map<string, { readonly count: number; readonly class: FixClass }>;
  readonly images: Map<string, { readonly places: number; readonly user: PostureImage['user'] }>;
  readonly workloads: PostureWorkload[];
  readonly policies: PolicySums;
  worst: readonly RankedWorst[];
  /** The families that there are files of. */
  readonly present: Set<string>;
  checked: number;
  suppressed: number;
  known: number;
  fixed: number;
}

const nothing = (): Sums => ({
  counts: { ...countsOf([]) },
  families: new Map(),
  folders: new Map(),
  files: new Map(),
  byRule: new Map(),
  fixes: new Map(),
  images: new Map(),
  workloads: [],
  policies: new Map(),
  worst: [],
  present: new Set(),
  checked: 0,
  suppressed: 0,
  known: 0,
  fixed: 0,
});

/** Adds the findings of a file. */
function addFindings(sums: Sums, { path, result }: PostureFile['file']): void {
  const { counts, byRule, present } = sums;
  sums.checked++;
  for (const family of rulesOf(result.family)) present.add(family);
  const group: Group = { ...countsOf(result.findings.filter(({ suppression }) => !suppression)), files: 1 };
  for (const { rule, severity, suppression } of result.findings) {
    present.add(rule.slice(0, rule.indexOf('/')));
    if (suppression) {
      if (suppression.kind === 'baseline') sums.known++;
      else sums.suppressed++;
      continue;
    }
    counts[severity]++;
    const sum = byRule.get(rule) ?? { severity, count: 0 };
    byRule.set(rule, { severity: worseOf(sum.severity, severity), count: sum.count + 1 });
  }
  addTo(sums.families, result.family, group);
  addTo(sums.folders, folderOf(path), group);
  if (severities.some(severity => group[severity] > 0)) addTo(sums.files, path, group);
}

/** Adds what is in a file, and what harden would fix of it. */
function addContent(sums: Sums, { file, facts, images: named, fixed: done, stories, after }: PostureFile, words: Words): void {
  sums.worst = worstAmong([...sums.worst, ...worstOf(file, stories, after, words)]);
  const { fixes, images } = sums;
  for (const { rule, class: kind } of done) {
    const sum = fixes.get(rule) ?? { count: 0, class: kind };
    fixes.set(rule, { count: sum.count + 1, class: sum.class === 'safe' ? kind : sum.class });
  }
  sums.fixed += done.length;
  for (const { reference, user } of named) images.set(reference, { places: (images.get(reference)?.places ?? 0) + 1, user });
  const gate = gateOf(file);
  addPolicies(sums.policies, { facts, before: file.result.findings, after, mask: gate.mask });
  for (const fact of facts) {
    if (fact.type !== 'workload') continue;
    sums.workloads.push({
      path: trusted(file.path),
      kind: gate.mask(fact.kind),
      namespace: fact.namespace === null ? null : gate.mask(fact.namespace),
      name: gate.mask(fact.name),
      before: levelOf(fact, file.result.findings),
      after: levelOf(fact, after),
    });
  }
}

/** The posture that files add up to. */
function postureOf(sums: Sums, head: PostureHead, trend: Posture['trend']): Posture {
  const { rules, words, today, profile } = head;
  const byId = new Map(rules.map(rule => [rule.id, rule]));
  return {
    version: head.version,
    profile,
    kubernetesVersion: head.kubernetesVersion,
    today,
    files: sums.checked,
    counts: { ...sums.counts },
    suppressed: sums.suppressed,
    baseline: head.hasBaseline ? { known: sums.known } : null,
    worst: sums.worst.map(({ worst }) => worst),
    trend,
    fixable: sums.fixed,
    fixes: [...sums.fixes]
      .sort(([, a], [, b]) => b.count - a.count)
      .slice(0, topFixes)
      .map(([rule, sum]): PostureFix => ({ rule: trusted(rule), title: words.ruleTitle(rule), findings: sum.count, class: sum.class })),
    families: groupsOf(sums.families, 'name'),
    folders: groupsOf(sums.folders, 'worst'),
    worstFiles: groupsOf(sums.files, 'worst'),
    rules: [...sums.byRule]
      .map(([rule, sum]): PostureRule => ({
        rule: trusted(rule),
        title: words.ruleTitle(rule),
        severity: sum.severity,
        findings: sum.count,
      }))
      .sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || b.findings - a.findings),
    workloads: sums.workloads.sort((a, b) => podLevels.indexOf(a.before) - podLevels.indexOf(b.before)),
    policies: sortPolicies(sums.policies.values()),
    images: [...sums.images].map(([image, { places, user }]) => imageOf(image, places, user, today)).sort(byRisk),
    standards: standardKeys.map(key => {
      const { name, version } = findStandard(key);
      const controls = controlsOf(key, [...byId.values()], profile, sums.present, sums.byRule);
      return { key, name: trusted(name), version: version === null ? null : trusted(version), controls };
    }),
  };
}

/** Sums up files into a posture; keeps no text of them. */
export function createPosture(head: PostureHead): {
  readonly add: (file: PostureFile) => void;
  readonly finish: (trend?: Posture['trend']) => Posture;
} {
  const sums = nothing();
  return {
    add: added => {
      if (!added.file.result.checked) return;
      addFindings(sums, added.file);
      addContent(sums, added, head.words);
    },
    finish: (trend = []) => postureOf(sums, head, trend),
  };
}

type Group = { -readonly [K in keyof SeverityCounts]: number } & { files: number };

function addTo(groups: Map<string, Group>, name: string, more: Group): void {
  const group = groups.get(name) ?? { ...countsOf([]), files: 0 };
  for (const key of [...severities, 'files'] as const) group[key] += more[key];
  groups.set(name, group);
}

function groupsOf(groups: ReadonlyMap<string, Group>, order: 'name' | 'worst'): readonly PostureGroup[] {
  const all = [...groups].map(([name, { files, ...counts }]): PostureGroup => ({ name: trusted(name), files, counts }));
  const byName = (a: PostureGroup, b: PostureGroup): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  if (order === 'name') return all.sort(byName);
  return all.sort((a, b) => {
    for (const severity of ['error', 'warning', 'info', 'hint'] as const) {
      if (a.counts[severity] !== b.counts[severity]) return b.counts[severity] - a.counts[severity];
    }
    return byName(a, b);
  });
}

/** The folder of a file, no deeper than two levels: what a repository is divided into. */
function folderOf(path: string): string {
  const folders = path.split('/').slice(0, -1);
  return folders.slice(0, 2).join('/') || '.';
}

function imageOf(image: string, places: number, user: PostureImage['user'], today: string): PostureImage {
  const reference = asReference(image);
  const shown: MaskedText = maskAlone(image);
  if (!reference) return { image: shown, places, pin: image.includes('{{') ? 'template' : 'unknown', user: 'unknown', ended: null };
  const ended = endOfLife(reference, today);
  return {
    image: shown,
    places,
    pin: pinOf(reference.digest, reference.tag),
    user,
    ended: ended && {
      product: trusted(ended.product),
      cycle: trusted(ended.cycle),
      date: ended.date === null ? null : trusted(ended.date),
    },
  };
}

function pinOf(digest: string | null, tag: string | null): PinKind {
  if (digest !== null) return 'digest';
  return tag === null || tag === 'latest' ? 'moving' : 'tag';
}

/** What has ended first, then what moves most freely. */
function byRisk(a: PostureImage, b: PostureImage): number {
  const risk = ({ ended, pin, user }: PostureImage): number =>
    (ended ? 8 : 0) + (pin === 'moving' ? 4 : pin === 'tag' ? 2 : 0) + (user === 'root' ? 1 : 0);
  return risk(b) - risk(a) || b.places - a.places || (a.image < b.image ? -1 : 1);
}

/** The items of a standard that a rule covers. One is not applicable where no file is of a kind that its rules check, or the profile leaves them out. */
function controlsOf(
  key: (typeof standardKeys)[number],
  rules: readonly Rule[],
  profile: Profile,
  present: ReadonlySet<string>,
  found: ReadonlyMap<string, { readonly count: number }>,
): readonly PostureControl[] {
  const controls = new Map<string, Rule[]>();
  for (const rule of rules) for (const id of rule.references[key] ?? []) controls.set(id, [...(controls.get(id) ?? []), rule]);
  return [...controls]
    .map(([id, own]): PostureControl => {
      const findings = own.reduce((sum, { id: rule }) => sum + (found.get(rule)?.count ?? 0), 0);
      const isAsked = own.some(rule => present.has(rule.family) && isWithin(rule.profile, profile));
      return {
        id: trusted(id),
        title: trusted(standardTitle(key, id) ?? id),
        status: findings > 0 ? 'failed' : isAsked ? 'passed' : 'not-applicable',
        findings,
        rules: own.map(rule => trusted(rule.id)),
        failing: own.flatMap(({ id: rule }) => (found.has(rule) ? trusted(rule) : [])),
      };
    })
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}
