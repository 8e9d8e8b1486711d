import Ajv from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { defaultConfig, effectiveConfig } from '../../../shared/src/engine/config/effective';
import { parseConfig } from '../../../shared/src/engine/config/parse';
import { configSchema } from '../../../shared/src/engine/config/schema';
import { fakeRules } from '../../support/silent-rules';

const text = `
profile: restricted
kubernetesVersion: "1.30"
rules:
  dockerfile/root-user: error
  kubernetes/host-path: { severity: warning, options: { depth: 3 } }
trustedRegistries: [a]
defaults: { uid: 5 }
exceptions: [{ rule: kubernetes/privileged, kind: A }]
exclude: [vendor, '!vendor/ours']
overrides:
  - files: [dev/**]
    profile: baseline
    rules:
      dockerfile/root-user: off
      kubernetes/host-path: { options: { mode: loose } }
    exceptions: [{ rule: kubernetes/privileged, kind: B }]
    defaults: { gid: 6 }
  - files: [dev/special/**]
    profile: strict
    trustedRegistries: []
`;
const config = parseConfig(text, fakeRules).config!;

describe('effectiveConfig', () => {
  test('without a configuration', () => {
    expect(effectiveConfig(null, 'a')).toEqual(defaultConfig);
  });

  test.each([
    ['test/a.yaml', 'baseline'],
    ['src/e2e/deep/a.yaml', 'baseline'],
    ['template-tests/a.sh', 'baseline'],
    ['install/v0.5.0-rc1/a.yaml', 'baseline'],
    ['.archive/kube/a.yaml', 'baseline'],
    ['hack/kind/a.sh', 'baseline'],
    ['.ci/scan.sh', 'baseline'],
    ['scripts/test-two-nodes.sh', 'baseline'],
    ['test.sh', 'baseline'],
    ['scripts/cluster_test.sh', 'baseline'],
    ['unittests/scans/a.yaml', 'baseline'],
    ['docker-compose.test.yml', 'baseline'],
    ['roles/web/molecule/default/compose.yaml', 'baseline'],
    ['docker-compose.override.integration_tests.yml', 'baseline'],
    ['Dockerfile.integration-tests-debian', 'baseline'],
    ['build/e2e-go.dockerfile', 'baseline'],
    ['build/loadtest.dockerfile', 'baseline'],
    ['charts/web/ci/pytest-web-values.yaml', 'baseline'],
    ['charts/web/ci/values.yaml', 'baseline'],
    ['lib/testenv-common/images/a/Dockerfile', 'baseline'],
    ['charts/web/values.yaml', 'recommended'],
    ['ci/deployment.yaml', 'recommended'],
    ['build/latest.dockerfile', 'recommended'],
    ['contest/compose.yaml', 'recommended'],
    ['scripts/latest.sh', 'recommended'],
    ['scripts/test-login.yaml', 'recommended'],
    ['latest/a.yaml', 'recommended'],
    ['src/test-eks.yaml', 'recommended'],
    ['tests', 'recommended'],
  ])('the profile of %s', (path, profile) => {
    expect(effectiveConfig(null, path)).toMatchObject({ profile });
    expect(effectiveConfig(config, path)).toMatchObject({ profile: 'restricted' });
    const strict = effectiveConfig(null, path, { profile: 'strict' });
    expect(strict).toMatchObject({ profile: 'strict' });
    expect(strict).not.toMatchObject({ aside: expect.any(String) as string });
  });

  test.each([
    ['docker-compose.dev.yml', true],
    ['docker-compose.override.dev.yml', true],
    ['web/dev.Dockerfile', true],
    ['web/Dockerfile.dev', true],
    ['dev/compose.yaml', true],
    ['dex/benchmark/compose.yaml', true],
    ['docker-compose.integration.yml', true],
    ['compose/demo/compose.yml', true],
    ['docker-compose.demo.yml', true],
    ['dev/scripts/dump-schema.sh', true],
    ['democracy/compose.yaml', false],
    ['scripts/dev.sh', false],
    ['devops/compose.yaml', false],
    ['dev-portal/compose.yaml', false],
    ['docker-compose.device.yml', false],
    ['compose.yaml', false],
    // a cluster for development is one that runs
    ['overlays/dev/deployment.yaml', false],
  ])('%s is for development: %s', (path, is) => {
    expect(effectiveConfig(null, path)).toMatchObject(is ? { profile: 'recommended', aside: 'development' } : defaultConfig);
  });

  test('the top of the configuration', () => {
    expect(effectiveConfig(config, 'a.yaml')).toMatchObject({
      profile: 'restricted',
      kubernetesMinor: 30,
      trustedRegistries: ['a'],
      rules: { 'dockerfile/root-user': { severity: 'error' }, 'kubernetes/host-path': { severity: 'warning', options: { depth: 3 } } },
      defaults: { uid: 5, gid: 10001, memoryLimit: null },
      exceptions: [{ kind: 'A' }],
    });
  });

  test('an override changes what it names', () => {
    expect(effectiveConfig(config, 'dev/a.yaml')).toMatchObject({
      profile: 'baseline',
      trustedRegistries: ['a'],
      rules: {
        'dockerfile/root-user': { severity: null },
        'kubernetes/host-path': { severity: 'warning', options: { depth: 3, mode: 'loose' } },
      },
      defaults: { uid: 5, gid: 6 },
      exceptions: [{ kind: 'A' }, { kind: 'B' }],
    });
  });

  test('the last override wins, and the command line over all', () => {
    expect(effectiveConfig(config, 'dev/special/a.yaml')).toMatchObject({ profile: 'strict', trustedRegistries: [] });
    const overrides = { profile: 'baseline', kubernetesMinor: 20, rules: { 'dockerfile/root-user': { severity: 'hint' } } } as const;
    expect(effectiveConfig(config, 'dev/special/a.yaml', overrides)).toMatchObject({
      profile: 'baseline',
      kubernetesMinor: 20,
      rules: { 'dockerfile/root-user': { severity: 'hint' } },
    });
  });

  test('excluded', () => {
    expect(effectiveConfig(config, 'vendor/a.yaml')).toBe('excluded');
    expect(effectiveConfig(config, 'vendor/ours/a.yaml')).not.toBe('excluded');
  });

  test('files under the same settings share one object, which the engine caches by', () => {
    expect(effectiveConfig(config, 'a')).toBe(effectiveConfig(config, 'b'));
    expect(effectiveConfig(config, 'dev/a')).toBe(effectiveConfig(config, 'dev/b'));
    expect(effectiveConfig(config, 'a')).not.toBe(effectiveConfig(config, 'dev/b'));
    expect(effectiveConfig(null, 'a')).toBe(effectiveConfig(null, 'b'));
  });
});

describe('configSchema', () => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false }).compile(configSchema(fakeRules));

  test('takes what the reader takes', () => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({}), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each([
    'profle: strict',
    'rules: { kubernetes/privilegd: off }',
    'rules: { kubernetes/host-path: { options: { depth: 0 } } }',
    'exceptions: [{ path: a }]',
    'overrides: [{ profile: strict }]',
    'overrides: [{ files: a, rules: { kubernetes/privilegd: off } }]',
    'overrides: [{ files: a, exceptions: [{ path: a }] }]',
    'overrides: [{ files: a, defaults: { uid: 0 } }]',
    'defaults: { uid: 0 }',
    'kubernetesVersion: latest',
  ])('refuses %s, as the reader does', wrong => {
    expect(validate(parse(wrong))).toBe(false);
    expect(parseConfig(wrong, fakeRules).problems).not.toEqual([]);
  });
});
