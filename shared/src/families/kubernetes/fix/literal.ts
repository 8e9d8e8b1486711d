import type { YamlNode } from '../../../syntax/yaml/types';
import type { LiteralOperation } from '../../../rule/fix/types';
import type { Attachment, Report } from '../../../rule/define-rule';
import type { KubernetesObject } from '../model/types';

/** The fix of a switch that a chart sets literally, as rules declare it, and what it takes for granted. */
export const literalFixes = { 'set-false': { title: 'Set {field} to false', class: 'attended' } } as const;
export const literalAssumptions = { 'chart-value': 'Nothing installed from the chart needs {field}' } as const;

/** Switches a literal off in place, in a template or the values of a chart: there is nothing else that can be written. `null`: the object is neither. */
export function switchOff<X extends string>(
  report: Pick<Report<never, X | 'set-false'>, 'fix'>,
  { document, apiVersion, kind }: KubernetesObject,
  { range }: YamlNode,
  field: string,
): Attachment | null {
  if (!document.templated && !(apiVersion === 'helm.sh/v3' && kind === 'Values')) return null;
  const operation: LiteralOperation = { type: 'literal.replace', range, text: 'false' };
  return report.fix('set-false', () => [operation], { data: { field }, assumes: [{ id: 'chart-value', data: { field } }], literal: true });
}
