import type { Dialect } from '../../../shared/src/workspace/source/types';
import { parseStream } from '../../../shared/src/syntax/yaml/parse';
import { readObjects } from '../../../shared/src/families/kubernetes/model/read';
import type { KubernetesObject } from '../../../shared/src/families/kubernetes/model/types';

const whole: Dialect = { templated: false, fragment: false };

/** The objects of all documents of a text. */
export function objectsOf(text: string, dialect: Dialect = whole): KubernetesObject[] {
  return parseStream(text, new Map()).flatMap(({ document }) => readObjects(document, dialect));
}
