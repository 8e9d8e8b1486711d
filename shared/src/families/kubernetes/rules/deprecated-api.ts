import { setValue } from '../../../syntax/yaml/operations';
import { defineRule, type Attachment } from '../../../rule/define-rule';
import { fieldOperations } from '../fix/api-fields';
import { selectorOperations } from '../fix/required';
import { apiDeprecation } from '../../../knowledge/kubernetes-apis';
import { mapOf } from '../../../syntax/yaml/values';
import type { KubernetesObject } from '../model/types';

/** Whether an object selects something: in a PodDisruptionBudget an empty selector came to mean all pods instead of none. */
function selects(object: KubernetesObject): boolean {
  const selector = mapOf(mapOf(object.node.get('spec'))?.get('selector'));
  return selector !== null && selector.entries.length > 0;
}

export const rule = defineRule({
  id: 'kubernetes/deprecated-api',
  title: 'Deprecated or removed API version',
  severity: 'warning',
  category: 'correctness',
  profile: 'baseline',
  references: { nist800190: ['3.3.5', '4.3.5'], cwe: ['CWE-477'] },
  peers: {
    trivy: ['KSV-0107'],
    'kube-linter': ['no-extensions-v1beta'],
    'kube-score': ['stable-version'],
    kubeaudit: ['DeprecatedAPIUsed'],
    kics: ['object_is_using_a_deprecated_api_version', 'psp_set_to_privileged'],
    'kyverno-policies': ['check-deprecated-apis'],
    checkov: ['CKV_K8S_2'],
    kubescape: ['C-0213'],
  },
  messages: {
    deprecated: { text: '{api} {kind} was deprecated in Kubernetes 1.{since}' },
    removed: { text: '{api} {kind} was removed in Kubernetes 1.{since}', severity: 'error' },
    component: { text: '{api} {kind} is no longer served by {component} {version}' },
  },
  fixes: { upgrade: { title: 'apiVersion: {replacement}', class: 'safe' } },
  assumptions: {
    defaults: 'Fields that the object omits may have different defaults in {replacement}',
  },
  on: {
    object(object, report, { kubernetesMinor }) {
      const { apiVersion: api, kind, apiVersionNode: node } = object;
      const known = node && apiDeprecation(api, kind);
      if (!known || object.document.versioned) return;
      if (object.document.templated && object.node.entries.filter(({ name }) => name === 'apiVersion').length > 1) return;
      const { removedIn, deprecatedIn, replacement, schema, component, availableIn } = known;
      const ready = replacement !== null && known.newKind === undefined && (availableIn ?? 0) <= kubernetesMinor;
      const path = [...object.path, 'apiVersion'];
      const upgrade = (review: boolean, more = review ? selectorOperations(object) : []): Attachment =>
        report.fix('upgrade', () => [setValue(path, replacement), ...more], {
          data: { replacement: replacement! },
          class: review ? 'review' : undefined,
          assumes: review ? [{ id: 'defaults', data: { replacement: replacement! } }] : [],
        });
      const same = schema === 'same' || (schema === 'selector' && selects(object));
      const fields = ready && schema === 'changed' ? fieldOperations(object) : null;
      const fix = ready && (same ? upgrade(false) : fields ? upgrade(false, fields) : schema === 'defaults' && upgrade(true));
      if (component !== undefined) report(node.range, 'component', { api, kind, component, version: known.componentVersion ?? '' }, fix);
      else if (removedIn !== null && kubernetesMinor >= removedIn) report(node.range, 'removed', { api, kind, since: removedIn }, fix);
      else if (deprecatedIn !== null && kubernetesMinor >= deprecatedIn)
        report(node.range, 'deprecated', { api, kind, since: deprecatedIn }, fix);
    },
  },
});
