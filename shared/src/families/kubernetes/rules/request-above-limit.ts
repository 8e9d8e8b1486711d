import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { parseQuantity } from '../model/quantity';

export const rule = defineRule({
  id: 'kubernetes/request-above-limit',
  title: 'Resource request above its limit',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'] },
  messages: {
    above: { text: 'Container "{container}" requests more {name} than its limit of {limit}: the API server rejects the pod' },
    limit: { text: 'The limit' },
  },
  fixes: { lower: { title: 'Lower the request to {limit}', class: 'attended' } },
  assumptions: { 'limit-holds': 'The limit is intended, and the request is the mistake' },
  on: {
    container(container, report) {
      const resources = mapOf(container.node.get('resources'));
      for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
        const [request, limit] = ['requests', 'limits'].map(kind => scalarOf(mapOf(resources?.get(kind))?.get(name)));
        const [asked, allowed] = [request, limit].map(node => parseQuantity(stringOf(node) ?? ''));
        if (!request || !limit || request.shared || asked == null || allowed == null || asked <= allowed) continue;
        const data = { name, limit: stringOf(limit)! };
        const fix = report.fix('lower', () => [setValue([...container.path, 'resources', 'requests', name], data.limit)], {
          data,
          assumes: [{ id: 'limit-holds' }],
        });
        report(request.range, 'above', data, report.related(limit.range, 'limit'), fix);
      }
    },
  },
});
