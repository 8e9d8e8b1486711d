import { shift, type Range } from '../../text/range';
import type { Operation, ReasonId, YamlOperation } from '../../fix/types';
import { inNaturalOrder } from './fix/order';
import { renderYaml } from '../../yaml/fix/render';
import { verifyYaml } from '../../yaml/fix/verify';
import { memoize, type Memo } from '../../text/memoize';
import { coveredRange, lineItemAt, pathToPointer } from '../../yaml/lookup';
import { parseDocument } from '../../yaml/parse';
import type { Comment, Path, YamlChunk, YamlDocument } from '../../yaml/types';
import { readObjects } from './model/read';
import { readConventions } from './model/values';
import { containerOf, objectOf, visitKubernetes } from './model/visit';
import type { KubernetesObject, KubernetesView } from './model/types';
import type { StringMap } from '../../yaml/values';
import type { Dialect } from '../../source/types';
import { ignoreAnnotation, isIgnoreAnnotation } from '../../suppress/annotations';
import { renderComment } from '../../engine/comment-edits';
import type { IgnoreAnnotation, Part, PartMemory } from '../../engine/part';
import type { ObjectRef } from '../../engine/types';

/** What was read of documents before: their objects by what the file is, and what the linter keeps. */
export type ObjectCache = WeakMap<
  YamlDocument,
  { readonly objects: Map<string, readonly KubernetesObject[]>; readonly memory: PartMemory }
>;

/** The objects of a document and what the linter keeps of it, from the cache where it was read before. */
export function cachedObjects(
  cache: ObjectCache,
  document: YamlDocument,
  dialect: Dialect,
): { readonly objects: readonly KubernetesObject[]; readonly memory: PartMemory } {
  let known = cache.get(document);
  if (!known) cache.set(document, (known = { objects: new Map<string, readonly KubernetesObject[]>(), memory: { last: null } }));
  const told = dialect.podPaths ? JSON.stringify(dialect.podPaths) : '';
  const kind = (dialect.holds ?? (dialect.fragment ? 'fragment' : 'whole')) + told;
  let objects = known.objects.get(kind);
  if (!objects) known.objects.set(kind, (objects = dialect.holds ? readConventions(document, dialect) : readObjects(document, dialect)));
  return { objects, memory: known.memory };
}

/** A document of a manifest as a part of its file. */
export function kubernetesPart(
  fileText: string,
  chunk: YamlChunk,
  objects: readonly KubernetesObject[],
  memory: PartMemory,
  locked: ReasonId | null = null,
): Part {
  const { document, base, index } = chunk;
  const covered = (comment: Comment): Range | null => {
    const found = coveredRange(document, comment.range.end);
    // Above the first key of a document a directive speaks of the whole object, not of its `apiVersion`.
    const { root } = document;
    return found && root?.kind === 'map' && root.entries[0]?.range.start === found.start ? root.range : found;
  };
  return {
    text: document.templated ? fileText.slice(base, base + document.text.length) : document.text,
    base,
    index,
    memory,
    locked: document.templated ? 'templated' : locked,
    comments: document.comments,
    checks: [],
    annotations: annotationsOf(objects, memory),
    shortfalls: document.shortfalls ?? [],
    visit: visitor => visitKubernetes(document, objects, visitor),
    objectOf: view => refOf(view as KubernetesView | null),
    scopeOf: () => '',
    covered,
    beside: offset => lineItemAt(document, offset),
    block: covered,
    render: operations => {
      const comments = operations.filter(o => o.type === 'comment.replace');
      const rest = inNaturalOrder(operations.filter(isYaml));
      const edits = comments.map(o => renderComment(document.text, o));
      if (rest.length === 0) return { ok: true, edits };
      const rendered = renderYaml(document, rest);
      return rendered.ok ? { ok: true, edits: [...edits, ...rendered.edits] } : rendered;
    },
    verify: (text, operations) => {
      const after = parseDocument(text);
      if (after.problems.length > document.problems.length) return { reason: 'unverified', detail: after.problems[0]!.message };
      // Comments are no part of the tree: what touches only them is right where the parse holds.
      if (operations.every(o => o.type === 'comment.replace')) return null;
      return verifyYaml(document, after, inNaturalOrder(operations.filter(isYaml)));
    },
  };
}

function isYaml(operation: Operation): operation is YamlOperation {
  return operation.type.startsWith('yaml.');
}

function annotationsOf(objects: readonly KubernetesObject[], memory: PartMemory): readonly IgnoreAnnotation[] {
  if (memory.annotations?.objects !== objects) memory.annotations = { objects, list: objects.flatMap(readAnnotations) };
  return memory.annotations.list;
}

function readAnnotations(object: KubernetesObject): IgnoreAnnotation[] {
  const found: IgnoreAnnotation[] = [];
  const read = (annotations: StringMap, level: IgnoreAnnotation['level'], path: Path): void => {
    for (const [key, { node, value }] of annotations) {
      if (!isIgnoreAnnotation(key)) continue;
      const quoted = node.style === 'single' || node.style === 'double';
      // Ours speaks of the whole object wherever it stands.
      const pointer = pathToPointer(key === ignoreAnnotation ? object.path : path);
      const covers = (ref: ObjectRef): boolean => pointer === '' || ref.path === pointer || ref.path.startsWith(`${pointer}/`);
      found.push({ key, level, value, range: quoted ? shift(node.range, 1) : node.range, covers });
    }
  };
  read(object.annotations, 'object', object.path);
  // A bare Pod's metadata is its object's.
  for (const pod of object.pods) if (pod.metadata !== object.metadata) read(pod.annotations, 'pod', pod.path);
  return found;
}

/** The object that a view belongs to, once for all findings about it. */
function refOf(view: KubernetesView | null): ObjectRef | null {
  if (view === null) return null;
  return view.target === 'document' || view.target === 'image' ? readRef(view) : keptRef(view);
}

const keptRef = memoize((view: Memo & KubernetesView) => readRef(view));

function readRef(view: KubernetesView): ObjectRef | null {
  const object = objectOf(view);
  if (!object) return null;
  const { apiVersion, kind, namespace, name } = object;
  return {
    document: 0,
    apiVersion,
    kind,
    namespace,
    name,
    container: containerOf(view)?.name ?? null,
    path: view.target === 'document' ? '' : pathToPointer(view.path),
  };
}
