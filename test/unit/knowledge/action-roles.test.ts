import { describe, expect, it } from 'vitest';
import { parseUses } from '../../../shared/src/syntax/action/reference';
import { hasRole, permissionsOf, scanOf, type ActionCall } from '../../../shared/src/knowledge/action-roles';

function call(name: string, inputs: Readonly<Record<string, string>> = {}): ActionCall {
  const uses = parseUses(`${name}@v1`);
  if (uses.kind !== 'action') throw new Error(name);
  return { ...uses, input: key => (Object.hasOwn(inputs, key) ? inputs[key]! : null) };
}

function needs(name: string, inputs: Readonly<Record<string, string>> = {}): readonly string[] | null {
  return permissionsOf(call(name, inputs))?.map(({ scope, level, ifPrivate }) => `${scope}: ${level}${ifPrivate ? '?' : ''}`) ?? null;
}

describe('what actions do', () => {
  it('knows roles in any case, and by the path', () => {
    expect(hasRole(call('GitHub/CodeQL-Action/upload-sarif'), 'report')).toBe(true);
    expect(hasRole(call('github/codeql-action/init'), 'report')).toBe(false);
    expect(hasRole(call('example/build-push-action'), 'build')).toBe(false);
  });
});

describe('what actions need of the token', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[] | null]>([
    ['github/codeql-action/upload-sarif', {}, ['security-events: write', 'contents: read?', 'actions: read?']],
    ['actions/attest-build-provenance', {}, ['id-token: write', 'attestations: write']],
    [
      'actions/attest-build-provenance',
      { 'push-to-registry': 'true', 'subject-name': 'ghcr.io/example/app' },
      ['id-token: write', 'attestations: write', 'packages: write'],
    ],
    [
      'actions/attest',
      { 'push-to-registry': 'true', 'subject-name': 'registry.example.com/app' },
      ['id-token: write', 'attestations: write'],
    ],
    ['aws-actions/configure-aws-credentials', { 'role-to-assume': 'arn:x' }, ['id-token: write']],
    ['aws-actions/configure-aws-credentials', { 'role-to-assume': 'arn:x', 'aws-access-key-id': 'x' }, []],
    ['google-github-actions/auth', { credentials_json: 'x' }, []],
    ['googleapis/release-please-action', {}, ['contents: write', 'issues: write', 'pull-requests: write']],
    ['actions/setup-node', {}, []],
    // whatever its script calls
    ['actions/github-script', {}, null],
    ['example/action', {}, null],
  ])('%s %j', (name, inputs, expected) => expect(needs(name, inputs)).toEqual(expected));
});

describe('whether a scan fails its step', () => {
  it.each<[string, Readonly<Record<string, string>>, boolean | null]>([
    ['aquasecurity/trivy-action', {}, false],
    ['aquasecurity/trivy-action', { 'exit-code': '0' }, false],
    ['aquasecurity/trivy-action', { 'exit-code': '1' }, true],
    ['aquasecurity/trivy-action', { 'exit-code': '${{ inputs.code }}' }, null],
    ['aquasecurity/trivy-action', { 'trivy-config': 'trivy.yaml' }, null],
    ['anchore/scan-action', {}, true],
    ['anchore/scan-action', { 'fail-build': 'false' }, false],
    ['goodwithtech/dockle-action', {}, true],
    ['goodwithtech/dockle-action', { 'exit-code': '0' }, false],
    ['erzz/dockle-action', {}, false],
    ['hadolint/hadolint-action', {}, true],
    ['hadolint/hadolint-action', { 'no-fail': 'true' }, false],
    ['docker/scout-action', { command: 'cves' }, false],
    ['docker/scout-action', { command: 'cves', 'exit-code': 'true' }, true],
    ['snyk/actions/docker', {}, true],
    ['sysdiglabs/scan-action', {}, null],
  ])('%s %j: %s', (name, inputs, gates) => expect(scanOf(call(name, inputs))?.gates).toBe(gates));

  it('knows what is no scan', () => {
    expect(scanOf(call('docker/scout-action', { command: 'recommendations' }))).toBeNull();
    expect(scanOf(call('snyk/actions/docker', { command: 'monitor' }))).toBeNull();
    expect(scanOf(call('actions/checkout'))).toBeNull();
  });

  it('knows the image and the report', () => {
    const trivy = scanOf(call('aquasecurity/trivy-action', { 'image-ref': 'app', format: 'sarif', output: 'trivy.sarif' }));
    expect(trivy).toMatchObject({ imageInput: 'image-ref', report: 'trivy.sarif' });
    expect(scanOf(call('aquasecurity/trivy-action', { 'scan-type': 'fs', output: 'list.txt' }))).toMatchObject({
      imageInput: null,
      report: null,
    });
    expect(scanOf(call('anchore/scan-action', { path: '.' }))?.imageInput).toBeNull();
  });
});
