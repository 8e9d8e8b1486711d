import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { LintContext } from '../../../shared/src/engine/types';
import type { Finding } from '../../../shared/src/rule/finding/types';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

/** What the rules about images say of a reference, wherever a family keeps it. The pages of each family hold what is its own. */

const names = ['end-of-life-image', 'invalid-image-reference', 'untrusted-registry', 'latest-tag', 'missing-digest'];
const engine = createEngine(rules.filter(({ id }) => names.some(name => id.endsWith(`/${name}`))));

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const plain = plainContext('strict');
const context: LintContext = {
  ...plain,
  config: { ...plain.config, trustedRegistries: ['docker.io', 'registry.example.com/*'] },
  digest: reference => (reference.startsWith('registry.example.com/known') ? digest : null),
};

const families: readonly (readonly [family: string, path: string, before: string])[] = [
  ['dockerfile', 'Dockerfile', 'FROM '],
  ['kubernetes', 'pod.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: '],
  ['compose', 'compose.yaml', 'services:\n  web:\n    image: '],
];

/** A finding as the rule's name, its message, and the text that it marks. Kubernetes has its own word for an untagged image. */
const shown = (text: string, { rule, messageId, range }: Finding): string =>
  `${rule.split('/')[1]} ${messageId === 'missing' && rule.endsWith('latest-tag') ? 'untagged' : messageId}: ${text.slice(range.start, range.end)}`;

describe.each(families)('rules about images: %s', (_, path, before) => {
  const open = (reference: string) => engine.open({ path, text: `${before}${reference}\n` });

  it.each<readonly [reference: string, ...findings: string[]]>([
    [`registry.example.com/web:1@${digest}`],
    ['registry.example.com/web:1', 'missing-digest missing: registry.example.com/web:1'],
    ['registry.example.com/web:latest', 'latest-tag latest: latest'],
    ['registry.example.com/web', 'latest-tag untagged: registry.example.com/web'],
    [`registry.example.com/web@${digest}`],
    ['node', 'latest-tag untagged: node'],
    ['node:8', 'missing-digest missing: node:8', 'end-of-life-image ended: 8'],
    [`ghcr.io/acme/web:1@${digest}`, 'untrusted-registry outside: ghcr.io/acme/web'],
    ['https://registry.example.com/web:1', 'invalid-image-reference scheme: https://'],
    ['registry.example.com/Web:1', 'invalid-image-reference uppercase: Web'],
    ['registry.example.com/web:-1', 'invalid-image-reference tag: -1'],
    ['registry.example.com/web@sha256:12', 'invalid-image-reference digest: sha256:12'],
    ['""', 'invalid-image-reference empty: ""'],
    ['$IMAGE'],
    ['${REGISTRY}/web:${TAG}'],
  ])('%s', (reference, ...findings) => {
    const file = open(reference);
    const found = file.lint(context).findings.map(finding => shown(file.file.text, finding));
    expect(found.sort()).toEqual([...findings].sort());
  });

  it.each([
    ['registry.example.com/known:1', `registry.example.com/known:1@${digest}`],
    ['registry.example.com/known:latest', `registry.example.com/known:latest@${digest}`],
    ['registry.example.com/known', `registry.example.com/known@${digest}`],
  ])('%s is pinned', (reference, pinned) => {
    expect(open(reference).harden(context).text).toBe(`${before}${pinned}\n`);
  });

  it('a digest that is not known is asked for', () => {
    const file = open('registry.example.com/web:1');
    const [finding] = file.lint(context).findings;
    expect(finding?.fixes.map(fix => fix.needsDigest)).toEqual(['registry.example.com/web:1']);
    expect(file.harden(context).left.map(({ reason }) => reason)).toEqual(['network']);
  });
});
