import { apiGroup } from '../model/kinds';
import { isVariable } from '../../../syntax/yaml/certainty';
import { factKind } from '../../../workspace/fact-kind';
import { mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { defineRule } from '../../../rule/define-rule';
import { podReferences } from '../facts/workload-facts';

/** What controllers put into every namespace. */
const everywhere = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert']);

export const rule = defineRule({
  id: 'kubernetes/missing-reference',
  title: 'Reference to an object not in the workspace',
  severity: 'info',
  category: 'correctness',
  profile: 'strict',
  peers: {
    'kube-linter': ['env-value-from', 'non-existent-service-account', 'dangling-horizontalpodautoscaler'],
    'kube-score': ['horizontalpodautoscaler-has-target'],
    kubescape: ['C-0307', 'C-0300'],
    kics: ['hpa_targets_invalid_object'],
    'kyverno-policies': ['check-hpa-exists'],
  },
  messages: {
    object: { text: '{object} needs {kind} "{name}", which is not in the workspace' },
    key: { text: '{kind} "{name}" has no key "{key}"' },
    keys: { text: 'Keys defined here' },
    account: { text: 'ServiceAccount "{name}" of {object} is not in the workspace' },
    target: { text: '{object} scales {kind} "{name}", which is not in the workspace' },
  },
  on: {
    pod(pod, report, { workspace }) {
      const { object } = pod;
      if (object.fragment || !workspace.complete) return;
      const { namespace } = object;
      const account = pod.serviceAccountName;
      if (account !== null && account !== 'default' && !isVariable(account) && workspace.isIndexed('ServiceAccount', namespace)) {
        if (!workspace.serviceAccount(namespace, account)) report(pod.serviceAccountNode!.range, 'account', { name: account });
      }
      for (const { kind, name, key, node, nameNode } of podReferences(pod)) {
        if (everywhere.has(name) || !workspace.isIndexed(kind, namespace)) continue;
        const found = workspace.object(kind, namespace, name);
        const data = { kind, name };
        if (!found) report(nameNode.range, 'object', data);
        else if (key !== null && found.type === 'data' && found.keys !== null && !found.keys.includes(key))
          report(node.range, 'key', { kind, name, key }, report.related(found.range, 'keys', {}, found.path));
      }
    },
    object(object, report, { workspace }) {
      if (object.kind !== 'HorizontalPodAutoscaler' && object.kind !== 'ScaledObject') return;
      const target = mapOf(mapOf(object.node.get('spec'))?.get('scaleTargetRef'));
      const nameNode = scalarOf(target?.get('name'));
      const name = stringOf(nameNode);
      const kind = factKind(apiGroup(stringOf(target?.get('apiVersion')) ?? ''), stringOf(target?.get('kind')) ?? 'Deployment');
      if (!nameNode || name === null || isVariable(name) || !workspace.isIndexed('workload', object.namespace)) return;
      if (workspace.object(kind, object.namespace, name)) return;
      report(nameNode.range, 'target', { kind, name });
    },
  },
});
