import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);
const job = 'build:\n  image: node:latest\n  script: [make]\n';

/** The files among those of a repository in which a moving image is found. */
function found(files: Readonly<Record<string, string>>): readonly string[] {
  const facts = createWorkspaceIndex({ complete: true });
  for (const [path, text] of Object.entries(files)) facts.update(path, engine.open({ path, text }).facts());
  return Object.entries(files).flatMap(([path, text]) => {
    const { findings } = engine.open({ path, text }).lint({ ...plainContext(), workspace: facts.index });
    return findings.some(({ rule }) => rule === 'workflow/unpinned-image') ? [path] : [];
  });
}

describe('what a pipeline of GitLab takes in is checked', () => {
  it.each<[include: string, path: string]>([
    ['include: ci/build.yml', 'ci/build.yml'],
    ["include: '/ci/build.yml'", 'ci/build.yml'],
    ['include:\n  - ci/build.yaml', 'ci/build.yaml'],
    ['include:\n  local: ci/build.yml', 'ci/build.yml'],
    ['include:\n  - local: /ci/build.yml\n    rules: [{if: $CI}]', 'ci/build.yml'],
    ['include:\n  - {project: a/b, file: x.yml}\n  - {local: ci/build.yml}', 'ci/build.yml'],
    ['include: ci/*.yml', 'ci/build.yml'],
    ['include: [{local: "ci/**.yml"}]', 'ci/build.yml'],
    ['include: [{local: "ci/**.yml"}]', 'ci/deep/er/build.yml'],
    ['include: ci/**/*.yml', 'ci/deep/build.yml'],
    ['"\\x69nclude":\n  ? local\n  : ci/build.yml', 'ci/build.yml'],
    ['x: &i [ci/build.yml]\ninclude: *i', 'ci/build.yml'],
    ['child: {trigger: {include: ci/child.yml}}', 'ci/child.yml'],
    ['child:\n  trigger:\n    include:\n      - local: ci/child.yml', 'ci/child.yml'],
  ])('%j: %s', (include, path) => expect(found({ '.gitlab-ci.yml': `${include}\n`, [path]: job })).toEqual([path]));

  it.each<[include: string, path: string]>([
    ['include: ci/other.yml', 'ci/build.yml'],
    ['include: ci/*.yml', 'ci/deep/build.yml'],
    ['include: ci/$NAME.yml', 'ci/build.yml'],
    ['include: https://ci.example.com/ci/build.yml', 'ci/build.yml'],
    ['include: {project: a/b, file: ci/build.yml}', 'ci/build.yml'],
    ['include: {template: ci/build.yml}', 'ci/build.yml'],
    ['build: {variables: {include: ci/build.yml}}', 'ci/build.yml'],
  ])('%j does not take in %s', (include, path) => expect(found({ '.gitlab-ci.yml': `${include}\n`, [path]: job })).toEqual([]));

  it('by way of others, of each other, and where the repository is a folder of the index', () => {
    const files = {
      'shop/.gitlab-ci.yml': 'include: ci/all.yml\n',
      'shop/ci/all.yml': 'include: [ci/a.yml, ci/all.yml]\n',
      'shop/ci/a.yml': `include: ci/b.yml\n${job}`,
      'shop/ci/b.yml': `include: ci/a.yml\n${job}`,
      'shop/ci/c.yml': job,
      'other/ci/a.yml': job,
    };
    expect(found(files)).toEqual(['shop/ci/a.yml', 'shop/ci/b.yml']);
  });

  it('and nothing that no pipeline takes in', () => {
    expect(found({ 'ci/all.yml': 'include: ci/a.yml\n', 'ci/a.yml': job })).toEqual([]);
    expect(found({ 'compose.yaml': 'include: [ci/a.yml]\nservices: {}\n', 'ci/a.yml': job })).toEqual([]);
  });

  it('but for what others wrote, unless a pipeline takes that in', () => {
    expect(found({ 'vendor/soup3/.gitlab-ci.yml': job, 'src/third_party/x/.gitlab-ci.yml': job, 'vendors/.gitlab-ci.yml': job })).toEqual([
      'vendors/.gitlab-ci.yml',
    ]);
    const files = { '.gitlab-ci.yml': 'include: vendor/ci/.gitlab-ci.yml\n', 'vendor/ci/.gitlab-ci.yml': job };
    expect(found(files)).toEqual(['vendor/ci/.gitlab-ci.yml']);
  });

  it('a part of a Compose project stays one', () => {
    const files = {
      'compose.yaml': 'include: [parts/web.yaml]\n',
      'parts/web.yaml': 'services:\n  web: {extends: {file: base.yaml, service: web}}\n',
      'parts/base.yaml': 'services: {web: {image: nginx, privileged: true}}\n',
    };
    const facts = createWorkspaceIndex({ complete: true });
    for (const [path, text] of Object.entries(files)) facts.update(path, engine.open({ path, text }).facts());
    const opened = engine.open({ path: 'parts/web.yaml', text: files['parts/web.yaml'] });
    expect(opened.sourceIn({ ...plainContext(), workspace: facts.index }).family).toBe('compose');
  });
});
