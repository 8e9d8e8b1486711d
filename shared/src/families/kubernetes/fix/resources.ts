import { setValue, type YamlOperation } from '../../../yaml/operations';
import { leave, type Remedy } from '../../../fix/remedy';
import { stringOf } from '../../../yaml/values';
import { parseQuantity } from '../model/quantity';
import { resource } from '../model/security';
import type { ContainerView } from '../model/types';

/** One value of `resources`. */
export interface ResourceValue<N extends string = 'cpu' | 'memory' | 'ephemeral-storage'> {
  readonly kind: 'requests' | 'limits';
  readonly name: N;
  /** `null`: the configuration names none, and nothing is guessed. */
  readonly value: string | null;
}

/** Whether a value would put a request over a limit, in which case the API server refuses the pod. */
function collides(container: ContainerView, { kind, name, value }: ResourceValue): boolean {
  const other = stringOf(resource(container, kind === 'limits' ? 'requests' : 'limits', name));
  const mine = parseQuantity(value ?? '');
  const theirs = parseQuantity(other ?? '');
  if (mine === null || theirs === null) return false;
  return kind === 'limits' ? theirs > mine : mine > theirs;
}

/** How a container gets resources that it lacks: with values of the configuration alone. */
export function resourceRemedy(container: ContainerView, wanted: readonly ResourceValue[]): Remedy {
  if (wanted.some(({ value }) => value === null)) return leave('needs-value');
  if (wanted.some(each => collides(container, each)))
    return leave('needs-value', 'the configured value conflicts with what the container sets');
  const operations = (): YamlOperation[] =>
    wanted.map(({ kind, name, value }) => setValue([...container.path, 'resources', kind, name], value));
  return { fix: { operations }, noFix: null };
}
