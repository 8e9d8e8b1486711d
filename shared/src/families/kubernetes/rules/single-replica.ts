import { mayChange } from '../../../syntax/yaml/certainty';
import { factKind } from '../../../workspace/fact-kind';
import { mapOf, numberOf, resolve, stringOf } from '../../../syntax/yaml/values';
import { defineRule } from '../../../rule/define-rule';

const workloads: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DeploymentConfig']);

export const rule = defineRule({
  id: 'kubernetes/single-replica',
  title: 'Single replica',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  peers: {
    'kube-linter': ['minimum-three-replicas', 'hpa-minimum-three-replicas'],
    'kube-score': ['deployment-replicas', 'horizontalpodautoscaler-replicas'],
    polaris: ['deploymentMissingReplicas', 'hpaMinAvailability', 'hpaMaxAvailability'],
    'kyverno-policies': ['require-deployments-have-multiple-replicas'],
    cnspec: ['hpa-min-replicas'],
  },
  needsWhole: true,
  options: { minimum: { type: 'number', description: 'The minimum number of replicas of a workload', default: 2, minimum: 1 } },
  messages: {
    few: { text: '{object} runs {count}, fewer than {minimum}: it may be down whenever its node is down' },
    scaler: { text: '{object} may scale down to {count}' },
    fixed: { text: '{object} cannot scale: minReplicas and maxReplicas are both {count}' },
  },
  on: {
    object(object, report, { workspace, options: { minimum } }) {
      const scales = object.group === 'autoscaling' && object.kind === 'HorizontalPodAutoscaler';
      if (!scales && !workloads.has(object.kind)) return;
      const spec = mapOf(object.node.get('spec'));
      const node = resolve(spec?.get(scales ? 'minReplicas' : 'replicas'));
      const set = numberOf(node);
      if (!spec || (node && set === null) || mayChange(mapOf(spec.get('strategy'))?.get('type') ?? spec.get('strategy'))) return;
      const replicas = set ?? 1;
      const count = replicas === 1 ? 'one pod' : `${replicas} pods`;
      const place = node?.range ?? object.reportRange;
      if (scales) {
        if (replicas < minimum) report(place, 'scaler', { count });
        const most = resolve(spec.get('maxReplicas'));
        if (most && numberOf(most) === replicas) report(most.range, 'fixed', { count: replicas });
        return;
      }
      // none at all is switched off, and what must never run twice says so
      if (replicas >= minimum || set === 0 || stringOf(mapOf(spec.get('strategy'))?.get('type')) === 'Recreate') return;
      const { kind, group, namespace, name } = object;
      if (name !== null && workspace.scalersOf(factKind(group, kind), namespace, name).length > 0) return;
      report(place, 'few', { count, minimum });
    },
  },
});
