import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { admittedOf } from '../../shared/src/families/kubernetes/model/admitted';
import { readObjects } from '../../shared/src/families/kubernetes/model/read';
import { policyFacts } from '../../shared/src/families/policy/facts';
import { judge, readPolicies } from '../../shared/src/families/policy/judge/policies';
import type { Subject } from '../../shared/src/families/policy/judge/subject';
import { podSecurityOf } from '../../shared/src/families/policy/judge/subject-of';
import { isNamespaced } from '../../shared/src/knowledge/kubernetes-apis';
import { dataOf } from '../../shared/src/syntax/yaml/data';
import { parseStream } from '../../shared/src/syntax/yaml/parse';
import type { PolicyTextFact } from '../../shared/src/workspace/admission-facts';

/** What test/oracle/kyverno/README.md builds, and the policies that it clones. */
const engine = process.env['BULKHEAD_KYVERNO'] ?? '';
const folder = process.env['BULKHEAD_KYVERNO_POLICIES'] ?? '';
const isThere = existsSync(engine) && existsSync(folder);
/** Where each difference is written, a line for each, if it is to be read. */
const differences = process.env['BULKHEAD_KYVERNO_DIFFERENCES'] ?? '';
const absent = isThere ? '' : ' (skipped: BULKHEAD_KYVERNO and BULKHEAD_KYVERNO_POLICIES do not name them: test/oracle/kyverno/README.md)';

const dialect = { templated: false, fragment: false };
const documentsIn = (file: string): ReturnType<typeof parseStream> => parseStream(readFileSync(file, 'utf8'), new Map());

const scratch = isThere ? mkdtempSync(path.join(tmpdir(), 'bulkhead-judged-')) : '';
afterAll(() => isThere && rmSync(scratch, { recursive: true }));

/** A policy with its own test. */
interface Tried {
  readonly name: string;
  readonly policy: string;
  readonly resources: readonly string[];
  readonly exceptions: readonly string[];
}

