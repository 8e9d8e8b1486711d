import { describe, expect, it } from 'vitest';
import { parseUses, type ActionReference } from '../../../shared/src/syntax/action/reference';
import { actionDanger, archivedAction, newestKnown, outdatedAction } from '../../../shared/src/knowledge/actions';

function action(text: string): ActionReference {
  const uses = parseUses(text);
  if (uses.kind !== 'action') throw new Error(text);
  return uses;
}

const honest = '57a97c7e7821a5776cebc9bb87c984fa69cba8f1';
const attack = 'ddb9da4475c1cef7d5389062bdfdfbdbd1394648';

describe('what is known against an action', () => {
  it.each([
    [`aquasecurity/trivy-action@${attack}`, 'malicious', '0.35.0'],
    [`AquaSecurity/Trivy-Action@${attack.toUpperCase()}`, 'malicious', '0.35.0'],
    ['aquasecurity/trivy-action@0.28.0', 'affected', '0.35.0'],
    ['aquasecurity/trivy-action@v0.34.2', 'affected', '0.35.0'],
    ['aquasecurity/setup-trivy@v0.2.1', 'affected', '0.2.6'],
    ['tj-actions/changed-files@v44.5.1', 'affected', '46.0.1'],
    ['tj-actions/changed-files@v45', 'repaired', '46.0.1'],
    ['reviewdog/action-setup@v1', 'repaired', null],
    ['checkmarx/ast-github-action@2.3.28', 'affected', null],
    ['hashicorp/vault-action@v2.1.0', 'affected', '2.2.0'],
    ['hashicorp/vault-action@v1', 'affected', '2.2.0'],
    ['kartverket/github-workflows/.github/workflows/run-terraform.yml@v2.2', 'affected', '2.7.5'],
    ['actions/download-artifact@v4.1.2', 'affected', '4.1.3'],
    ['dawidd6/action-download-artifact@v5', 'affected', '6.0.0'],
  ])('%s is %s', (text, kind, fixed) => expect(actionDanger(action(text))).toMatchObject({ kind, fixed }));

  it.each([
    `aquasecurity/trivy-action@${honest}`,
    'aquasecurity/trivy-action@0.35.0',
    'aquasecurity/trivy-action@master',
    'tj-actions/changed-files@v46',
    // the tag moves on, so that it has been the fixed release for long
    'actions/download-artifact@v4',
    'actions/download-artifact@v3',
    'hashicorp/vault-action@v2',
    'actions/checkout@v4',
  ])('nothing is known against %s', text => expect(actionDanger(action(text))).toBeNull());
});

describe('what nobody maintains', () => {
  it('knows archived repositories in any case, with what took their place', () => {
    expect(archivedAction(action('Actions-RS/toolchain@v1'))).toEqual({ asOf: '2025-12-04', successor: 'dtolnay/rust-toolchain' });
    expect(archivedAction(action('Azure/container-scan@v0'))).toEqual({ asOf: '2025-12-04', successor: null });
    expect(archivedAction(action('actions/attest-sbom@v2'))?.successor).toBe('actions/attest');
    expect(archivedAction(action('actions/checkout@v4'))).toBeNull();
  });
});

describe('what GitHub has left behind', () => {
  it.each([
    ['actions/checkout@v3', 'runtime', 5],
    ['actions/checkout@v2.4.0', 'runtime', 5],
    ['docker/build-push-action@v4', 'runtime', 7],
    ['github/codeql-action/upload-sarif@v2', 'runtime', 4],
    ['actions/upload-artifact@v3', 'refused', 6],
    ['actions/cache@v2', 'refused', 5],
    ['actions/cache@v3.3.1', 'refused', 5],
    ['actions/cache@v4.1.2', 'refused', 5],
    // the tag has moved to releases that use the new service
    ['actions/cache@v3', 'runtime', 5],
  ])('%s: %s', (text, kind, next) => expect(outdatedAction(action(text))).toMatchObject({ kind, next }));

  it.each([
    ['actions/checkout@v3', false, []],
    ['actions/setup-java@v1', true, []],
    ['docker/setup-buildx-action@v2', false, ['install', 'config', 'config-inline']],
    ['golangci/golangci-lint-action@v3', true, []],
  ])('%s: whether the next does something else, and without which inputs', (text, changed, removed) =>
    expect(outdatedAction(action(text))).toMatchObject({ changed, removed }),
  );

  it.each([
    'actions/checkout@v4',
    'actions/checkout@main',
    // a plugin of the runner
    'actions/checkout@v1',
    // a Docker action: it has no runtime of Node.js
    'docker/build-push-action@v1',
    'actions/cache@v4',
    'actions/cache@v4.2.0',
    'actions/upload-artifact@v3-node20',
    'example/action@v1',
  ])('%s runs', text => expect(outdatedAction(action(text))).toBeNull());
});

describe('commits that are known to be releases', () => {
  it('gives them without asking anybody', () => {
    expect(newestKnown(action('aquasecurity/trivy-action@master'))?.version).toBe('0.36.0');
    expect(newestKnown(action('actions/checkout@v4'))).toBeNull();
  });
});
