import type { Report } from '../../../rule/define-rule';
import { setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { markOf } from '../../../rule/fix/places';
import type { Remedy } from '../../../rule/fix/remedy';
import type { FixPlace } from '../../../rule/fix/types';
import { stringOf } from '../../../syntax/yaml/values';
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

/** Reports a container without a limit of a resource; the API allows ephemeral containers none. */
export function checkLimit(
  container: ContainerView,
  report: Report<'missing', 'limit' | 'enter'>,
  name: ResourceValue['name'],
  value: string | null,
): void {
  if (container.kind === 'ephemeral' || resource(container, 'limits', name)) return;
  const outcome = resourceRemedy(container, [{ kind: 'limits', name, value }]);
  const fixes = report.remedy(outcome.fix?.places ? 'enter' : 'limit', outcome, { value: value ?? '' });
  report(container.reportRange, 'missing', {}, ...fixes);
}

/** Values of the right form, for what nothing is known of. */
const samples = { cpu: '100m', memory: '256Mi', 'ephemeral-storage': '1Gi' };

/**
 * How a container gets resources that it lacks: with values of the configuration. What that does not say, or says against what the container sets, is left
 * to whoever takes the fix: it has a place for each such value, and none is guessed.
 */
export function resourceRemedy(container: ContainerView, wanted: readonly ResourceValue[]): Remedy {
  const places: FixPlace[] = [];
  const values = wanted.map(each => {
    if (each.value !== null && !collides(container, each)) return each.value;
    const other = resource(container, each.kind === 'limits' ? 'requests' : 'limits', each.name);
    return markOf(places.push({ text: '', sample: stringOf(other) ?? samples[each.name] }));
  });
  const operations = (): YamlOperation[] =>
    wanted.map(({ kind, name }, index) => setValue([...container.path, 'resources', kind, name], values[index]!));
  if (places.length === 0) return { fix: { operations }, noFix: null };
  const detail = wanted.every(({ value }) => value !== null) ? 'the configured value conflicts with what the container sets' : undefined;
  return { fix: { operations, places }, noFix: { reason: 'needs-value', detail } };
}
