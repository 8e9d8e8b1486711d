import { volumesFrom } from '../../../rule/checks/container/volumes-from';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...volumesFrom,
  id: 'compose/volumes-from',
});
