import { defineRule } from '../../../rule/define-rule';
import { mapOf, scalarOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'compose/obsolete-version',
  title: 'Obsolete version field',
  severity: 'hint',
  category: 'correctness',
  profile: 'recommended',
  references: { links: ['https://docs.docker.com/reference/compose-file/version-and-name/'] },
  peers: { dclint: ['no-version-field'] },
  messages: {
    obsolete: { text: 'Compose ignores "version" and warns about it' },
    number: { text: 'Compose rejects a "version" that is a number', severity: 'warning' },
  },
  fixes: { remove: { title: 'Remove "version"', class: 'safe' } },
  on: {
    project({ document, swarm }, report) {
      const entry = mapOf(document.root)?.entry('version');
      // docker stack deploy reads the file as its version says; before Docker 25 it refused one without
      if (!entry?.key || swarm) return;
      const isNumber = typeof scalarOf(entry.value)?.value === 'number';
      const fix = report.fix('remove', () => [{ type: 'yaml.remove', path: ['version'], blank: true }]);
      report(entry.key.range, isNumber ? 'number' : 'obsolete', {}, fix);
    },
  },
});
