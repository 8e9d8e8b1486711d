import { itemsOf, mapOf, sequenceOf } from '../../../syntax/yaml/values';
import type { MaybeNode } from '../../../syntax/yaml/lookup';
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

function fact({ path, range }: FactHead, partial: readonly MaybeNode[], whole: readonly MaybeNode[]): readonly FragmentsFact[] {
  const files = filesOf(partial, path);
  return files.length === 0 ? [] : [{ type: 'fragments', path, range, as: 'an assertion', files, whole: filesOf(whole, path) }];
}
