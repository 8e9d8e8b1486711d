import type { IgnoreAnnotation } from '../family/part';
import type { Dialect } from '../../workspace/source/types';
import { ignoreAnnotation, isIgnoreAnnotation } from '../family/annotations';
import type { FileFacts } from '../../workspace/types';
import { pathToPointer } from '../../syntax/yaml/lookup';
import type { Path, YamlDocument } from '../../syntax/yaml/types';
import type { StringMap } from '../../syntax/yaml/values';
import { readObjects } from './model/read';
import type { KubernetesObject } from './model/types';
import { readConventions } from './model/values';

/** What was read of a document, for one kind of file. */
export interface ReadDocument {
  readonly objects: readonly KubernetesObject[];
  /** The annotations of the objects that suppress rules. */
  readonly annotations: readonly IgnoreAnnotation[];
  /** The facts of the objects, and where the document stood when they were collected. */
  facts: { readonly path: string; readonly base: number; readonly facts: FileFacts } | null;
}

/** The objects of a document and what follows from them, read once for each kind of file that the document may be in. */
export function readDocument(document: YamlDocument, dialect: Dialect): ReadDocument {
  const paths = dialect.podPaths ? JSON.stringify(dialect.podPaths) : '';
  const kind = `kubernetes ${dialect.holds ?? (dialect.fragment ? 'fragment' : 'whole')} ${paths}`;
  const known = document.memo.get(kind) as ReadDocument | undefined;
  if (known) return known;
  const objects = dialect.holds ? readConventions(document, dialect) : readObjects(document, dialect);
  const read: ReadDocument = { objects, annotations: objects.flatMap(readAnnotations), facts: null };
  document.memo.set(kind, read);
  return read;
}

function readAnnotations(object: KubernetesObject): IgnoreAnnotation[] {
  const found: IgnoreAnnotation[] = [];
  const read = (annotations: StringMap, level: IgnoreAnnotation['level'], path: Path): void => {
    for (const [key, { node, value }] of annotations) {
      if (!isIgnoreAnnotation(key)) continue;
      const quotes = node.style === 'single' || node.style === 'double' ? 1 : 0;
      const range = { start: node.range.start + quotes, end: node.range.end - quotes };
      // Ours speaks of the whole object wherever it stands.
      const pointer = pathToPointer(key === ignoreAnnotation ? object.path : path);
      found.push({ key, level, value, range, pointer });
    }
  };
  read(object.annotations, 'object', object.path);
  // A bare Pod's metadata is its object's.
  for (const pod of object.pods) if (pod.metadata !== object.metadata) read(pod.annotations, 'pod', pod.path);
  return found;
}
