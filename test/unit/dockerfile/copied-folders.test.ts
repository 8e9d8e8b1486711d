import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rule } from '../../../shared/src/families/dockerfile/rules/secret-file-copied';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine([rule]);

test.each<[copied: string, file: string, isReported: boolean]>([
  ['root/ /', '/config/aws.ini', false],
  ['files/ /', '/config/aws.ini', true],
  // it may be there by the time of the build, as what Git does not keep is
  ['root/ /', '/aws.ini', true],
  ['root* /', '/config/aws.ini', true],
])('COPY %s with %s, of which the folder root/config is known not to be there', (copied, file, isReported) => {
  const workspace = createWorkspaceIndex({ complete: true });
  for (const path of ['root/config', 'root/aws.ini']) workspace.update(path, [{ type: 'absent', path, range: { start: 0, end: 0 } }]);
  const text = `FROM alpine:3.22\nCOPY ${copied}\nENV AWS_CONFIG_FILE=${file}\n`;
  const { findings } = engine.open({ path: 'Dockerfile', text }).lint({ ...plainContext(), workspace: workspace.index });
  expect(findings.map(({ messageId }) => messageId)).toEqual(isReported ? ['named'] : []);
});
