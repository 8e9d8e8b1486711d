import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../../shared/src/knowledge/secrets/detect';
import { github, noise, secretSamples } from '../../support/secrets';

/** The places that secretlint objects to. */
async function asked(content: string): Promise<readonly { readonly start: number; readonly end: number }[]> {
  const { messages } = await lintSource({
    source: { filePath: '/Dockerfile', content, ext: '', contentType: 'text' },
    options: { config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] }, noPhysicFilePath: true },
  });
  return messages.map(({ range: [start, end] }) => ({ start, end }));
}

/** Secrets in the contexts in which files of ours hold them. */
const contexts = (secret: string): readonly string[] => [
  `FROM alpine:3.22\nENV A="${secret}" B=1\n`,
  `FROM alpine:3.22\nRUN tool --with ${secret} \\\n  && true\n`,
  `data:\n  a: ${secret}\n`,
];

// what secretlint finds, we must find; we know more forms than it does
describe('against secretlint', () => {
  it.each<readonly [title: string, secret: string]>([
    ...secretSamples,
    ['GitHub token', github('ghu', 11)],
    ['password in a URL', `https://ci:${noise(16)}@git.example/a/b`],
    ['password in a URL', `postgres://app:${noise(12)}@db:5432/app`],
    ['password in a URL', `mongodb+srv://app:${noise(20)}@db.example/x`],
  ])('%s', async (_, secret) => {
    for (const text of contexts(secret)) {
      const ours = findSecrets(text).map(({ range }) => range);
      for (const { start, end } of await asked(text)) expect(ours.some(o => o.start < end && start < o.end)).toBe(true);
    }
  });

  it('finds most of the samples itself, so that the comparison says something', async () => {
    const found = await Promise.all(secretSamples.map(async ([, secret]) => (await asked(contexts(secret)[0]!)).length > 0));
    expect(found.filter(Boolean).length).toBeGreaterThan(5);
  });
});
