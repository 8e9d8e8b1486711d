import { publishedOnAllInterfaces } from '../../../rule/checks/container/published-on-all-interfaces';
import { ownSetting } from '../../../rule/container/types';
import { defineRule, noFix } from '../../../rule/define-rule';

const { on, messages, ...shared } = publishedOnAllInterfaces;

export const rule = defineRule({
  ...shared,
  id: 'run/published-on-all-interfaces',
  messages: { ...messages, every: { text: 'Every exposed port of the image is published on all interfaces', severity: 'info' } },
  on: {
    container(container, report, context) {
      on.container(container, report, context);
      const all = ownSetting(container, 'publishAll');
      if (all?.value) report(all.range, 'every', {}, noFix('no-fix'));
    },
  },
});
