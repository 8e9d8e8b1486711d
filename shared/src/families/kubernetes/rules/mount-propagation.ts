import { removeNode } from '../../../syntax/yaml/operations';
import { defineRule, weighs } from '../../../rule/define-rule';
import { shown } from '../model/names';
import { scalarOf, stringOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/mount-propagation',
  title: 'Bidirectional mount propagation',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: { cisDocker: ['5.20'], nist800190: ['3.5.5', '4.5.5'], mitre: ['T1611'], cwe: ['CWE-653'] },
  messages: { both: { text: 'Mounts created by container "{container}" in {path} appear on its node and in other pods' } },
  fixes: { remove: { title: 'Keep the mounts inside the container', class: 'attended' } },
  assumptions: { 'no-driver': 'Container "{container}" does not create mounts for the node, as a storage driver does' },
  on: {
    container(container, report) {
      if (!container.node.get('volumeMounts')) return;
      for (const { node, path, mountPath } of container.mounts) {
        const value = scalarOf(node.get('mountPropagation'));
        if (!value || stringOf(value) !== 'Bidirectional') continue;
        const mounts = [...(container.command ?? []), ...(container.args ?? [])].some(word =>
          /(?:^|[\s;&|/])mount\s/.test(`${stringOf(word)} `),
        );
        const data = { path: shown(mountPath ?? '') };
        const fix = report.fix('remove', () => [removeNode([...path, 'mountPropagation'])], {
          assumes: [{ id: 'no-driver', ...(mounts && { evidence: true as const }) }],
        });
        report(value.range, 'both', data, mounts && weighs('warning'), fix);
      }
    },
  },
});
