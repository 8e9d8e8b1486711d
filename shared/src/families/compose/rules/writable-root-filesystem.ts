import { writableRootFilesystem } from '../../../rule/checks/container/writable-root-filesystem';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...writableRootFilesystem,
  id: 'compose/writable-root-filesystem',
  peers: { semgrep: ['writable-filesystem-service'] },
});
