import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);

/** What a rule says of the files of a repository: the paths, one for each finding. */
function found(rule: string, files: Readonly<Record<string, string>>): readonly string[] {
  const facts = createWorkspaceIndex({ complete: true });
  for (const [path, text] of Object.entries(files)) facts.update(path, engine.open({ path, text }).facts());
  return Object.entries(files).flatMap(([path, text]) => {
    const { findings } = engine.open({ path, text }).lint({ ...plainContext(), workspace: facts.index });
    return findings.filter(finding => finding.rule === rule).map(() => path);
  });
}

const push = 'push:\n  script: [docker push registry.example.com/web:1]\n';
const scan = 'scan:\n  script: [trivy image registry.example.com/web:1]\n';
const entry = '.gitlab-ci.yml';

describe('a pipeline scans what any of its files scans', () => {
  it.each<[what: string, files: Record<string, string>, reported: readonly string[]]>([
    ['alone', { [entry]: push }, [entry]],
    ['what is taken in', { [entry]: `include: ci/scan.yml\n${push}`, 'ci/scan.yml': scan }, []],
    ['what takes it in', { [entry]: `include: ci/push.yml\n${scan}`, 'ci/push.yml': push }, []],
    ['a sister', { [entry]: 'include: [ci/push.yml, ci/scan.yml]\n', 'ci/push.yml': push, 'ci/scan.yml': scan }, []],
    ['a sister by a glob', { [entry]: 'include: ci/*.yml\n', 'ci/push.yml': push, 'ci/scan.yml': scan }, []],
    ['by way of another', { [entry]: 'include: [ci/push.yml, ci/all.yml]\n', 'ci/all.yml': 'include: ci/scan.yml\n', 'ci/push.yml': push, 'ci/scan.yml': scan }, []],
    ['none of all', { [entry]: 'include: [ci/push.yml, ci/test.yml]\n', 'ci/push.yml': push, 'ci/test.yml': 'test: {script: make}\n' }, ['ci/push.yml']],
    ['none, and two push: said once', { [entry]: 'include: [ci/b.yml, ci/a.yml]\n', 'ci/b.yml': push, 'ci/a.yml': push.replace('push:', 'other:') }, ['ci/a.yml']],
    ['none, in a circle', { [entry]: 'include: ci/push.yml\n', 'ci/push.yml': `include: ci/all.yml\n${push}`, 'ci/all.yml': 'include: ci/push.yml\n' }, ['ci/push.yml']],
    ['a pipeline of another folder', { [entry]: push, 'other/.gitlab-ci.yml': `include: ci/a.yml\n${scan}`, 'other/ci/a.yml': scan }, [entry]],
    ['a file that is missing', { [entry]: `include: ci/scan.yml\n${push}` }, []],
    ['a template of GitLab', { [entry]: 'include: [ci/push.yml, {template: Security/Container-Scanning.gitlab-ci.yml}]\n', 'ci/push.yml': push }, []],
    ['another project', { [entry]: `include: {project: acme/ci, file: scan.yml}\n${push}` }, []],
    ['a part that nothing takes in', { 'push.gitlab-ci.yml': push }, []],
    ['a base in a file that is taken in', { [entry]: `include: ci/base.yml\n${push}  extends: .docker\n`, 'ci/base.yml': '.docker: {image: docker:29.1}\n' }, [entry]],
    ['a base that no file has', { [entry]: `include: ci/base.yml\n${push}  extends: .docker\n`, 'ci/base.yml': '.other: {image: docker:29.1}\n' }, []],
  ])('%s', (_, files, reported) => expect(found('workflow/unscanned-image', files)).toEqual(reported)); // prettier-ignore

  /** As many files as a number says, each taken in by the entry. */
  const many = (count: number): Record<string, string> => ({
    [entry]: `include: [${Array.from({ length: count }, (_, i) => `ci/${i}.yml`).join(', ')}]\n${push}`,
    ...Object.fromEntries(Array.from({ length: count }, (_, i) => [`ci/${i}.yml`, `job${i}: {script: make}\n`])),
  });
  it('150 includes, as many as GitLab takes', () => expect(found('workflow/unscanned-image', many(150))).toEqual([entry]));
  it('more are not followed', () => expect(found('workflow/unscanned-image', many(151))).toEqual([]));
});

describe('what one file of a pipeline says holds for the others', () => {
  const printing = 'test:\n  script: [echo "$DB_PASSWORD"]\n';
  const review = 'deploy:\n  environment: $CI_COMMIT_REF_NAME\n  script: make\n';
  const dind = 'build:\n  services: [docker:29-dind]\n  script: docker build .\n';
  const plain = 'build:\n  services: [docker:29-dind]\n  variables: {DOCKER_HOST: "tcp://docker:2375"}\n  script: docker build .\n';
  it.each<[what: string, rule: string, files: Record<string, string>, reported: readonly string[]]>([
    ['a variable of no file is one of the settings', 'gitlab/printed-secret', { [entry]: 'include: a.yml\n', 'a.yml': printing }, ['a.yml']],
    ['a variable is set beside the include', 'gitlab/printed-secret', { [entry]: 'variables: {DB_PASSWORD: postgres}\ninclude: a.yml\n', 'a.yml': printing }, []],
    ['a variable is set in what is included', 'gitlab/printed-secret', { [entry]: `include: a.yml\n${printing}`, 'a.yml': 'variables: {DB_PASSWORD: postgres}\n' }, []],
    ['a variable is set to another', 'gitlab/printed-secret', { [entry]: `include: a.yml\n${printing}`, 'a.yml': 'variables: {DB_PASSWORD: $SECRET}\n' }, [entry]],
    ['a moving tag is all that is pushed', 'workflow/moving-tag-only', { [entry]: 'include: a.yml\n', 'a.yml': push.replace(':1', ':latest') }, ['a.yml']],
    ['another file pushes, too', 'workflow/moving-tag-only', { [entry]: 'include: [a.yml, b.yml]\n', 'a.yml': push.replace(':1', ':latest'), 'b.yml': push }, []],
    ['every branch deploys', 'gitlab/reachable-environment', { [entry]: 'include: a.yml\n', 'a.yml': review }, ['a.yml']],
    ['workflow says which pipelines there are', 'gitlab/reachable-environment', { [entry]: 'workflow: {rules: [{if: $CI_COMMIT_TAG}]}\ninclude: a.yml\n', 'a.yml': review }, []],
    ['the daemon is in another file than its variable', 'workflow/privileged-container', { [entry]: 'variables: {DOCKER_TLS_CERTDIR: ""}\ninclude: a.yml\n', 'a.yml': dind }, [entry]],
    ['no file has a daemon', 'workflow/privileged-container', { [entry]: 'variables: {DOCKER_TLS_CERTDIR: ""}\ninclude: a.yml\n', 'a.yml': 'test: {script: make}\n' }, []],
    ['a port without TLS', 'workflow/privileged-container', { [entry]: 'include: a.yml\n', 'a.yml': plain }, ['a.yml']],
    ['a folder for certificates closes it', 'workflow/privileged-container', { [entry]: 'variables: {DOCKER_TLS_CERTDIR: /certs}\ninclude: a.yml\n', 'a.yml': plain }, []],
  ])('%s', (_, rule, files, reported) => expect(found(rule, files)).toEqual(reported)); // prettier-ignore
});
