import type { YamlMap, YamlScalar } from '../../../yaml/types';
import { mapOf, resolve, scalarOf, sequenceOf, stringOf } from '../../../yaml/values';
import type { OptionalNode, Runner, RunnerLabel } from './types';

/** A whole text that is one value of the matrix: `${{ matrix.os }}`. */
const fromMatrix = /^\$\{\{\s{0,20}matrix\.([\w-]{1,100})\s{0,20}\}\}$/;

/** The values that `matrix.name` may have in a job; `null` where an expression makes the matrix, or the name is none of it. */
export function matrixValues(job: YamlMap, name: string): readonly YamlScalar[] | null {
  const matrix = mapOf(mapOf(job.get('strategy'))?.get('matrix'));
  if (!matrix) return null;
  const listed = resolve(matrix.get(name));
  if (listed && listed.kind !== 'sequence') return null;
  const items = [
    ...(listed?.kind === 'sequence' ? listed.items : []),
    ...(sequenceOf(matrix.get('include'))?.items ?? []).map(item => mapOf(item)?.get(name)).filter(value => value !== undefined),
  ];
  const scalars = items.map(item => scalarOf(item));
  if (scalars.length === 0 || scalars.some(scalar => !scalar || (stringOf(scalar) ?? '').includes('${{'))) return null;
  return scalars as readonly YamlScalar[];
}

function labelsOf(job: YamlMap, node: OptionalNode): readonly RunnerLabel[] | null {
  const scalar = scalarOf(node);
  const text = stringOf(scalar);
  if (!scalar || text === null) return null;
  const [, name] = fromMatrix.exec(text) ?? [];
  if (name !== undefined) {
    const values = matrixValues(job, name);
    return values && values.map(value => ({ text: stringOf(value) ?? '', node: value }));
  }
  return text.includes('${{') ? null : [{ text, node: scalar }];
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
