import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { factsIn, openCommitted, printCommitted, readCommitted, type CommittedImage } from '../../../shared/src/services/facts/committed';
import { fileUid, hasProgram } from '../../../shared/src/knowledge/image-facts';
import type { ImageFiles } from '../../../shared/src/knowledge/image-files';
import { factsIn as factsOfFiles } from '../../../shared/src/services/facts/file-facts';
import { makeImage, makeIndexed, makePlatform } from '../../support/image-chain';

const root = makeIndexed({ config: { User: 'root' } }, { config: { User: '1000' } });
const user = makeImage({ config: { User: '1000' } });
const name = 'registry.example.com/app:1.0';
const other = 'registry.example.com/other:1.0';

const opened = (text: string, problems: string[] = []) => openCommitted(text, problem => problems.push(problem));

/** The facts that a committed file with these images has for a reference, as `level user`. */
function said(images: readonly CommittedImage[], reference: string): string | null {
  const facts = factsIn([opened(printCommitted(images))], reference);
  return facts && `${facts.level} ${facts.user}`;
}

describe('a committed file', () => {
  it('verifies by digest, under whatever name, and claims by tag', () => {
    const images = [
      { reference: name, ...root },
      { reference: other, ...user },
    ];
    expect(said(images, `${name}@${root.digest}`)).toBe('verified root');
    expect(said(images, `mirror.example.com/app@${user.digest}`)).toBe('verified 1000');
    expect(said(images, name)).toBe('claimed root');
    expect(said(images, 'registry.example.com/app:2.0')).toBeNull();
    expect(said(images, 'not an image')).toBeNull();
  });

  it('is sorted: two people write the same', () => {
    const images = [
      { reference: other, ...user },
      { reference: name, ...root },
    ];
    expect(printCommitted(images)).toBe(printCommitted([...images].reverse()));
    expect(readCommitted(printCommitted(images)).images.map(({ reference }) => reference)).toEqual([name, other]);
    expect(readCommitted(printCommitted(images)).problems).toEqual([]);
  });
});

describe('reading', () => {
  const bad = { ...user.chain, configuration: '{}' };

  it('concerns an image when it is asked about, and once', () => {
    const problems: string[] = [];
    const text = printCommitted([
      { reference: name, ...root },
      { reference: other, digest: user.digest, chain: bad },
    ]);
    const table = opened(text, problems);
    expect(factsIn([table], name)?.user).toBe('root');
    expect(problems).toEqual([]);
    for (let n = 0; n < 3; n++) expect(factsIn([table], other)).toBeNull();
    expect(problems).toEqual([expect.stringContaining(`${other} does not count: its configuration has the digest`)]);
  });
});

describe('a masked configuration', () => {
  const masked = { ...user.chain, configuration: user.chain.configuration.replace('"1000"', '"1001"') };
  const image = { reference: name, digest: user.digest, chain: masked, isMasked: true };

  it('is claimed, by digest too, and never better than one that hashes', () => {
    expect(said([image], `${name}@${user.digest}`)).toBe('claimed 1001');
    expect(said([image], name)).toBe('claimed 1001');
    expect(said([image, { reference: name, ...user }], `${name}@${user.digest}`)).toBe('verified 1000');
  });

  it('needs a manifest that hashes', () => {
    expect(said([{ ...image, chain: { ...masked, manifest: `${masked.manifest} ` } }], `${name}@${user.digest}`)).toBeNull();
  });
});

describe('what layers said', () => {
  const fact = <T>(value: T) => ({ value, whole: true, doubt: null });
  const files = (): ImageFiles => ({
    account: fact({ uid: 1000, gid: 1000, home: null, shell: null }),
    users: fact([{ name: 'web', uid: 1000, gid: 1000 }]),
    system: fact(null),
    paths: {},
    programs: { sh: fact(null), curl: fact('/usr/bin/curl') },
    starts: [],
    read: { bytes: 1234, layers: 2, problem: null },
  });

  it('is claimed under a digest that hashes: enough to find something, never to prove it', () => {
    const text = printCommitted([{ reference: name, ...user, files: files() }]);
    const facts = factsIn([opened(text)], `${name}@${user.digest}`)!;
    expect(facts.level).toBe('verified');
    expect(hasProgram(facts, 'sh')).toBe(false);
    expect(fileUid(facts, 'web')).toBe(1000);
    for (const one of factsOfFiles(facts.files!)) expect(one.whole).toBe(false);
    // what it took to read them is another's with each who writes
    expect(text).not.toContain('1234');
    expect(printCommitted(readCommitted(text).images)).toBe(text);
  });

  it.each([
    ['no object', 5],
    ['half', { account: null }],
    ['a number that is a text', { ...files(), account: fact({ uid: '0', gid: 0, home: null, shell: null }) }],
  ])('of another shape does not count, and neither does its image: %s', (_, forged) => {
    const text = printCommitted([{ reference: name, ...user }]).replace('"digest"', `"files": ${JSON.stringify(forged)}, "digest"`);
    const problems: string[] = [];
    expect(factsIn([opened(text, problems)], name)).toBeNull();
    expect(problems).toEqual(['image 1 does not count: "files" is not what layers say']);
  });
});

