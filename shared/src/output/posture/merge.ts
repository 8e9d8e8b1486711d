import { isRecord, jsonObject } from '../../base/json';
import { profiles, severities } from '../../base/terms/types';
import { maskAlone } from '../report/gate';
import { masked, trusted, type MaskedText } from '../report/masked-text';
import { worseOf } from '../report/types';
import { mergePolicy, sortPolicies } from './policies';
import { mostWorst } from './worst';
import type { Posture, PostureControl, PostureStandard } from './types';

/** A posture that was printed as JSON, and what its repository is called. */
export interface NamedPosture {
  readonly name: string;
  readonly posture: Posture;
}

/** What a value of JSON is to look like: a text, a count, one of some words, a list of something, an object with members; with `maybe`, or `null`. */
type Shape =
  'text' | 'text?' | 'count' | { readonly words: readonly (string | boolean)[] } | readonly [Shape] | { readonly maybe: Shape } | Members;
interface Members {
  readonly members: Readonly<Record<string, Shape>>;
}

const counts: Shape = { members: Object.fromEntries(severities.map(severity => [severity, 'count'] as const)) };
const groups: Shape = [{ members: { name: 'text', files: 'count', counts } }];
const level = { words: ['privileged', 'baseline', 'restricted'] } satisfies Shape;
const severity: Shape = { words: severities };

/** What is read of a report: `schemaVersion` 1 of docs/cli.md. */
const shape: Members = {
  members: {
    version: 'text',
    profile: { words: profiles },
    kubernetesVersion: 'text',
    today: 'text',
    files: 'count',
    counts,
    suppressed: 'count',
    baseline: { maybe: { members: { known: 'count' } } },
    worst: [
      {
        members: {
          path: 'text',
          line: 'count',
          title: 'text',
          steps: [{ members: { text: 'text', closed: { words: [true, false] } } }],
          stake: 'text?',
          action: 'text?',
          rule: 'text?',
        },
      },
    ],
    fixable: 'count',
    fixes: [{ members: { rule: 'text', title: 'text', findings: 'count', class: { words: ['safe', 'review', 'attended', 'manual'] } } }],
    families: groups,
    folders: groups,
    worstFiles: groups,
    rules: [{ members: { rule: 'text', title: 'text', severity, findings: 'count' } }],
    workloads: [{ members: { path: 'text', kind: 'text', namespace: 'text?', name: 'text', before: level, after: level } }],
    policies: [
      {
        members: {
          policy: 'text',
          action: { maybe: { words: ['deny', 'warn', 'audit'] } },
          objects: 'count',
          after: 'count',
          excepted: 'count',
        },
      },
    ],
    images: [
      {
        members: {
          image: 'text',
          places: 'count',
          pin: { words: ['digest', 'tag', 'moving', 'template', 'unknown'] },
          user: { words: ['root', 'other', 'unknown'] },
          ended: { maybe: { members: { product: 'text', cycle: 'text', date: 'text?' } } },
        },
      },
    ],
    standards: [
      {
        members: {
          key: { words: ['cisDocker', 'cisKubernetes', 'nist800190', 'nsaCisa', 'pss'] },
          name: 'text',
          version: 'text?',
          controls: [
            {
              members: {
                id: 'text',
                title: 'text',
                status: { words: ['failed', 'passed', 'not-applicable'] },
                findings: 'count',
                rules: ['text'],
                failing: ['text'],
              },
            },
          ],
        },
      },
    ],
  },
};

class WrongShape extends Error {}

/** A value as its shape has it, with nothing else in it, texts masked; throws where it is of another. */
function shaped(value: unknown, wanted: Shape): unknown {
  const wrong = (): never => {
    throw new WrongShape();
  };
  if (wanted === 'count') return Number.isSafeInteger(value) && (value as number) >= 0 ? value : wrong();
  if (wanted === 'text') return typeof value === 'string' ? maskAlone(value) : wrong();
  if (wanted === 'text?') return value === null ? null : shaped(value, 'text');
  if ('maybe' in wanted) return value === null ? null : shaped(value, wanted.maybe);
  if ('words' in wanted) return wanted.words.includes(value as string) ? value : wrong();
  if ('members' in wanted) {
    if (!isRecord(value)) return wrong();
    return Object.fromEntries(Object.entries(wanted.members).map(([name, of]) => [name, shaped(value[name], of)]));
  }
  return Array.isArray(value) ? value.map(item => shaped(item, wanted[0])) : wrong();
}

/** Reads what `postureJson` has printed; `null`: it is something else. Never throws. */
export function readPosture(text: string): Posture | null {
  const json = jsonObject(text);
  if (json?.['schemaVersion'] !== 1) return null;
  try {
    // reports of 0.1 have none
    return { ...(shaped({ policies: [], ...json }, shape) as Posture), trend: [] };
  } catch (error) {
    if (error instanceof WrongShape) return null;
    throw error;
  }
}

