import { scriptInScalar } from '../../../family/yaml-script';
import type { YamlDocument } from '../../../../syntax/yaml/types';
import { mapOf, scalarOf, sequenceOf, stringOf } from '../../../../syntax/yaml/values';
import type { PlacedScript } from '../types';

/** Shells of a step whose scripts are not parsed. */
const others = /^(?:pwsh|powershell|cmd|python|node)\b/;

/** The steps of a workflow that run a script. */
export function workflowScripts(document: YamlDocument): readonly PlacedScript[] {
  const scripts: PlacedScript[] = [];
  for (const { value } of mapOf(mapOf(document.root)?.get('jobs'))?.entries ?? []) {
    for (const item of sequenceOf(mapOf(value)?.get('steps'))?.items ?? []) {
      const step = mapOf(item);
      const node = scalarOf(step?.get('run'));
      if (!node || others.test(stringOf(step?.get('shell')) ?? '')) continue;
      const script = scriptInScalar(document, node);
      if (!script) continue;
      const locked = node.shared || node.anchor !== undefined ? 'shared' : null;
      scripts.push({ kind: 'workflow', script, locked, range: node.range, lines: node.style === 'literal' });
    }
  }
  return scripts;
}
