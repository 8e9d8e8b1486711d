import type { Snippet, ValuesPlace } from '../../../rule/fix/types';
import { range, shift, type Range } from '../../../base/text/range';
import type { ContainerView, KubernetesObject, PodView } from '../model/types';
import { booleanOf, mapOf, stringOf } from '../../../syntax/yaml/values';
import { maskCharacter } from '../../../syntax/yaml/mask';
import type { YamlDocument, YamlMap } from '../../../syntax/yaml/types';

type Value = string | number | boolean | readonly Value[] | Tree;
interface Tree {
  [key: string]: Value;
}

/** What a pod or container at Pod Security `restricted` has, less what the map already says. */
interface Wanted {
  /** What of the chart's values fills the securityContext; `null`: the template has no place for it. */
  readonly values: Filling | null;
  readonly settings: Tree;
}

/** A path in the chart's values that fills a key. */
interface Filling {
  readonly path: readonly string[];
  /** The key's, in the document. */
  readonly key: Range;
}

/** A document of a template, its objects, and its text before template actions were masked. */
export interface TemplateDocument {
  readonly document: YamlDocument;
  readonly objects: readonly KubernetesObject[];
  readonly text: string;
  /** Where the document begins in the file. */
  readonly base: number;
}

/** What is gathered for the chart's values. */
interface Gathered {
  readonly values: Tree;
  readonly places: ValuesPlace[];
}

/**
 * What makes the workloads of a template pass Pod Security at `restricted`, as far as it can be said without rendering: through the values
 * that fill a securityContext, and a kustomize patch for those that nothing fills. Privileged containers and Windows pods are left alone.
 */
export function snippetsFor(documents: readonly TemplateDocument[]): readonly Snippet[] {
  const values: Tree = {};
  const places: ValuesPlace[] = [];
  const patches: Tree[] = [];
  for (const template of documents) {
    const { objects } = template;
    for (const object of objects) {
      for (const pod of object.pods) {
        if (pod.isWindows || !pod.path.every(step => typeof step === 'string')) continue;
        const own = collect(template, pod, { values, places });
        if (Object.keys(own).length > 0) patches.push(patchOf(object, pod, own));
      }
    }
  }
  const snippets: Snippet[] = [];
  if (Object.keys(values).length > 0) {
    snippets.push({ kind: 'values', text: `# For the chart's values. ${note}\n${print(values, 0)}`, places });
  }
  if (patches.length > 0) {
    const body = patches.map(patch => print(patch, 0)).join('---\n');
    const names = body.includes(': NAME\n') ? ' Replace NAME with the rendered name.' : '';
    const head = `# A kustomize patch for what the chart renders (helmCharts, or a post-renderer).${names}\n# ${note}\n`;
    snippets.push({ kind: 'kustomize', text: head + body });
  }
  return snippets;
}

const note = 'Check that the images run as a non-root user and write only to volumes.';

/** Adds what values can set to `values`, and gives what is left for a patch of the pod. */
function collect({ document, text, base }: TemplateDocument, pod: PodView, { values, places }: Gathered): Tree {
  const fill = ({ path, key }: Filling, settings: Tree): void => {
    if (Object.keys(settings).length === 0) return;
    merge(values, path, settings);
    const own: Tree = {};
    merge(own, path, settings);
    places.push({ range: shift(key, base), name: `.Values.${path.join('.')}`, text: print(own, 0) });
  };
  const patch: Tree = {};
  const ofPod = podWanted(document, text, pod);
  if (ofPod.values) fill(ofPod.values, ofPod.settings);
  else if (Object.keys(ofPod.settings).length > 0) patch.securityContext = ofPod.settings;
  const lists: Record<string, Value[]> = {};
  for (const container of pod.containers) {
    const wanted = containerWanted(document, text, container);
    if (!wanted || Object.keys(wanted.settings).length === 0) continue;
    if (wanted.values) fill(wanted.values, wanted.settings);
    else {
      const list = String(container.path.at(-2));
      (lists[list] ??= []).push({ name: literal(container.name) ?? 'CONTAINER', securityContext: wanted.settings });
    }
  }
  for (const [list, items] of Object.entries(lists)) patch[list] = items;
  return patch;
}

function podWanted(document: YamlDocument, text: string, pod: PodView): Wanted {
  const { securityContext } = pod;
  const settings: Tree = {};
  // A privileged container is hardly ever made for another user.
  if (!securityContext?.entry('runAsNonRoot') && !pod.containers.some(isPrivileged)) settings.runAsNonRoot = true;
  if (!securityContext?.entry('seccompProfile')) settings.seccompProfile = { type: 'RuntimeDefault' };
  return { values: valuesOf(document, text, pod.node), settings };
}

