import { expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

const text = `build:
  image: docker:29.1
  services: [docker:29.1-dind]
  variables:
    DOCKER_TLS_CERTDIR: ''
  script:
    - docker build -t registry.example.com/app:latest .
    - docker run --privileged registry.example.com/app:latest make test
    - docker push registry.example.com/app:latest
    - cosign sign --yes registry.example.com/app:latest
`;

it('sees in scripts of GitLab what it sees in workflows: privileged containers, pushes, signatures of tags, an open daemon', () => {
  const { findings } = createEngine(rules).open({ path: '.gitlab-ci.yml', text }).lint(plainContext());
  expect(new Set(findings.map(({ rule, messageId }) => `${rule} ${messageId}`))).toEqual(
    new Set([
      'run/privileged privileged',
      'workflow/privileged-container open',
      'workflow/signed-by-tag tag',
      'workflow/moving-tag-only moving',
      'workflow/unscanned-image pipeline',
    ]),
  );
});
