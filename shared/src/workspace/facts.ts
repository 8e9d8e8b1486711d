import { asBoolean, asMap, asSequence, asString } from '../model/yaml/lookup';
import type { YamlMap, YamlNode } from '../model/yaml/types';
import type { KubernetesObject } from '../model/kubernetes/types';
import { shift } from '../text/range';
import type { BindingFact, FactPlace, FileFacts, ServiceAccountFact } from './types';

/** What a file without facts has. */
export const emptyFacts: FileFacts = { serviceAccounts: [], bindings: [] };

/**
 * The facts of one document's objects.
 * @param path the file
 * @param base offset of the document in the file; ranges of facts are in the file's text
 */
export function collectFacts(objects: readonly KubernetesObject[], path: string, base: number): FileFacts {
  const serviceAccounts: ServiceAccountFact[] = [];
  const bindings: BindingFact[] = [];
  for (const object of objects) {
    const place: FactPlace = { path, range: shift(object.anchor, base) };
    if (object.name === null) continue;
    const { name, namespace } = object;
    if (object.kind === 'ServiceAccount') {
      serviceAccounts.push({ ...place, namespace, name, automount: asBoolean(object.node.get('automountServiceAccountToken')) ?? null });
    } else if (object.kind === 'RoleBinding' || object.kind === 'ClusterRoleBinding') {
      const role = asMap(object.node.get('roleRef'));
      bindings.push({
        ...place,
        namespace: object.kind === 'RoleBinding' ? namespace : null,
        name,
        role: { kind: text(role?.get('kind')), name: text(role?.get('name')) },
        subjects: (asSequence(object.node.get('subjects'))?.items ?? []).flatMap(item => readSubject(asMap(item))),
      });
    }
  }
  return serviceAccounts.length + bindings.length === 0 ? emptyFacts : { serviceAccounts, bindings };
}

function readSubject(subject: YamlMap | undefined): BindingFact['subjects'][number][] {
  if (!subject) return [];
  return [{ kind: text(subject.get('kind')), name: text(subject.get('name')), namespace: asString(subject.get('namespace')) ?? null }];
}

function text(node: YamlNode | null | undefined): string {
  return asString(node) ?? '';
}
