import { shift } from '../../../base/text/range';
import { itemsOf, mapOf, reportRangeOf, sequenceOf } from '../../../syntax/yaml/values';
import type { YamlDocument } from '../../../syntax/yaml/types';
import type { FactPlace } from '../../../workspace/fact-place';
import type { MaybeNode } from '../../../syntax/yaml/lookup';
import { folderOf } from '../../../workspace/paths';
import type { FragmentsFact } from '../../../workspace/kustomize-facts';
import type { KubernetesObject } from '../model/types';
import { filesOf } from './generator-facts';
import type { FactHead } from './fact-head';

/** What Chainsaw does with a file: look whether the cluster has what it says, or make that. */
const operations = {
  partial: ['assert', 'error', 'patch', 'wait'],
  whole: ['apply', 'create', 'update', 'delete'],
} as const;

/** The files in which a test of Chainsaw keeps what must be there, part of objects, and those with what it makes. */
export function chainsawFacts(object: KubernetesObject, head: FactHead): readonly FragmentsFact[] {
  const spec = mapOf(object.node.get('spec'));
  const steps = [...itemsOf(spec?.get('steps')).map(({ map }) => map), ...(spec ? [spec] : [])];
  const done = steps.flatMap(step =>
    ['try', 'catch', 'finally', 'cleanup'].flatMap(phase => itemsOf(step.get(phase)).map(({ map }) => map)),
  );
  const files = (names: readonly string[]): readonly MaybeNode[] =>
    done.flatMap(operation => names.map(name => mapOf(operation.get(name))?.get('file')));
  return fact(head, files(operations.partial), files(operations.whole));
}

/** The same of a step of KUTTL. */
export function kuttlFacts(object: KubernetesObject, head: FactHead): readonly FragmentsFact[] {
  const items = (name: string): readonly MaybeNode[] => sequenceOf(object.node.get(name))?.items ?? [];
  return fact(head, [...items('assert'), ...items('error')], items('apply'));
}

/** The objects on which a suite of Gatekeeper's `gator` tries policies. */
export function gatorFacts(object: KubernetesObject, head: FactHead): readonly FragmentsFact[] {
  const cases = [...itemsOf(object.node.get('tests'))].flatMap(({ map }) => [...itemsOf(map.get('cases'))]);
  return samples(
    head,
    cases.flatMap(({ map }) => [map.get('object'), ...textsOf(map.get('inventory'))]),
  );
}

/** The same of a test of Kyverno's command line. */
export function kyvernoFacts(document: YamlDocument, path: string, base: number): readonly FragmentsFact[] {
  const root = mapOf(document.root);
  if (!root) return [];
  const changed = [...itemsOf(root.get('results'))].flatMap(({ map }) => textsOf(map.get('patchedResources')));
  const named = [...textsOf(root.get('resources')), ...textsOf(root.get('targetResources')), ...changed];
  return samples({ path, range: shift(reportRangeOf(root), base) }, named);
}

/** The items of a list, or the one thing that takes its place. */
const textsOf = (node: MaybeNode): readonly MaybeNode[] => sequenceOf(node)?.items ?? [node];

/** Files that policies are tried on. What a test keeps beside itself is there for its sake; what it takes from elsewhere may well be deployed. */
function samples({ path, range }: FactPlace, named: readonly MaybeNode[]): readonly FragmentsFact[] {
  const folder = folderOf(path);
  const files = folder === '' ? [] : filesOf(named, path).filter(file => file.startsWith(`${folder}/`));
  return files.length === 0 ? [] : [{ type: 'fragments', path, range, as: 'what a policy is tested against', files, whole: [] }];
}

function fact({ path, range }: FactHead, partial: readonly MaybeNode[], whole: readonly MaybeNode[]): readonly FragmentsFact[] {
  const files = filesOf(partial, path);
  return files.length === 0 ? [] : [{ type: 'fragments', path, range, as: 'an assertion', files, whole: filesOf(whole, path) }];
}
