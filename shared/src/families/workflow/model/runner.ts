import type { Path, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';
import { mapOf, resolve, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { parseExpression } from './expression/parse';
import { resultsOf } from './expression/walk';
import type { OptionalNode, Runner, RunnerLabel } from './types';

/** A whole text that is one value of the matrix: `${{ matrix.os }}`. */
const fromMatrix = /^\$\{\{\s{0,20}matrix\.([\w-]{1,100})\s{0,20}\}\}$/;

/** The name in a text that is one value of the matrix and nothing else, in lower case; `null`: it is another text. */
export function matrixNameIn(text: string): string | null {
  return fromMatrix.exec(text)?.[1]?.toLowerCase() ?? null;
}

/** A value that the matrix gives. */
export interface MatrixValue {
  readonly node: YamlScalar;
  /** From the job to the scalar. */
  readonly path: Path;
}

/** Whether a combination is left out for a value of `name` alone, whatever the others are. */
function isExcluded(matrix: YamlMap, name: string, node: YamlNode): boolean {
  const excluded = resolve(matrix.get('exclude'));
  return (excluded?.kind === 'sequence' ? excluded.items : []).some(item => {
    const [only, other] = mapOf(item)?.entries ?? [];
    return only?.name.toLowerCase() === name && !other && stringOf(only.value) === stringOf(node);
  });
}

/** Where the values of `matrix.name` come from: the scalars of the matrix, or the expression that makes it (both `null`: something else). */
export function matrixNode(
  job: YamlMap,
  name: string | undefined,
): { readonly node: YamlScalar | null; readonly values: readonly MatrixValue[] | null } {
  const whole = resolve(mapOf(job.get('strategy'))?.get('matrix'));
  const matrix = mapOf(whole);
  if (!matrix || name === undefined) return { node: scalarOf(whole), values: null };
  const path = ['strategy', 'matrix'];
  const entry = matrix.entries.find(one => one.name.toLowerCase() === name);
  const listed = resolve(entry?.value);
  if (listed && listed.kind !== 'sequence') return { node: scalarOf(listed), values: null };
  const included = resolve(matrix.get('include'));
  const items: { readonly node: YamlNode | null; readonly path: Path }[] = [
    ...(entry && listed ? listed.items : []).map((node, i) => ({ node, path: [...path, entry!.name, i] })),
    ...(included?.kind === 'sequence' ? included.items : []).flatMap((item, i) =>
      (mapOf(item)?.entries ?? [])
        .filter(one => one.name.toLowerCase() === name)
        .map(one => ({ node: one.value, path: [...path, 'include', i, one.name] })),
    ),
  ];
  if (items.length === 0) return { node: scalarOf(included), values: null };
  const values = items
    .filter(({ node, path: at }) => !node || at.includes('include') || !isExcluded(matrix, name, node))
    .map(({ node, path: at }) => ({ node: scalarOf(node), path: at }));
  return { node: null, values: values.every((value): value is MatrixValue => value.node !== null) ? values : null };
}

function labelsOf(job: YamlMap, node: OptionalNode): readonly RunnerLabel[] | null {
  const scalar = scalarOf(node);
  const text = stringOf(scalar);
  if (!scalar || text === null) return null;
  const name = matrixNameIn(text);
  if (name !== null) {
    const { values } = matrixNode(job, name);
    const isKnown = values?.every(value => !(stringOf(value.node) ?? '').includes('${{'));
    return isKnown ? values!.map(value => ({ text: stringOf(value.node) ?? '', node: value.node })) : null;
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
