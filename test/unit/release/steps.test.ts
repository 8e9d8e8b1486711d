import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runWorkflow, type Machine } from '../../../tools/release/steps';

/** What the dry run understands of workflows. */

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-steps-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let count = 0;
function runFiles(files: Readonly<Record<string, string>>, vars: Readonly<Record<string, string>> = {}, more: Partial<Machine> = {}) {
  const checkout = join(scratch, String(++count));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(checkout, name)), { recursive: true });
    writeFileSync(join(checkout, name), text);
  }
  const machine: Machine = {
    ...{ checkout, scratch: join(checkout, 'jobs'), environment: { PATH: process.env['PATH'] ?? '' }, vars, fakes: {}, skips: () => false },
    ...more,
  };
  return runWorkflow('release.yml', {}, machine).jobs;
}

const called = `on: { workflow_call: { outputs: { said: { value: '\${{ jobs.inner.outputs.said }}' } } } }
jobs:
  inner:
    outputs: { said: '\${{ steps.say.outputs.said }}' }
    steps:
      - { id: say, run: 'printf "said<<END\\n%s\\nEND\\n" "$TEXT" >> "$GITHUB_OUTPUT"', env: { TEXT: "\${{ inputs.loud && '--loud' || 'quiet' }}\\nagain" } }
`;
const calling = `jobs:
  find:
    outputs: { on: '\${{ steps.a.outputs.on }}', other-name: '\${{ steps.a.outputs.on }}' }
    steps:
      - { id: a, run: 'echo "on=\${NAME:+true}" >> "$GITHUB_OUTPUT"', env: { NAME: '\${{ vars.NAME }}' } }
  build: { needs: find, uses: $/called.yml, with: { loud: "\${{ needs.find.outputs.other-name == 'true' }}" } }
  publish:
    needs: [find, build]
    if: needs.find.outputs.on == 'true'
    outputs: { got: '\${{ steps.b.outputs.got }}' }
    steps:
      - { id: b, run: 'echo "got=$SAID" | tr "\\n" " " >> "$GITHUB_OUTPUT"', env: { SAID: '\${{ needs.build.outputs.said }}' } }
  after: { needs: publish, steps: [{ run: 'true' }] }
  always: { needs: publish, if: '\${{ !cancelled() && !failure() }}', steps: [{ run: 'true' }] }
`;

it('follows outputs from step to job to called workflow, and runs what its condition asks', () => {
  const jobs = runFiles({ 'release.yml': calling, 'called.yml': called }, { NAME: 'x' });
  expect(jobs['publish']).toEqual({ state: 'success', outputs: { got: '--loud again ' } });
  expect(jobs['build']?.outputs).toEqual({ said: '--loud\nagain' });
});

it('skips a job whose variable is not set, and those that need it and do not ask', () => {
  const jobs = runFiles({ 'release.yml': calling, 'called.yml': called });
  expect(Object.entries(jobs).map(([name, { state }]) => `${name} ${state}`)).toEqual([
    'find success',
    'build success',
    'publish skipped',
    'after skipped',
    'always success',
  ]);
});

it('stops at a step that fails, in a pipe, too', () => {
  const failing = (run: string): string => `jobs: { a: { steps: [{ name: Fails, run: '${run}' }] } }`;
  expect(() => runFiles({ 'release.yml': failing('false | cat') })).toThrow('"Fails" ends with exit code 1');
});

it('runs actions of the checkout, fakes for others, and nothing else', () => {
  const workflow = (uses: string): string =>
    `jobs: { a: { permissions: { id-token: write }, steps: [{ uses: '${uses}', with: { name: b } }] } }`;
  const action = "runs: { steps: [{ uses: 'o/fake@abc', with: { word: 'a ${{ inputs.name }}' } }] }";
  const seen: unknown[] = [];
  const fakes: Machine['fakes'] = { 'o/fake': (inputs, { permissions }) => void seen.push([inputs, permissions]) };
  runFiles({ 'release.yml': workflow('$/own'), 'own/action.yml': action }, {}, { fakes });
  expect(seen).toEqual([[{ word: 'a b' }, { 'id-token': 'write' }]]);
  expect(() => runFiles({ 'release.yml': workflow('o/other@abc') }, {}, { fakes })).toThrow('no fake for o/other');
});
