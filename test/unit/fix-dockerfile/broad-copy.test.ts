import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rule } from '../../../shared/src/families/dockerfile/rules/broad-copy';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine([rule]);
const context = { ...plainContext(), buildContext: () => ({ ignore: null, untracked: null, secrets: ['.git'], open: [] }) };

test.each([
  ['nothing of git', 'RUN make', true],
  ['a clone of other sources', 'RUN git clone https://git.example.com/a.git', true],
  ['git for sources of somebody else', 'RUN git config --global --add safe.directory /app', false],
  ['a version by tags', 'RUN make VERSION=$(git describe --tags)', false],
])('leaves .git out of a copy into an image with %s', (_what, run, excludes) => {
  const text = `# syntax=docker/dockerfile:1\nFROM debian:13\nCOPY . /app\n${run}\nCMD ["/app/a"]\n`;
  const { text: hardened } = engine.open({ path: 'Dockerfile', text }).harden(context);
  expect(hardened.includes('--exclude=.git')).toBe(excludes);
});
