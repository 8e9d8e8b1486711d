import { mayChange } from '../../../syntax/yaml/certainty';
import type { MountView, PodView } from '../model/types';
import { defineRule, weighs } from '../../../rule/define-rule';
import { tokenAssumptions } from '../fix/assumptions';
import { tokenEvidence, tokenRemedy } from '../fix/token';
import { booleanOf, resolve } from '../../../syntax/yaml/values';

/** Where the API server mounts the token, unless a container mounts something there itself (plugin/pkg/admission/serviceaccount). */
const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What stands in the token's place in every container, so that none gets it; `null`: some container gets it. */
function mountedInstead(pod: PodView): readonly MountView[] | null {
  const mounts = pod.containers.map(container => container.mounts.find(({ mountPath }) => mountPath === tokenPath));
  return mounts.length > 0 && mounts.every(mount => mount !== undefined) ? mounts : null;
}

export const rule = defineRule({
  id: 'kubernetes/service-account-token',
  title: 'Service account token mounted',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: {
    cisKubernetes: ['5.1.6'],
    nist800190: ['3.3.2', '4.3.2'],
    nsaCisa: ['1.11'],
    mitre: ['T1528', 'T1550.001', 'T1552.007'],
    cwe: ['CWE-250'],
  },
  peers: {
    trivy: ['KSV-0036'],
    checkov: ['CKV_K8S_38'],
    polaris: ['automountServiceAccountToken'],
    kubesec: ['AutomountServiceAccountToken'],
    kubeaudit: ['AutomountServiceAccountTokenTrueAndDefaultSA'],
    kubescape: ['C-0034', 'C-0190', 'C-0261'],
    kics: ['service_account_token_automount_not_disabled'],
    'kyverno-policies': ['restrict-automount-sa-token', 'disable-automountserviceaccounttoken', 'restrict-sa-automount-sa-token'],
  },
  messages: {
    unset: { text: '{object} gives every container a token for the API server' },
    mounted: { text: '{object} requests a token for the API server in every container' },
    hidden: {
      text: 'An empty volume hides the token from this container; automountServiceAccountToken: false hides it from all containers',
      severity: 'info',
    },
    account: { text: 'Every pod that uses {object} gets a token unless the pod opts out', severity: 'info', profile: 'strict' },
  },
  fixes: { decline: { title: 'automountServiceAccountToken: false', class: 'review' } },
  assumptions: tokenAssumptions,
  on: {
    object(object, report) {
      const node =
        object.group === '' && object.kind === 'ServiceAccount' ? resolve(object.node.get('automountServiceAccountToken')) : null;
      if (node && booleanOf(node) === true) report(node.range, 'account');
    },
    pod(pod, report, context) {
      const { workspace } = context;
      const node = resolve(pod.node.get('automountServiceAccountToken'));
      const value = booleanOf(node);
      if (value === false || (value === null && (!pod.complete || (node && (node.kind !== 'scalar' || mayChange(node)))))) return;
      const { namespace } = pod.object;
      const account = workspace.serviceAccount(namespace, pod.serviceAccountName ?? 'default');
      // what the pod says wins over its account
      if (value === null && account?.automount === false) return;
      const instead = mountedInstead(pod);
      if (instead) {
        const empty = instead.find(({ volume }) => pod.volumes.some(({ name, type }) => name === volume && type === 'emptyDir'));
        const place = empty?.node.get('mountPath');
        return place ? report(place.range, 'hidden', {}, ...report.remedy('decline', tokenRemedy(pod, context))) : undefined;
      }
      // what asks the API server needs its token
      const isUser = tokenEvidence(pod, context)?.id === 'api-user';
      if (isUser && !value) return;
      const fix = report.remedy('decline', tokenRemedy(pod, context));
      report(value ? node!.range : pod.reportRange, value ? 'mounted' : 'unset', {}, isUser && weighs('info'), ...fix);
    },
  },
});