describe('its schema', () => {
  const path = resolve(import.meta.dirname, '../../../schema/images.schema.json');
  const isValid = new Ajv().compile(JSON.parse(readFileSync(path, 'utf8')) as object);
  const written = JSON.parse(
    printCommitted([
      { reference: name, ...root },
      { reference: other, ...user },
    ]),
  ) as Record<string, unknown>;

  it('takes what is written, and nothing that would not be read', () => {
    expect(isValid(written)).toBe(true);
    expect(isValid(JSON.parse(printCommitted([{ reference: name, ...root, isMasked: true }])))).toBe(true);
    const read = { bytes: 0, layers: 0, problem: null };
    const none = { value: null, whole: false, doubt: null };
    const files = { account: none, users: none, system: none, paths: {}, programs: {}, starts: [], read };
    expect(isValid(JSON.parse(printCommitted([{ reference: name, ...root, files }])))).toBe(true);
    const [first] = written['images'] as readonly Record<string, unknown>[];
    const bad: readonly Record<string, unknown>[] = [
      { ...written, schemaVersion: 2 },
      { ...written, images: {} },
      ...['reference', 'digest', 'manifest', 'configuration'].map(key => ({ ...written, images: [{ ...first, [key]: undefined }] })),
      ...['digest', 'index', 'manifest', 'configuration'].map(key => ({ ...written, images: [{ ...first, [key]: '' }] })),
    ];
    for (const value of bad) {
      const text = JSON.stringify(value);
      expect(isValid(JSON.parse(text)), text.slice(0, 200)).toBe(false);
      expect(readCommitted(text).problems).not.toEqual([]);
    }
  });
});

describe('a forged file', () => {
  const wanted = `${name}@${root.digest}`;
  const configuration = makePlatform({ config: { User: '1000' } });
  it.each([
    ['another configuration', { ...root.chain, configuration: configuration.configuration }],
    ['another manifest', { ...root.chain, ...configuration }],
    ['no index', { index: null, ...configuration }],
    ['another platform of the same index', { ...root.chain, ...makePlatform({ config: { User: '1000' }, architecture: 'arm64' }) }],
    ['a byte more', { ...root.chain, configuration: `${root.chain.configuration}\n` }],
  ])('says nothing of the digest: %s', (_, chain) => {
    expect(said([{ reference: name, digest: root.digest, chain }], wanted)).toBeNull();
    expect(said([{ reference: name, digest: root.digest, chain }], name)).toBeNull();
  });

  it('leaves what another entry says: a good one is not hidden by a bad one', () => {
    const bad = { reference: name, digest: root.digest, chain: { ...root.chain, ...configuration } };
    expect(said([{ reference: name, ...root }, bad], wanted)).toBe('verified root');
    expect(said([bad, { reference: name, ...root }], wanted)).toBe('verified root');
  });

  it('claims at most of a tag, whatever it says of levels', () => {
    const text = printCommitted([{ reference: name, ...user }]).replace('"digest"', '"level": "verified",\n      "digest"');
    expect(factsIn([opened(text)], name)?.level).toBe('claimed');
  });

  it.each([
    ['', 'its text is not JSON'],
    ['[]', 'its text is not a JSON object'],
    ['{"schemaVersion":2,"images":[]}', 'its "schemaVersion" is not 1'],
    ['{"schemaVersion":1,"images":{}}', '"images" is not a list'],
    ['{"schemaVersion":1,"images":[1]}', 'image 1 does not count: it is not an object'],
    [
      '{"schemaVersion":1,"images":[{"reference":"a b"}]}',
      'image 1 does not count: "reference" is not the name of an image without its digest',
    ],
    ['{"schemaVersion":1,"images":[{"reference":"a","digest":"x"}]}', 'image 1 does not count: "digest" is not a SHA-256 digest'],
    [`{"schemaVersion":1,"images":[{"reference":"a","digest":"${root.digest}"}]}`, 'image 1 does not count: "manifest" is not a text'],
  ])('that is broken has a reason: %s', (text, problem) => {
    expect(readCommitted(text).problems).toEqual([problem]);
  });
});