function containerWanted(document: YamlDocument, text: string, container: ContainerView): Wanted | null {
  const { securityContext, node } = container;
  if (isPrivileged(container) || container.kind === 'ephemeral') return null;
  const settings: Tree = {};
  if (!securityContext?.entry('allowPrivilegeEscalation')) settings.allowPrivilegeEscalation = false;
  if (!mapOf(securityContext?.get('capabilities'))?.entry('drop')) settings.capabilities = { drop: ['ALL'] };
  if (!securityContext?.entry('readOnlyRootFilesystem')) settings.readOnlyRootFilesystem = true;
  return { values: valuesOf(document, text, node), settings };
}

function isPrivileged({ securityContext }: ContainerView): boolean {
  return booleanOf(securityContext?.get('privileged')) === true;
}

/** The values path whose text fills the `securityContext` of a map, by the actions in it or a `with` right above it. */
function valuesOf(document: YamlDocument, text: string, node: YamlMap): Filling | null {
  const entry = node.entries.find(({ name }) => name === 'securityContext');
  if (!entry) return null;
  const inside = /\.Values(\.[A-Za-z_][\w.]*)/.exec(text.slice(entry.colon, blockEnd(text, entry.range.start)));
  const above = text.slice(0, entry.range.start).trimEnd();
  const outside = inside ? null : /\{\{-? *with \.Values((?:\.[A-Za-z_]\w*)+) *-?\}\}$/.exec(above.slice(-200));
  const path = (inside ?? outside)?.[1];
  if (path === undefined || document.text.length !== text.length) return null;
  const names = path.slice(1).split('.');
  const odd = names.findIndex(name => !/^[A-Za-z_]\w*$/.test(name));
  return { path: odd < 0 ? names : names.slice(0, odd), key: range(entry.range.start, entry.colon) };
}

/** Where the block under a key ends: before the first line, from the second on, that is no deeper than the key and no action. */
function blockEnd(text: string, key: number): number {
  const column = key - (text.lastIndexOf('\n', key - 1) + 1);
  let at = text.indexOf('\n', key);
  while (at >= 0 && at < text.length) {
    const feed = text.indexOf('\n', at + 1);
    const line = text.slice(at + 1, feed < 0 ? text.length : feed);
    const indent = line.length - line.trimStart().length;
    if (line.trim() !== '' && indent <= column) return at;
    if (feed < 0) break;
    at = feed;
  }
  return text.length;
}

function patchOf(object: KubernetesObject, pod: PodView, own: Tree): Tree {
  let spec: Tree = own;
  for (const step of [...pod.path].reverse()) spec = { [String(step)]: spec };
  return {
    apiVersion: literal(object.apiVersion) ?? 'VERSION',
    kind: literal(object.kind) ?? 'KIND',
    metadata: { name: literal(stringOf(mapOf(object.metadata)?.get('name'))) ?? 'NAME' },
    ...spec,
  };
}

/** A text of which no part is filled in by the template. */
function literal(text: string | null): string | null {
  return text === null || text.includes(maskCharacter) || text.includes('{{') ? null : text;
}

function merge(into: Tree, path: readonly string[], settings: Tree): void {
  let at = into;
  for (const step of path) {
    const next = at[step];
    at = typeof next === 'object' && !Array.isArray(next) ? (next as Tree) : (at[step] = {});
  }
  Object.assign(at, settings);
}

/** Block style, two blanks a level. Keys and texts are words that need no quotes. */
function print(value: Tree, indent: number): string {
  const pad = ' '.repeat(indent);
  return Object.entries(value)
    .map(([key, child]) => {
      if (Array.isArray(child)) return `${pad}${key}:\n${(child as Value[]).map(item => printItem(item, indent + 2)).join('')}`;
      if (typeof child === 'object') return `${pad}${key}:\n${print(child as Tree, indent + 2)}`;
      return `${pad}${key}: ${String(child)}\n`;
    })
    .join('');
}

function printItem(item: Value, indent: number): string {
  if (typeof item !== 'object' || Array.isArray(item)) return `${' '.repeat(indent)}- ${String(item)}\n`;
  return `${' '.repeat(indent)}- ${print(item as Tree, indent + 2).trimStart()}`;
}
