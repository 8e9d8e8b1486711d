import type { Range } from '../../base/text/range';
import { dataOf } from '../../syntax/yaml/data';
import { rangeOfField, type FieldHolder } from '../../syntax/yaml/field-range';
import type { CelValue } from '../../syntax/cel/values';
import type { Path, YamlMap } from '../../syntax/yaml/types';

/** What a rule of a configuration is asked about: an object of Kubernetes, a service, a job, a stage. */
export interface CustomSubject {
  /** `Deployment`, `service`: what exceptions of the configuration call it, too. */
  readonly kind: string;
  /** `null`: it has none. */
  readonly name: string | null;
  /** What expressions see as `object`. */
  readonly data: CelValue;
  /** Where a field is reported; `[]`: where the whole is. */
  rangeOf(path: Path): Range;
}

/** What rules of a configuration see of a family's files. */
export interface CustomFace {
  /** The target whose views they are asked about. */
  readonly target: string;
  /** A path at which a text is taken for one of the family's files, whatever it says. */
  readonly samplePath: string;
  /** `null`: the view is a part of others. */
  readonly subjectOf: (view: never) => CustomSubject | null;
}

/**
 * What is written in a map of YAML, as rules of a configuration see it.
 * @param isOpen whether a text is filled in by what reads the file
 */
export function yamlSubject(
  holder: FieldHolder,
  node: YamlMap,
  about: Pick<CustomSubject, 'kind' | 'name'>,
  isOpen?: (text: string) => boolean,
): CustomSubject {
  const data = dataOf(holder.document, node, [], { whole: true, ...(isOpen && { isOpen }) }) as CelValue & object;
  return { ...about, data, rangeOf: path => rangeOfField(holder, path) };
}
