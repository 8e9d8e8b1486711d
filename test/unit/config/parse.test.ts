import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../shared/src/engine/config/parse';
import { fakeRules } from '../../support/silent-rules';

/** Problems as `text|message`, where text is what the range covers. */
function problems(text: string): string[] {
  return parseConfig(text, fakeRules).problems.map(({ range, message }) => `${text.slice(range.start, range.end)}|${message}`);
}

describe('what is read', () => {
  test('every member', () => {
    const { config, problems: found } = parseConfig(
      `# ours
profile: strict
rules:
  dockerfile/root-user: error
  kubernetes/privileged: off
  kubernetes/host-path:
    severity: on
    options: { allowed: [/etc], depth: 3, mode: loose, strict: true }
overrides:
  - files: test/**
    profile: baseline
  - files: ['*.dev.yaml', "dev/"]
    rules: { dockerfile/root-user: hint }
exclude: [vendor]
trustedRegistries: [ghcr.io/acme]
kubernetesVersion: 1.30
defaults:
  uid: 2000
  gid: 3000
  tmpSize: 128Mi
  resources: { memoryLimit: 256Mi, memoryRequest: 128Mi, cpuRequest: 0.5, cpuLimit: 1, storageLimit: 1Gi }
exceptions:
  - rule: kubernetes/privileged
    path: infra/**
    kind: DaemonSet
    name: cni-*
    container: agent
    reason: it programs the network
    until: 2027-01-31
`,
      fakeRules,
    );
    expect(found).toEqual([]);
    expect(config).toMatchObject({
      profile: 'strict',
      rules: {
        'dockerfile/root-user': { severity: 'error' },
        'kubernetes/privileged': { severity: null },
        'kubernetes/host-path': { severity: 'on', options: { allowed: ['/etc'], depth: 3, mode: 'loose', strict: true } },
      },
      overrides: [
        { files: ['test/**'], profile: 'baseline' },
        { files: ['*.dev.yaml', 'dev/'], rules: { 'dockerfile/root-user': { severity: 'hint' } } },
      ],
      exclude: ['vendor'],
      trustedRegistries: ['ghcr.io/acme'],
      kubernetesMinor: 30,
      defaults: {
        uid: 2000,
        gid: 3000,
        tmpSize: '128Mi',
        memoryLimit: '256Mi',
        memoryRequest: '128Mi',
        cpuRequest: '0.5',
        cpuLimit: '1',
        storageLimit: '1Gi',
      },
      exceptions: [
        {
          rule: 'kubernetes/privileged',
          path: 'infra/**',
          kind: 'DaemonSet',
          name: 'cni-*',
          container: 'agent',
          reason: 'it programs the network',
          until: '2027-01-31',
        },
      ],
    });
  });

  test.each(['', '# only a comment\n', '---\n', 'rules:\n', '\ufeffprofile:\n', 'x-shared: &a { severity: off }\n', '{}'])(
    '%j sets nothing',
    text => {
      expect(parseConfig(text, fakeRules)).toMatchObject({ config: { profile: null, rules: {} }, problems: [] });
    },
  );

  test('anchors and merge keys count', () => {
    const text = 'x-base: &base\n  uid: 7\ndefaults:\n  <<: *base\n  gid: 8\n';
    expect(parseConfig(text, fakeRules)).toMatchObject({ config: { defaults: { uid: 7, gid: 8 } }, problems: [] });
  });
});

