import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readObjects } from '../../shared/src/families/kubernetes/model/read';
import { policyFacts } from '../../shared/src/families/policy/facts';
import { judge, readPolicies } from '../../shared/src/families/policy/judge/policies';
import type { Subject } from '../../shared/src/families/policy/judge/subject';
import { isNamespaced } from '../../shared/src/knowledge/kubernetes-apis';
import { dataOf } from '../../shared/src/syntax/yaml/data';
import { parseStream } from '../../shared/src/syntax/yaml/parse';
import type { PolicyTextFact } from '../../shared/src/workspace/admission-facts';

/** What test/oracle/kyverno/README.md builds, and the policies that it clones. */
const engine = process.env['BULKHEAD_KYVERNO'] ?? '';
const folder = process.env['BULKHEAD_KYVERNO_POLICIES'] ?? '';
const isThere = existsSync(engine) && existsSync(folder);
const absent = isThere ? '' : ' (skipped: BULKHEAD_KYVERNO and BULKHEAD_KYVERNO_POLICIES do not name them: test/oracle/kyverno/README.md)';

const dialect = { templated: false, fragment: false };
const documentsIn = (file: string): ReturnType<typeof parseStream> => parseStream(readFileSync(file, 'utf8'), new Map());

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
  const isOurs = /^kind: *(?:ClusterPolicy|Policy|ValidatingPolicy) *$/m.test(text) && /^\s*(?:- )?validat(?:e|ions):/m.test(text);
  return isOurs ? [{ name: path.relative(folder, path.dirname(policy)), policy, resources, exceptions }] : [];
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
    for (const { node, group, apiVersion, kind, name, namespace } of readObjects(document, dialect)) {
      const [json, cel] = [false, true].map(whole => dataOf(document, node, [], { whole })) as [Subject['json'], Subject['cel']];
      // what the command line takes for a namespace that is not written
      const where = isNamespaced(group, kind) === false ? '' : (namespace ?? 'default');
      const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
      for (const each of readPolicies(facts))
        for (const { rule, is } of judge(each, { group, version, kind, name, namespace: where, namespaceLabels: null, json, cel }))
          found.set(`${rule ?? ''} ${kind} ${name}`, is);
    }
  return found;
}

test.skipIf(!isThere)(
  `objects are judged as Kyverno judges them${absent}`,
  async () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => path.basename(name) === 'kyverno-test.yaml');
    const tried = files.flatMap(name => triedIn(path.join(folder, name)));
    const counts = { all: 0, equal: 0, refused: 0 };
    const passed: string[] = [];
    for (const each of tried) {
      const own = ours(each);
      for (const [key, verdict] of await theirs(each)) {
        const local = own.get(key) ?? 'skip';
        counts.all++;
        if (verdict === 'fail') counts.refused++;
        if (verdict === local) counts.equal++;
        else if (verdict === 'fail' && local !== 'unknown') passed.push(`${each.name}: ${key}`);
      }
    }
    expect(counts.all).toBeGreaterThan(300);
    expect(counts.refused / counts.all).toBeGreaterThan(0.4);
    expect(counts.equal / counts.all).toBeGreaterThan(0.97);
    expect(passed).toEqual([]);
  },
  3_600_000,
);
