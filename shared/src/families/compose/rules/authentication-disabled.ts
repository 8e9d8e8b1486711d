import { remedyOf } from '../../../container/edits';
import { ownItems } from '../../../container/types';
import { openedBy } from '../../../knowledge/open-access';
import { defineRule, noFix } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'compose/authentication-disabled',
  title: 'Authentication switched off',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: { nist800190: ['3.4.2', '4.4.2'], cwe: ['CWE-306'] },
  messages: {
    off: { text: '{name} lets everybody in to {program}' },
    published: { text: '{name} lets everybody in to {program}, which is published on all interfaces', severity: 'error' },
    option: { text: '"{option}" lets everybody in' },
  },
  fixes: { remove: { title: 'Remove {name}', class: 'attended' } },
  assumptions: { 'has-password': 'Who connects has a password, and the program is given one' },
  on: {
    container(container, report) {
      const isOpen = container
        .list('ports')
        .items.some(({ value }) => value && (value.address === null || value.address === '0.0.0.0' || value.address === '::'));
      for (const setting of ownItems(container, 'env')) {
        const { name, value } = setting.value;
        const program = value ? (openedBy(name, value) ?? openedIn(name, value)) : null;
        if (program === null) continue;
        const remedy = remedyOf(container.edit.remove(setting), { assumes: [{ id: 'has-password' }] });
        report(setting.range, isOpen ? 'published' : 'off', { name, program }, ...report.remedy('remove', remedy, { name }));
      }
      for (const { value: option, range } of ownItems(container, 'args'))
        if (/^--(?:api\.insecure(?:=true)?|noauth|NotebookApp\.token=['"]*|ServerApp\.token=['"]*)$/.test(option))
          report(range, 'option', { option }, noFix('manual'));
    },
  },
});

/** Settings of images that only Compose files have. */
function openedIn(name: string, value: string): string | null {
  if (name === 'NEO4J_AUTH' && value === 'none') return 'Neo4j';
  if (name === 'ME_CONFIG_BASICAUTH' && /^false$/i.test(value)) return 'Mongo Express';
  return name === 'PMA_ARBITRARY' && value === '1' ? 'any database that phpMyAdmin reaches' : null;
}
