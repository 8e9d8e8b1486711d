import { isFinal, mayChange } from '../../../syntax/yaml/certainty';
import { stringOf } from '../../../syntax/yaml/values';
import { defineRule } from '../../../rule/define-rule';
import { intoDeployment } from '../fix/controller';

/** Annotations of pods that somebody looks after: hooks of Helm, and what a kubelet reads from its disk. */
const looked = ['helm.sh/hook', 'kubernetes.io/config.mirror', 'kubernetes.io/config.source'];

export const rule = defineRule({
  id: 'kubernetes/naked-pod',
  title: 'Pod without a controller',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: { links: ['https://kubernetes.io/docs/concepts/configuration/overview/#naked-pods-vs-replicasets-deployments-and-jobs'] },
  peers: { polaris: ['nakedPod'], kubescape: ['C-0073'], 'kyverno-policies': ['prevent-bare-pods'], cnspec: ['pod-no-owner'] },
  needsWhole: true,
  messages: { naked: { text: '{object} is not rescheduled if its node fails: no controller owns it' } },
  fixes: { deployment: { title: 'Convert the Pod to a Deployment with one replica', class: 'attended' } },
  assumptions: { name: 'Nothing uses the name of the pod (the Deployment generates another one), and the running Pod is deleted first' },
  on: {
    object(object, report, { path }) {
      if (object.kind !== 'Pod' || object.group !== '' || object.metadata?.entry('ownerReferences')) return;
      const [pod] = object.pods;
      if (!pod || !isFinal(object.document, object.node.get('metadata'), 'annotations')) return;
      if (looked.some(name => object.annotations.has(name)) || mayChange(pod.node.get('restartPolicy'))) return;
      // what runs once is not missed, and a kubelet keeps its static pods by itself
      const restart = stringOf(pod.node.get('restartPolicy'));
      if (restart === 'Never' || restart === 'OnFailure' || (/(?:^|\/)manifests\/[^/]*$/.test(path) && object.namespace === 'kube-system'))
        return;
      const operations = intoDeployment(object, pod);
      const fix = operations && report.fix('deployment', () => operations, { assumes: [{ id: 'name' }], alone: true });
      report(object.reportRange, 'naked', {}, fix);
    },
  },
});
