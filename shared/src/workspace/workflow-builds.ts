import { itemsOf, mapOf, scalarOf, sequenceOf, stringOf } from '../syntax/yaml/values';
import type { MaybeNode } from '../syntax/yaml/lookup';
import type { YamlDocument, YamlMap } from '../syntax/yaml/types';
import { writtenArguments } from './build-arguments';
import { commandBuilds } from './build-commands';
import type { Build } from './build';

/** What the expressions of a workflow stand for: `matrix.service`, `env.IMAGE`, `steps.meta.outputs.tags`. */
type Values = ReadonlyMap<string, string>;

/** More runs of one job are not looked at. */
const mostRuns = 32;

/** A text with the expressions filled in that stand for something known. */
function fill(text: string, values: Values): string {
  return text.replace(/\$\{\{\s{0,9}([\w.-]{1,100})\s{0,9}\}\}/g, (whole, name: string) => values.get(name) ?? whole);
}

/** The values of a node under a name, those of the keys of a map too. */
function valuesOf(name: string, node: MaybeNode): readonly (readonly [string, string])[] {
  const map = mapOf(node);
  if (map) return map.entries.flatMap(entry => valuesOf(`${name}.${entry.name}`, entry.value));
  const value = scalarOf(node)?.value;
  return value == null ? [] : [[name, String(value)]];
}

/** What the matrix of a job sets in each of its runs; one run that sets nothing where it has none. */
function runsOf(job: YamlMap | null): readonly Values[] {
  const matrix = mapOf(mapOf(job?.get('strategy'))?.get('matrix'));
  let runs: readonly Values[] = [new Map()];
  for (const { name, value } of matrix?.entries ?? []) {
    const items = /^(?:include|exclude)$/.test(name) ? [] : (sequenceOf(value)?.items ?? []);
    const all = runs.flatMap(run => items.slice(0, mostRuns).map(item => new Map([...run, ...valuesOf(`matrix.${name}`, item)])));
    if (all.length > 0) runs = all.slice(0, mostRuns);
  }
  const [first] = runs;
  const more = itemsOf(matrix?.get('include')).slice(0, mostRuns);
  for (const { map } of more) {
    const own = new Map(map.entries.flatMap(({ name, value }) => valuesOf(`matrix.${name}`, value)));
    const fits = (run: Values): boolean => [...own].every(([name, value]) => (run.get(name) ?? value) === value);
    // what fits none of the runs is one more
    runs =
      first!.size > 0 && runs.some(fits)
        ? runs.map(run => (fits(run) ? new Map([...run, ...own]) : run))
        : [...runs.filter(run => run.size > 0), own];
  }
  return runs;
}

/** `docker/build-push-action` and `docker build` in the steps of a GitHub workflow, in every run of a matrix. */
export function workflowBuilds(document: YamlDocument, root: YamlMap): readonly Build[] {
  if (document.problems.length > 0) return [];
  const found: Build[] = [];
  const text = (node: MaybeNode, values: Values): string => fill(stringOf(node) ?? '', values);
  for (const { value } of mapOf(root.get('jobs'))?.entries ?? []) {
    const job = mapOf(value);
    for (const run of runsOf(job)) {
      const values = new Map(run);
      for (const node of [root.get('env'), job?.get('env')])
        for (const [name, set] of valuesOf('env', node)) values.set(name, fill(set, values));
      for (const { map: step } of itemsOf(sequenceOf(job?.get('steps')))) {
        const given = mapOf(step.get('with'));
        const uses = stringOf(step.get('uses')) ?? '';
        if (given && uses.startsWith('docker/metadata-action'))
          values.set(`steps.${text(step.get('id'), values)}.outputs.tags`, text(given.get('images'), values));
        if (given && uses.startsWith('docker/build-push-action')) {
          const node = scalarOf(given.get('tags')) ?? given;
          for (const tag of text(given.get('tags'), values).split(/[\n,]/)) {
            if (tag.trim() === '') continue;
            found.push({
              image: tag.trim().replace(/^(?:type=\S*value|name)=/, ''),
              dockerfile: text(given.get('file'), values) || null,
              context: text(given.get('context'), values),
              target: text(given.get('target'), values) || null,
              args: writtenArguments(text(given.get('build-args'), values).split('\n')),
              range: node === given ? { start: given.range.start, end: given.range.start + 1 } : node.range,
              inContext: false,
            });
          }
        }
        const script = scalarOf(step.get('run'));
        if (script && typeof script.value === 'string' && script.value.includes(' build'))
          for (const build of commandBuilds(fill(script.value, values), false)) found.push({ ...build, range: script.range });
      }
    }
  }
  return found;
}
