import type { Finding } from '../../shared/src/rule/finding/types';
import { atLeast } from '../../shared/src/base/terms/types';
import { rulesVersions } from '../../shared/src/engine/config/rules-versions';
import { severitiesAt } from '../../shared/src/engine/config/severities';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { Engine } from '../../shared/src/engine/engine';
import type { HardenResult } from '../../shared/src/engine/types';
import type { Rule } from '../../shared/src/rule/define-rule';
import type { CorpusFile } from '../corpus-folder';
import { plainContext } from '../lint-context';

/** What files of the corpus are linted with: the defaults, each file by itself. */
const context = plainContext();

/** Whether harden may take one of a finding's fixes; those that ask a registry wait for `pin`. */
export function isFixable(finding: Finding): boolean {
  return finding.fixes.some(f => (f.class === 'safe' || f.class === 'review') && f.needsDigest === undefined);
}

/** What harden did over files of the corpus. */
export interface Hardening {
  /** Findings with a fix that harden may take, and how many of them it took. */
  fixable: number;
  fixed: number;
  /** Findings of all rules with a safe or review fix, those that the rule itself left to a person among them. */
  all: number;
  /** Why such findings were left: reason and rule, with how many. */
  readonly reasons: Map<string, number>;
}

/** Creates a counter of what harden does. */
export function createHardening(rules: readonly Rule[]): Hardening & { count(found: readonly Finding[], result: HardenResult): void } {
  /** Rules that have a safe or review fix, if not for every finding. */
  const fixing = new Set(rules.filter(r => Object.values(r.fixes).some(f => f.class === 'safe' || f.class === 'review')).map(r => r.id));
  const tally: Hardening = { fixable: 0, fixed: 0, all: 0, reasons: new Map() };
  return Object.assign(tally, {
    count: (found: readonly Finding[], result: HardenResult): void => {
      const counted = found.filter(f => !f.suppression);
      const before = counted.filter(isFixable).length;
      tally.fixable += before;
      tally.fixed += Math.max(0, before - result.left.filter(l => isFixable(l.finding)).length);
      tally.all += counted.filter(f => fixing.has(f.rule)).length;
      for (const { reason, finding } of result.left.filter(l => fixing.has(l.finding.rule))) {
        const key = `${reason} (${finding.rule})`;
        tally.reasons.set(key, (tally.reasons.get(key) ?? 0) + 1);
      }
    },
  });
}

/** In how many files a rule reports, before and after harden. */
export interface RuleCount {
  readonly rule: string;
  before: number;
  after: number;
  /** Of the official images alone. */
  official: number;
}

/** What linting and hardening a folder of the corpus gave, at the default profile. */
export interface FolderMeasure {
  readonly files: number;
  readonly officialFiles: number;
  /** Most frequent first. */
  readonly rules: readonly RuleCount[];
  readonly hardening: Hardening;
  /** Warnings and errors of each file, and what they would be by the severities of the first version. */
  readonly severe: { readonly now: readonly number[]; readonly first: readonly number[] };
}

/** Where Docker's official images are built from: how the names of their files in the corpus begin. */
const officialRepositories: readonly string[] = [
  'docker-library__',
  'adoptium__containers__',
  '31z4__zookeeper-docker__',
  'Kong__docker-kong__',
  'alpinelinux__docker-alpine__',
  'apache__couchdb-docker__',
  'apache__flink-docker__',
  'apache__solr-docker__',
  'apache__spark-docker__',
  'caddyserver__caddy-docker__',
  'carlossg__docker-maven__ibm',
  'jetty__jetty.docker__',
  'keeganwitt__docker-gradle__',
  'mongo-express__mongo-express-docker__',
  'nginx__docker-nginx__',
  'nginxinc__docker-nginx__',
  'nodejs__docker-node__',
  'redis__docker-library-redis__',
  'rust-lang__docker-rust__',
  'traefik__traefik-library-image__',
];

function isOfficial({ path }: CorpusFile): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // tools of the same people, not images of theirs
  if (name.startsWith('docker-library__docs__') || name.startsWith('docker-library__official-images__')) return false;
  return officialRepositories.some(repository => name.startsWith(repository));
}

/** Lints and hardens files, and counts in how many of them each rule reports. */
export function measureFolder(rules: readonly Rule[], files: readonly CorpusFile[]): FolderMeasure {
  const engine: Engine = createEngine(rules);
  const counts = new Map<string, RuleCount>();
  const hardening = createHardening(rules);
  const byId = new Map(rules.map(rule => [rule.id, rule]));
  const severe = { now: [] as number[], first: [] as number[] };
  const first = severitiesAt(rulesVersions[0]);
  const add = (findings: readonly Finding[], field: 'before' | 'after' | 'official'): void => {
    for (const rule of new Set(findings.filter(f => f.suppression === null).map(f => f.rule))) {
      let entry = counts.get(rule);
      if (!entry) counts.set(rule, (entry = { rule, before: 0, after: 0, official: 0 }));
      entry[field]++;
    }
  };
  for (const file of files) {
    const opened = engine.open(file);
    const found = opened.lint(context).findings;
    const result = engine.open(file).harden(context);
    hardening.count(found, result);
    const counted = found.filter(({ suppression }) => suppression === null);
    severe.now.push(counted.filter(({ severity }) => atLeast(severity, 'warning')).length);
    const before = counted.map(({ rule, messageId, severity }) => (byId.has(rule) ? first(byId.get(rule)!, messageId) : severity));
    severe.first.push(before.filter(severity => atLeast(severity, 'warning')).length);
    add(found, 'before');
    if (isOfficial(file)) add(found, 'official');
    add(engine.open({ ...file, text: result.text }).lint(context).findings, 'after');
  }
  return {
    files: files.length,
    officialFiles: files.filter(isOfficial).length,
    rules: [...counts.values()].sort((a, b) => b.before - a.before || (a.rule < b.rule ? -1 : 1)),
    hardening,
    severe,
  };
}
