import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isPattern, matchesText } from '../../../shared/src/families/policy/model/globs';
import { comparedWith, matchesImage } from '../../../shared/src/families/policy/model/images';
import { corpusFolder, corpusRows, noCorpus } from '../../../tools/corpus-folder';
import { fc } from '../../support/property';

const digest = `sha256:${'a'.repeat(64)}`;

describe('what a pattern is compared with', () => {
  it.each([
    ['kyverno', 'nginx', ['docker.io/nginx:latest']],
    ['kyverno', 'acme/web:1', ['docker.io/acme/web:1']],
    ['kyverno', `ghcr.io/acme/web:1@${digest}`, [`ghcr.io/acme/web@${digest}`]],
    ['kyverno', 'localhost:5000/web', ['localhost:5000/web:latest']],
    ['kyverno-cel', 'nginx', ['nginx']],
    ['sigstore', 'nginx', ['index.docker.io/library/nginx:latest', 'nginx']],
    ['sigstore', 'docker.io/acme/web', ['index.docker.io/acme/web:latest', 'docker.io/acme/web']],
    ['sigstore', 'ghcr.io/acme/web:1', ['ghcr.io/acme/web:1']],
    ['sigstore', 'not an image', []],
  ] as const)('%s: %s', (engine, reference, texts) => expect(comparedWith(engine, reference)).toEqual(texts));
});

describe('patterns of each engine', () => {
  it.each([
    ['kyverno', 'ghcr.io/acme*', 'ghcr.io/acme-evil/x:1', true],
    ['kyverno', 'ghcr.io/acme/web', 'ghcr.io/acme/web', false],
    ['kyverno', 'ghcr.io/acme/web:*', `ghcr.io/acme/web@${digest}`, false],
    ['kyverno', 'docker.io/nginx:?', 'nginx:1', true],
    ['kyverno', 'docker.io/nginx:?', 'nginx:12', false],
    ['kyverno', 'ghcr.io/acme/[ab]', 'ghcr.io/acme/a', false],
    ['kyverno-cel', 'nginx*', 'nginx:1', true],
    ['kyverno-cel', 'nginx:[0-9]', 'nginx:7', true],
    ['kyverno-cel', 'nginx:[!0-9]', 'nginx:7', false],
    ['kyverno-cel', 'ghcr.io/{acme,other/{a,b}}/web', 'ghcr.io/other/b/web', true],
    ['kyverno-cel', 'ghcr.io/acme/web\\*', 'ghcr.io/acme/web1', false],
    ['sigstore', 'ghcr.io/acme/*', 'ghcr.io/acme/a/b:1', false],
    ['sigstore', 'ghcr.io/acme/**', 'ghcr.io/acme/a/b:1', true],
    ['sigstore', '*', 'nginx', true],
    ['sigstore', '*', 'ghcr.io/acme/web', false],
    ['sigstore', '**', 'ghcr.io/acme/web', true],
  ] as const)('%s: %s, %s', (engine, pattern, image, matches) => expect(matchesImage(engine, pattern, image)).toBe(matches));

  it('refuses what the engine refuses', () => {
    for (const pattern of ['.+', '[a-z]*', 'ghcr.io/acme/we b', '']) expect(isPattern('sigstore', pattern)).toBe(false);
    for (const pattern of ['[', '[]', '{a', 'a\\', '{a,{b}']) expect(isPattern('kyverno-cel', pattern)).toBe(false);
  });

  const part = fc.constantFrom('*', '**', '?', 'a', 'b', '/', ':', '@', '.', '[ab]', '{a,b}', '{', '[', '\\');
  it('keeps nobody busy, and plain text matches itself', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 300 }), parts => {
        for (const engine of ['kyverno', 'kyverno-cel', 'sigstore'] as const) matchesText(engine, parts.join(''), 'a/b:'.repeat(200));
        const plain = parts.filter(each => /^[ab/:.]$/.test(each)).join('');
        if (plain !== '') expect(matchesText('sigstore', plain, plain)).toBe(true);
      }),
    );
  });
});

interface Pair {
  readonly id: string;
  readonly engine: keyof typeof engines;
  readonly glob: string;
  readonly image: string;
  readonly match: boolean;
}
const engines = {
  'policy-controller': 'sigstore',
  'kyverno-clusterpolicy': 'kyverno',
  'kyverno-imagevalidatingpolicy': 'kyverno-cel',
} as const;
const hasPairs = existsSync(join(corpusFolder, 'corpus/policy/glob.jsonl'));

describe('the verdicts of the engines themselves', () => {
  if (!hasPairs) return it.skip(noCorpus);
  const pairs = corpusRows<Pair>('corpus/policy/glob.jsonl');
  it('has all pairs', () => expect(pairs).toHaveLength(80));
  it.each(pairs.map(pair => [pair.id, pair] as const))('%s', (_, { engine, glob, image, match }) => {
    // the rows of Kyverno give the image as it is compared
    const matched = engine === 'policy-controller' ? matchesImage('sigstore', glob, image) : matchesText(engines[engine], glob, image);
    expect(matched).toBe(match);
  });
});
