import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { emptyWorkspace } from '../../shared/src/workspace/workspace-index';
import { imagePolicies } from '../../shared/src/services/writers/image-policy';
import { networkPolicies } from '../../shared/src/services/writers/network-policy';
import { root } from '../../tools/rules/files';
import { plainContext } from '../../tools/lint-context';

const engine = createEngine(rules);
const context = plainContext();
const read = (path: string) => ({ path, text: readFileSync(`${root}examples/${path}`, 'utf8') });

const services = readdirSync(`${root}examples`, { withFileTypes: true }).filter(entry => entry.isDirectory());

describe.each(services.map(({ name }) => name))('examples/%s', service => {
  // the others are what a Dockerfile copies
  const checked = readdirSync(`${root}examples/${service}/insecure`).filter(name => /Dockerfile|\.(?:ya?ml|sh)$/.test(name));
  test.each(checked)('%s: the insecure one has errors or warnings, the hardened one asks for a digest and nothing else', name => {
    const insecure = engine.open(read(`${service}/insecure/${name}`)).lint(context).findings;
    expect(insecure.some(f => f.severity === 'error' || f.severity === 'warning')).toBe(true);
    const hardened = read(`${service}/hardened/${name}`);
    expect(
      [
        ...new Set(
          engine
            .open(hardened)
            .lint(context)
            .findings.map(f => f.rule),
        ),
      ].filter(rule => !rule.endsWith('/missing-digest')),
    ).toEqual([]);
    expect(engine.open(hardened).harden(context).text).toBe(hardened.text);
  });
});

test('the policies in examples/gate are what is written for it', () => {
  const { text } = read('gate/hardened/shop.yaml');
  const parts = engine.open({ path: 'shop.yaml', text }).network();
  expect(networkPolicies(parts, 'shop', emptyWorkspace).text).toBe(read('gate/hardened/network-policy-shop.yaml').text);
  const signer = {
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/v*',
  };
  const signed = [{ images: ['ghcr.io/acme/*'], signers: [signer] }];
  expect(imagePolicies(signed, { engine: 'kyverno', enforce: true, transparency: true })).toBe(read('gate/hardened/policy.yaml').text);
});

test('our own action for GitHub Actions gives our own rules nothing to say', () => {
  const text = readFileSync(`${root}action/action.yml`, 'utf8');
  const result = engine.open({ path: 'action/action.yml', text }).lint(plainContext('strict'));
  expect(result).toMatchObject({ family: 'workflow', checked: true, findings: [] });
});
