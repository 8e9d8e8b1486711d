import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rule } from '../../../shared/src/families/dockerfile/rules/broad-copy';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
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

test.each([
  ['.', []],
  ['packaging/debian', ['packaging/debian/.dockerignore']],
])('writes a .dockerignore where a build with %s as its context reads it, and nowhere else', (folder, written) => {
  const workspace = createWorkspaceIndex({ complete: true });
  const build = { path: 'Makefile', text: `deb:\n\tdocker build -t packages -f packaging/debian/Dockerfile ${folder}\n` };
  workspace.update(build.path, engine.open(build).facts());
  const opened = engine.open({ path: 'packaging/debian/Dockerfile', text: 'FROM debian:13\nADD . /src\n' });
  const { findings } = opened.lint({ ...context, workspace: workspace.index });
  expect(findings).toHaveLength(1);
  expect(findings[0]!.fixes.flatMap(({ elsewhere }) => elsewhere?.path ?? [])).toEqual(written);
});
