import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

/** Workflows that each call the next one by several jobs; the last one runs what it is passed. */
function chain(levels: number, jobs: number): readonly { readonly path: string; readonly text: string }[] {
  const head = 'on:\n  workflow_call:\n    inputs: { x: { type: string } }\npermissions: {}\njobs:\n';
  const runs = '    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ inputs.x }}\n';
  return Array.from({ length: levels }, (_, level) => {
    const body = level === 0 ? runs : `    uses: ./.github/workflows/w${level - 1}.yml\n    with: { x: "\${{ inputs.x }}" }\n`;
    const text = head + Array.from({ length: level === 0 ? 1 : jobs }, (_each, job) => `  j${job}:\n${body}`).join('');
    return { path: `.github/workflows/w${level}.yml`, text };
  });
}

test('many ways from one workflow to another are each weighed once', () => {
  const engine = createEngine(rules);
  const files = chain(24, 6);
  const facts = createWorkspaceIndex({ complete: true });
  for (const file of files) facts.update(file.path, engine.open(file).facts());
  const begin = process.cpuUsage().user;
  const { findings } = engine.open(files[0]!).lint({ ...plainContext(), workspace: facts.index });
  expect(findings.find(({ rule }) => rule === 'workflow/template-injection')?.severity).toBe('warning');
  expect(process.cpuUsage().user - begin).toBeLessThan(3_000_000);
});
