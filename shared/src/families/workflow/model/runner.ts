import type { YamlMap, YamlScalar } from '../../../yaml/types';
import { mapOf, resolve, scalarOf, stringOf } from '../../../yaml/values';
import { parseExpression } from './expression/parse';
import { resultsOf } from './expression/walk';
import type { OptionalNode, Runner, RunnerLabel } from './types';

/** A whole text that is one value of the matrix: `${{ matrix.os }}`. */
const fromMatrix = /^\$\{\{\s{0,20}matrix\.([\w-]{1,100})\s{0,20}\}\}$/;

/** Where the values of `matrix.name` come from: the scalars of the matrix, or the expression that makes it (both `null`: something else). */
export function matrixNode(
  job: YamlMap,
  name: string | undefined,
): { readonly node: YamlScalar | null; readonly values: readonly YamlScalar[] | null } {
  const whole = resolve(mapOf(job.get('strategy'))?.get('matrix'));
  const matrix = mapOf(whole);
  if (!matrix || name === undefined) return { node: scalarOf(whole), values: null };
  const listed = resolve(matrix.entries.find(entry => entry.name.toLowerCase() === name)?.value);
  if (listed && listed.kind !== 'sequence') return { node: scalarOf(listed), values: null };
  const included = resolve(matrix.get('include'));
  const items = [
    ...(listed?.kind === 'sequence' ? listed.items : []),
    ...(included?.kind === 'sequence' ? included.items : [])
      .flatMap(item => mapOf(item)?.entries ?? [])
      .flatMap(entry => (entry.name.toLowerCase() === name ? [entry.value] : [])),
  ];
  const scalars = items.map(item => scalarOf(item));
  if (scalars.length === 0) return { node: scalarOf(included), values: null };
  return { node: null, values: scalars.every(scalar => scalar !== null) ? scalars : null };
}

function labelsOf(job: YamlMap, node: OptionalNode): readonly RunnerLabel[] | null {
  const scalar = scalarOf(node);
  const text = stringOf(scalar);
  if (!scalar || text === null) return null;
  const [, name] = fromMatrix.exec(text) ?? [];
  if (name !== undefined) {
    const { values } = matrixNode(job, name.toLowerCase());
    const isKnown = values?.every(value => !(stringOf(value) ?? '').includes('${{'));
    return isKnown ? values!.map(value => ({ text: stringOf(value) ?? '', node: value })) : null;
  }
  if (!text.includes('${{')) return [{ text, node: scalar }];
  // a choice between labels: `${{ inputs.arm && 'ubuntu-24.04-arm' || 'ubuntu-24.04' }}`
  const [, inner] = /^\$\{\{([^}]{1,2000})\}\}$/.exec(text) ?? [];
  const chosen = inner === undefined ? null : parseExpression(inner, 0);
  const results = chosen ? resultsOf(chosen) : [];
  const labels = results.flatMap(result => (result.kind === 'literal' && typeof result.value === 'string' ? [result.value] : []));
  return labels.length > 0 && labels.length === results.length ? labels.map(label => ({ text: label, node: scalar })) : null;
}

/** Reads `runs-on` of a job. */
export function readRunner(job: YamlMap): Runner {
  const node = resolve(job.get('runs-on'));
  const map = mapOf(node);
  const listed = map ? resolve(map.get('labels')) : node;
  const groups = map ? (labelsOf(job, map.get('group')) ?? []) : [];
  const items = listed?.kind === 'sequence' ? listed.items : listed ? [listed] : [];
  const found = items.map(item => labelsOf(job, item));
  return {
    labels: found.flatMap(labels => labels ?? []),
    group: groups[0] ?? null,
    known: found.every(labels => labels !== null) && (items.length > 0 || groups.length > 0),
  };
}