function triedIn(file: string): readonly Tried[] {
  const [first] = documentsIn(file);
  const data = first && dataOf(first.document, first.document.root, [], { whole: false });
  const list = (key: string): readonly string[] =>
    ((data instanceof Map ? (data.get(key) as readonly string[] | undefined) : undefined) ?? []).map(each =>
      path.join(path.dirname(file), each),
    );
  const [policy, ...more] = list('policies');
  const [resources, exceptions] = [list('resources'), list('exceptions')];
  if (!policy || more.length > 0 || (data instanceof Map && data.has('variables')) || ![policy, ...resources].every(existsSync)) return [];
  const text = readFileSync(policy, 'utf8');
  const mutants = mutantsOf({ policy, resources });
  const made = path.join(scratch, `${path.relative(folder, path.dirname(file)).replaceAll('/', '_')}.yaml`);
  if (mutants.length > 0) writeFileSync(made, mutants.join('\n---\n'));
  const isOurs = /^kind: *(?:ClusterPolicy|Policy|ValidatingPolicy) *$/m.test(text) && /^\s*(?:- )?validat(?:e|ions):/m.test(text);
  return isOurs
    ? [
        {
          name: path.relative(folder, path.dirname(policy)),
          policy,
          resources: mutants.length > 0 ? [...resources, made] : resources,
          exceptions,
        },
      ]
    : [];
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Step = string | number;

const plain = (data: unknown): Json => {
  if (data instanceof Map) return Object.fromEntries([...data].map(([key, value]) => [String(key), plain(value)]));
  return Array.isArray(data) ? data.map(plain) : (data as Json);
};

/** The places of an object whose key the text of a policy names. */
function placesIn(value: Json, policy: string, path: readonly Step[] = []): readonly (readonly Step[])[] {
  if (value === null || typeof value !== 'object') return [];
  const entries = Array.isArray(value) ? value.map((item, i) => [i, item] as const) : Object.entries(value);
  return entries.flatMap(([key, item]: readonly [Step, Json]) => {
    const at = [...path, key];
    const isMeant = typeof key === 'string' && path.length > 0 && at.join('.') !== 'metadata.name' && policy.includes(key);
    return [...(isMeant ? [at] : []), ...placesIn(item, policy, at)];
  });
}

/** Another value: none, `true` for `false`, a number that is far away, a word that nobody has written. */
function otherThan(value: Json, way: number): Json | undefined {
  if (way === 0) return undefined;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return way === 1 ? value + 100_000 : 0;
  return typeof value === 'string' ? (way === 1 ? 'mutant' : `${value}x`) : way === 1 ? {} : undefined;
}

/** An object with another value at the end of a way. */
function mutated(value: Json, [step, ...rest]: readonly Step[], way: number): Json {
  const at = (item: Json): Json | undefined => (rest.length === 0 ? otherThan(item, way) : mutated(item, rest, way));
  if (Array.isArray(value)) return value.flatMap((item: Json, i) => (i === step ? [at(item) ?? null] : [item]));
  const entries = Object.entries(value as Record<string, Json>);
  return Object.fromEntries(
    entries.flatMap(([key, item]) => {
      const next = key === step ? at(item) : item;
      return next === undefined ? [] : [[key, next]];
    }),
  );
}

/** How many objects are made of one. */
const mostMutants = 6;

/**
 * Objects that are made of those of a test, so that more of them are refused: each has another value, or none, at one place that the policy's text names. Which
 * ones depends on nothing but the texts, and least of all on our verdict.
 */
function mutantsOf({ policy, resources }: Pick<Tried, 'policy' | 'resources'>): readonly string[] {
  const text = readFileSync(policy, 'utf8');
  let seed = text.length;
  const next = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
  return resources.flatMap(documentsIn).flatMap(({ document }, index) => {
    const object = plain(dataOf(document, document.root, [], { whole: false, literal: true })) as {
      readonly kind?: string;
      readonly metadata?: { readonly name?: string };
    };
    const places = object?.metadata?.name === undefined || object.kind === 'List' ? [] : placesIn(object, text);
    return Array.from({ length: Math.min(places.length, mostMutants) }, (_, i) => {
      const made = mutated(object, places[next(places.length)]!, next(3)) as Record<string, Json>;
      const metadata = made['metadata'];
      return JSON.stringify({ ...made, metadata: { ...(metadata as object), name: `m${index}-${i}` } });
    });
  });
}

/** Kyverno's verdicts, by rule and object. */
async function theirs({ policy, resources, exceptions }: Tried): Promise<ReadonlyMap<string, string>> {
  const given = [...resources.flatMap(each => ['--resource', each]), ...exceptions.flatMap(each => ['--exception', each])];
  const options = ['apply', policy, ...given, '--policy-report', '--output-format', 'json', '--continue-on-fail'];
  const run = promisify(execFile)(engine, options, { maxBuffer: 1 << 26 });
  const stdout = await run.then(
    result => result.stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  );
  const json = /\{[\s\S]*\}/.exec(stdout)?.[0];
  const report = JSON.parse(json ?? '{}') as {
    readonly results?: readonly {
      readonly rule?: string;
      readonly result: string;
      readonly resources?: readonly Record<string, string>[];
    }[];
  };
  return new Map(
    (report.results ?? []).flatMap(({ rule, result, resources: all = [] }) =>
      all.map(each => [`${rule ?? ''} ${each['kind']} ${each['name']}`, result] as const),
    ),
  );
}

function ours({ policy, resources, exceptions }: Tried): ReadonlyMap<string, string> {
  const facts = [policy, ...exceptions].flatMap(file =>
    documentsIn(file).flatMap(({ document, base }) =>
      policyFacts({ document, dialect, path: file, base, index: 0, fileText: '', memo: new Map() }).filter(
        (fact): fact is PolicyTextFact => fact.type === 'policy-text',
      ),
    ),
  );
  const found = new Map<string, string>();
  for (const { document } of resources.flatMap(documentsIn))
    for (const object of readObjects(document, dialect)) {
      const { node, group, apiVersion, kind, name, namespace } = object;
      const [json, cel] = [false, true].map(whole => dataOf(document, node, [], { whole })) as [Subject['json'], Subject['cel']];
      // what the command line takes for a namespace that is not written
      const where = isNamespaced(group, kind) === false ? '' : (namespace ?? 'default');
      const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
      for (const each of readPolicies(facts))
        for (const { rule, is, excepted } of judge(each, {
          group,
          version,
          kind,
          name,
          namespace: where,
          namespaceLabels: null,
          json,
          cel,
          podSecurity: podSecurityOf(admittedOf(object)),
        }))
          if (excepted === undefined) found.set(`${rule ?? ''} ${kind} ${name}`, is);
    }
  return found;
}

test.skipIf(!isThere)(
  `objects are judged as Kyverno judges them${absent}`,
  async () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => path.basename(name) === 'kyverno-test.yaml');
    const tried = files.flatMap(name => triedIn(path.join(folder, name)));
    const counts = { all: 0, equal: 0, refused: 0, silent: 0 };
    const passed: string[] = [];
    const different: string[] = [];
    for (const each of tried) {
      const own = ours(each);
      for (const [key, verdict] of await theirs(each)) {
        // what fails in a policy in CEL has a name of its own
        const local = own.get(key) ?? own.get(key.replace(/^evaluation /, ' ')) ?? 'skip';
        // an expression that fails is a refusal, too, as `failurePolicy` has it where nothing is said
        const isRefused = verdict === 'fail' || verdict === 'error';
        counts.all++;
        if (isRefused) counts.refused++;
        if (verdict === local || (isRefused && local === 'fail')) counts.equal++;
        else different.push(`${verdict} ${local} ${each.name}: ${key}`);
        if (isRefused && !['fail', 'error', 'unknown'].includes(local)) counts.silent++;
        if (verdict === 'fail' && local !== 'fail' && local !== 'unknown') passed.push(`${each.name}: ${key}`);
      }
    }
    if (differences !== '') writeFileSync(differences, [JSON.stringify(counts), ...different, ''].join('\n'));
    expect(counts.all).toBeGreaterThan(300);
    expect(counts.refused / counts.all).toBeGreaterThan(0.5);
    expect(counts.equal / counts.all).toBeGreaterThan(0.97);
    expect(passed).toEqual([]);
    // nor where a rule fails in Kyverno
    expect(counts.silent).toBe(0);
  },
  3_600_000,
);
