import type { Range } from '../../../base/text/range';
import { textRange } from '../../../syntax/yaml/text-range';
import type { YamlMap } from '../../../syntax/yaml/types';
import { mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import type { GitlabView } from './types';

/** The inputs of `spec` that take any text: neither a list nor a pattern limits them (docs.gitlab.com, "CI/CD inputs", 2026-08). */
export function freeInputs(root: YamlMap): readonly string[] {
  return (mapOf(mapOf(root.get('spec'))?.get('inputs'))?.members() ?? []).flatMap(({ name, value }) => {
    const input = mapOf(value);
    const isText = (stringOf(input?.get('type')) ?? 'string') === 'string';
    return isText && !['options', 'regex', 'rules'].some(one => input?.entry(one)) ? [name] : [];
  });
}

/** An input that GitLab puts into the text of a pipeline before anything reads it. */
export interface PlacedInput {
  readonly name: string;
  readonly range: Range;
  /** Whether the values of variables are put in first. */
  readonly expanded: boolean;
}

const interpolated = /\$\[\[\s{0,9}inputs\.([\w-]{1,200})([^\][]{0,300})\]\]/g;

/** The inputs that decide what jobs run, in which image, and with the variables of which environment. */
export function placedInputs({ document, scripts, images, jobs }: GitlabView): readonly PlacedInput[] {
  if (!document.text.includes('$[[')) return [];
  const environments = jobs.flatMap(({ node }) => {
    const map = mapOf(node.get('environment'));
    return scalarOf(map ? map.get('name') : node.get('environment')) ?? [];
  });
  return [...scripts, ...images]
    .map(({ node }) => node)
    .concat(environments)
    .flatMap(node => {
      const text = stringOf(node) ?? '';
      const place = text.includes('$[[') ? textRange(document, node) : null;
      return [...(place ? text.matchAll(interpolated) : [])].map(({ index, 0: all, 1: name, 2: functions }) => {
        const start = place!.range.start + index;
        return {
          name: name!,
          range: place!.exact ? { start, end: start + all.length } : place!.range,
          expanded: /\|\s{0,9}expand_vars\b/.test(functions!),
        };
      });
    });
}
