import { scriptInScalar } from '../../../family/yaml-script';
import type { YamlDocument, YamlMap, YamlNode, YamlScalar } from '../../../../syntax/yaml/types';
import { mapOf, resolve, scalarOf, sequenceOf, stringOf } from '../../../../syntax/yaml/values';
import type { PlacedScript } from '../types';

/** Shells of a step whose scripts are not parsed. */
const others = /^(?:pwsh|powershell|cmd|python|node)\b/;

/** The keys of a job of GitLab, and of the whole pipeline, that hold scripts (docs.gitlab.com, "CI/CD YAML syntax reference"). */
const scriptKeys = ['before_script', 'script', 'after_script'];

/** The texts in a list; GitLab takes lists in lists, ten deep at most. */
function scalarsIn(value: YamlNode | null | undefined, depth = 0): readonly YamlScalar[] {
  const node = resolve(value);
  if (node?.kind === 'sequence') return depth < 10 ? node.items.flatMap(item => scalarsIn(item, depth + 1)) : [];
  const scalar = scalarOf(node);
  return scalar ? [scalar] : [];
}

/** The scripts of steps, of a workflow. */
function stepScripts(jobs: YamlMap): readonly YamlScalar[] {
  return jobs.entries.flatMap(({ value }) =>
    (sequenceOf(mapOf(value)?.get('steps'))?.items ?? []).flatMap(item => {
      const step = mapOf(item);
      const node = scalarOf(step?.get('run'));
      return node && !others.test(stringOf(step?.get('shell')) ?? '') ? [node] : [];
    }),
  );
}

/** The scripts of a workflow's steps, or of the jobs of a pipeline of GitLab. */
export function workflowScripts(document: YamlDocument): readonly PlacedScript[] {
  const root = mapOf(document.root);
  if (!root) return [];
  const jobs = mapOf(root.get('jobs'));
  const holders = [root, ...root.members().map(({ value }) => mapOf(value))];
  const nodes = jobs ? stepScripts(jobs) : holders.flatMap(holder => scriptKeys.flatMap(key => scalarsIn(holder?.get(key))));
  // what an anchor names comes once
  return [...new Set(nodes)].flatMap(node => {
    const script = scriptInScalar(document, node);
    const locked = node.shared || node.anchor !== undefined ? 'shared' : null;
    return script ? [{ kind: 'workflow', script, locked, range: node.range, lines: node.style === 'literal' }] : [];
  });
}