/** The sum of several postures, each below the name of its repository. They are of one profile; without a trend, since each has one of its own. */
export function mergePostures(all: readonly [NamedPosture, ...NamedPosture[]], head: Pick<Posture, 'version'>): Posture {
  const postures = all.map(({ posture }) => posture);
  const sum = (of: (posture: Posture) => number): number => postures.reduce((total, posture) => total + of(posture), 0);
  const below = (name: string, path: MaskedText): MaskedText => (path === '.' ? trusted(name) : masked`${trusted(name)}/${path}`);
  const inFolders = (of: 'folders' | 'worstFiles'): Posture['folders'] =>
    all.flatMap(({ name, posture }) => posture[of].map(group => ({ ...group, name: below(name, group.name) }))).sort(byCounts);
  const known = postures.flatMap(({ baseline }) => baseline ?? []);
  return {
    version: head.version,
    profile: postures[0]!.profile,
    kubernetesVersion: [...new Set(postures.map(({ kubernetesVersion }) => kubernetesVersion))].join(', '),
    // what counts as ended, or expired, is judged by the day of each
    today: postures.map(({ today }) => today).sort()[0]!,
    files: sum(({ files }) => files),
    counts: addCounts(postures.map(posture => posture.counts)),
    suppressed: sum(({ suppressed }) => suppressed),
    baseline: known.length === 0 ? null : { known: known.reduce((total, one) => total + one.known, 0) },
    // a report does not say how bad each is: what comes to something goes first, in the order of the reports
    worst: all
      .flatMap(({ name, posture }) => posture.worst.map(one => ({ ...one, path: below(name, one.path) })))
      .sort((a, b) => Number(a.stake === null) - Number(b.stake === null))
      .slice(0, mostWorst),
    trend: [],
    fixable: sum(({ fixable }) => fixable),
    fixes: mergeBy(
      postures.flatMap(({ fixes }) => fixes),
      ({ rule }) => rule,
      (a, b) => ({ ...a, findings: a.findings + b.findings, class: a.class === 'safe' ? b.class : a.class }),
    )
      .sort((a, b) => b.findings - a.findings)
      .slice(0, 5),
    families: mergeBy(
      postures.flatMap(({ families }) => families),
      ({ name }) => name,
      (a, b) => ({ ...a, files: a.files + b.files, counts: addCounts([a.counts, b.counts]) }),
    ).sort((a, b) => (a.name < b.name ? -1 : 1)),
    folders: inFolders('folders'),
    worstFiles: inFolders('worstFiles'),
    rules: mergeBy(
      postures.flatMap(({ rules }) => rules),
      ({ rule }) => rule,
      (a, b) => ({ ...a, severity: worseOf(a.severity, b.severity), findings: a.findings + b.findings }),
    ).sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || b.findings - a.findings),
    workloads: all
      .flatMap(({ name, posture }) => posture.workloads.map(workload => ({ ...workload, path: below(name, workload.path) })))
      .sort((a, b) => level.words.indexOf(a.before) - level.words.indexOf(b.before)),
    policies: sortPolicies(
      mergeBy(
        postures.flatMap(({ policies }) => policies),
        ({ policy }) => policy,
        mergePolicy,
      ),
    ),
    images: mergeBy(
      postures.flatMap(({ images }) => images),
      ({ image }) => image,
      (a, b) => ({ ...a, places: a.places + b.places, user: a.user === 'unknown' ? b.user : a.user }),
    ),
    standards: mergeBy(
      postures.flatMap(({ standards }) => standards),
      ({ key }) => key,
      (a, b): PostureStandard => ({ ...a, controls: mergeBy([...a.controls, ...b.controls], ({ id }) => id, mergeControls) }),
    ),
  };
}

const statuses = ['failed', 'passed', 'not-applicable'] as const;

function mergeControls(a: PostureControl, b: PostureControl): PostureControl {
  return {
    ...a,
    status: statuses.find(status => a.status === status || b.status === status)!,
    findings: a.findings + b.findings,
    rules: [...new Set([...a.rules, ...b.rules])],
    failing: [...new Set([...a.failing, ...b.failing])],
  };
}

/** Items of one key as one, in the order in which the keys come first. */
function mergeBy<T>(items: readonly T[], keyOf: (item: T) => string, merge: (a: T, b: T) => T): T[] {
  const found = new Map<string, T>();
  for (const item of items) {
    const before = found.get(keyOf(item));
    found.set(keyOf(item), before === undefined ? item : merge(before, item));
  }
  return [...found.values()];
}

function addCounts(all: readonly Posture['counts'][]): Posture['counts'] {
  const result = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const one of all) for (const severity of severities) result[severity] += one[severity];
  return result;
}

function byCounts(a: Posture['folders'][number], b: Posture['folders'][number]): number {
  const worst = [...severities].reverse().find(severity => a.counts[severity] !== b.counts[severity]);
  return worst === undefined ? (a.name < b.name ? -1 : 1) : b.counts[worst] - a.counts[worst];
}
