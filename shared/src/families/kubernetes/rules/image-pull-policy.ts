import { isVariable } from '../../../syntax/yaml/certainty';
import { setValue } from '../../../syntax/yaml/operations';
import { findImageProfile } from '../../../knowledge/image-profiles';
import { defineRule, noFix } from '../../../rule/define-rule';
import type { ImageReference } from '../../../syntax/image/reference';
import { scalarOf, stringOf } from '../../../syntax/yaml/values';

/** Whether an image has the name of one that was built here and loaded into the node: no registry, no owner, none of the official ones. */
function isLocal(reference: ImageReference): boolean {
  return reference.registry === null && !reference.repository.includes('/') && findImageProfile(reference) === null;
}

export const rule = defineRule({
  id: 'kubernetes/image-pull-policy',
  title: 'Pull policy that may run a stale image',
  severity: 'info',
  category: 'supply-chain',
  profile: 'strict',
  references: { nist800190: ['3.2.2', '4.2.2'], cwe: ['CWE-829'] },
  peers: {
    checkov: ['CKV_K8S_15'],
    'kube-score': ['container-image-pull-policy'],
    polaris: ['pullPolicyNotAlways'],
    kubescape: ['C-0075'],
    kics: ['image_pull_policy_of_container_is_not_always'],
    'kyverno-policies': ['always-pull-images', 'imagepullpolicy-always'],
    cnspec: ['imagepull'],
  },
  messages: {
    stale: { text: 'Container "{container}" may run an outdated "{tag}" image that its node still has' },
    cached: {
      text: 'Container "{container}" runs the image that the node already has, and the pod\'s pull secrets are not checked',
      severity: 'hint',
    },
  },
  fixes: { always: { title: 'Set imagePullPolicy to Always', class: 'review' } },
  assumptions: { reachable: 'The registry is reachable whenever a pod starts' },
  on: {
    image(image, report) {
      const { container, reference } = image;
      const known = reference.invalid === null ? reference : null;
      if ((!known && !image.variable) || image.text.includes('@')) return;
      const node = scalarOf(container.node.get('imagePullPolicy'));
      const policy = stringOf(node);
      // a tag that is filled in later may be any, but no policy that is not Always asks for it again
      const moving = !image.variable && (known?.tag === null || known?.tag === 'latest');
      if (policy === null ? image.variable || moving || !image.complete : policy === 'Always' || isVariable(policy)) return;
      const path = [...container.path, 'imagePullPolicy'];
      const data = { tag: known?.tag ?? 'latest' };
      const fix =
        policy === 'Never' || (known && isLocal(known))
          ? noFix('manual', 'the image may exist only on the node')
          : report.fix('always', () => [setValue(path, 'Always', 'image')], { assumes: [{ id: 'reachable' }] });
      report(node?.range ?? image.range, moving ? 'stale' : 'cached', data, fix);
    },
  },
});
