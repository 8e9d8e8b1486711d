import { defineRule, noFix } from '../../../rule/define-rule';
import { itemsOf, mapOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { YamlMap } from '../../../syntax/yaml/types';

/** Whether a field of an item says "all". */
const isStar = (map: YamlMap, field: string): boolean => stringOf(map.get(field)) === '*';

export const rule = defineRule({
  id: 'kubernetes/argo-project-wildcard',
  title: 'Argo CD project without restrictions',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: { nist800190: ['3.3.2', '4.3.2'], cwe: ['CWE-269', 'CWE-732'] },
  peers: { 'kyverno-policies': ['appproject-clusterresourceblacklist'] },
  messages: {
    repositories: { text: '{object} can deploy from any repository' },
    destinations: { text: '{object} can deploy to every namespace of every cluster' },
    resources: { text: '{object} can create cluster-scoped objects of every kind, including roles' },
  },
  on: {
    object({ group, kind, node }, report) {
      if (group !== 'argoproj.io' || kind !== 'AppProject') return;
      const spec = mapOf(node.get('spec'));
      const manual = noFix('needs-value');
      for (const item of sequenceOf(spec?.get('sourceRepos'))?.items ?? [])
        if (item && stringOf(item) === '*') report(item.range, 'repositories', {}, manual);
      for (const { map } of itemsOf(spec?.get('destinations'))) {
        const everyCluster = isStar(map, 'server') || isStar(map, 'name');
        if (everyCluster && isStar(map, 'namespace')) report(map.get('namespace')!.range, 'destinations', {}, manual);
      }
      for (const { map } of itemsOf(spec?.get('clusterResourceWhitelist')))
        if (isStar(map, 'group') && isStar(map, 'kind')) report(map.get('kind')!.range, 'resources', {}, manual);
    },
  },
});
