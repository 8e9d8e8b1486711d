import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'compose/volumes-from',
  title: 'Volumes of another container',
  severity: 'info',
  category: 'isolation',
  profile: 'strict',
  references: { nist800190: ['3.4.3', '4.4.3'] },
  messages: { all: { text: 'Every mount of {other} is mounted here, too, whatever it is and gets tomorrow' } },
  on: {
    container(container, report) {
      for (const { value, range, inherited } of container.list('volumesFrom').items) {
        if (value !== null && !inherited) report(range, 'all', { other: value.replace(/^container:/, '').split(':', 1)[0]! });
      }
    },
  },
});