const wrong: [text: string, ...expected: string[]][] = [
  ['profle: strict', 'profle|Unknown key "profle" in the configuration; did you mean "profile"?'],
  ['profile: strickt', 'strickt|profile must be one of baseline, restricted, recommended, strict, not "strickt"; did you mean "strict"?'],
  ['profile: [strict]', '[strict]|profile must be one of baseline, restricted, recommended, strict, not a list'],
  ['profile: strict\nprofile: baseline', 'profile|The key profile occurs twice in this map'],
  ['- profile', '- profile|A configuration must be a map, such as "profile: recommended"'],
  ['rules: [a]', '[a]|rules must be a map, not a list'],
  [
    'rules:\n  kubernetes/privilegd: off',
    'kubernetes/privilegd|Unknown rule "kubernetes/privilegd"; did you mean "kubernetes/privileged"?',
  ],
  ['rules:\n  nothing/like/it: off', 'nothing/like/it|Unknown rule "nothing/like/it"'],
  ['rules: { kubernetes/privileged: warn }', 'warn|The severity must be one of off, on, hint, info, warning, error, not "warn"'],
  [
    'rules: { kubernetes/privileged: }',
    'kubernetes/privileged|"kubernetes/privileged" needs a severity: off, on, hint, info, warning, error',
  ],
  ['rules: { kubernetes/privileged: { level: error } }', 'level|Unknown key "level" in "kubernetes/privileged"'],
  ['rules: { kubernetes/privileged: { options: { x: 1 } } }', 'x|"kubernetes/privileged" has no option "x"; it has none'],
  [
    'rules: { kubernetes/host-path: { options: { alowed: [a] } } }',
    'alowed|"kubernetes/host-path" has no option "alowed"; did you mean "allowed"?',
  ],
  ['rules: { kubernetes/host-path: { options: { allowed: a } } }', 'a|Option "allowed" must be a list of strings'],
  ['rules: { kubernetes/host-path: { options: { allowed: [1] } } }', '[1]|Option "allowed" must be a list of strings'],
  ['rules: { kubernetes/host-path: { options: { depth: 0 } } }', '0|Option "depth" must be at least 1'],
  ['rules: { kubernetes/host-path: { options: { depth: a } } }', 'a|Option "depth" must be a number'],
  ['rules: { kubernetes/host-path: { options: { mode: x } } }', 'x|Option "mode" must be one of strict, loose'],
  ['rules: { kubernetes/host-path: { options: { strict: "yes" } } }', '"yes"|Option "strict" must be true or false'],
  ['rulesVersion: 0.9.9', '0.9.9|rulesVersion must be one of 0.1.0, 0.2.0, not "0.9.9"'],
  ['rulesVersion: 0.1', '0.1|rulesVersion must be one of 0.1.0, 0.2.0, not "0.1"'],
  ['pinMinAge: 7 days', '7 days|pinMinAge must be a number with h, d or w (hours, days, weeks), such as 7d, not "7 days"'],
  ['overrides: [{ files: a, rulesVersion: 0.1.0 }]', 'rulesVersion|Unknown key "rulesVersion" in the override'],
  ['kubernetesVersion: latest', 'latest|kubernetesVersion must be a version such as "1.37", not "latest"'],
  ['maxFileSize: 65Mi', '65Mi|maxFileSize must be a size up to 64Mi, such as 8Mi, not "65Mi"'],
  ['maxFileSize: 0', '0|maxFileSize must be a size up to 64Mi, such as 8Mi, not "0"'],
  ['maxFileSize: large', 'large|maxFileSize must be a size up to 64Mi, such as 8Mi, not "large"'],
  ['kubernetesVersion: 2.1', '2.1|kubernetesVersion must be a version such as "1.37", not "2.1"'],
  ['defaults: { uid: 0 }', '0|uid must be a whole number from 1 to 2147483647'],
  ['defaults: { uid: app }', 'app|uid must be a whole number from 1 to 2147483647'],
  ['defaults: { tmpSize: 5 GB }', '5 GB|tmpSize must be a quantity such as "64Mi", not "5 GB"'],
  ['defaults: { resources: { memory: 1Gi } }', 'memory|Unknown key "memory" in resources'],
  ['exclude: vendor', 'vendor|exclude must be a list, not "vendor"'],
  ['exclude: [[a]]', '[a]|Each item of exclude must be a string, not a list'],
  ['overrides: [{ profile: strict }]', 'profile|An override needs "files": globs of the files that it applies to'],
  ['overrides: [a]', 'a|the override must be a map, not "a"'],
  ['exceptions: [{ path: a }]', 'path|An exception needs "rule": the rule that it applies to'],
  ['exceptions: [{ rule: kubernetes/privileged, until: soon }]', 'soon|until must be a date such as "2026-11-24", not "soon"'],
  [
    'exceptions: [{ rule: kubernetes/privileged, until: 2026-02-30 }]',
    '2026-02-30|until must be a date such as "2026-11-24", not "2026-02-30"',
  ],
  [
    'exceptions: [{ rule: kubernetes/privileged, contaner: a }]',
    'contaner|Unknown key "contaner" in the exception; did you mean "container"?',
  ],
];

test.each(wrong)('%j', (text, ...expected) => {
  expect(problems(text)).toEqual(expected);
});

test('an exception that is half wrong does not hold at all', () => {
  expect(parseConfig('exceptions: [{ rule: kubernetes/privileged, contaner: a }]', fakeRules).config?.exceptions).toEqual([]);
});

test('what is right beside a problem is read', () => {
  expect(parseConfig('profle: strict\nexclude: [a]', fakeRules).config).toMatchObject({ exclude: ['a'] });
});

test.each(['profile: "strict', 'a: [', '\0', '['.repeat(20000), 'a: b: c'])('text that is not YAML gives no configuration', text => {
  const { config, problems: found } = parseConfig(text, fakeRules);
  expect(config).toBeNull();
  expect(found.length).toBeGreaterThan(0);
  for (const { message, range } of found) {
    expect(message).not.toMatch(/\n/);
    expect(range.end).toBeLessThanOrEqual(text.length);
  }
});

test('a second document is a problem', () => {
  expect(problems('profile: strict\n---\nprofile: baseline\n')).toHaveLength(1);
});
