import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { readObjects } from '../../shared/src/families/kubernetes/model/read';
import { parseStream } from '../../shared/src/syntax/yaml/parse';
import { rules } from '../../shared/src/families/generated/index';
import { sourceOf } from '../../shared/src/families/registry';
import { corpusFiles, hasCorpus, noCorpus, type CorpusFile } from '../../tools/corpus-folder';
import { plainContext } from '../../tools/lint-context';
import { deployment, service, write } from '../unit/writers/manifests';

/** The program of test/oracle/kubernetes. */
const oracle = process.env['BULKHEAD_KUBERNETES_ORACLE'] ?? '';
const absent = 'skipped: BULKHEAD_KUBERNETES_ORACLE does not name the decoder (test/oracle/kubernetes/README.md)';

interface Verdict {
  readonly kind: string;
  readonly error: string;
}

/** What the decoder says about documents; `kind` is empty for those that no scheme knows. */
function decode(documents: readonly string[]): readonly Verdict[] {
  return JSON.parse(execFileSync(oracle, { input: JSON.stringify(documents), maxBuffer: 1 << 28, encoding: 'utf8' })) as Verdict[];
}

interface Document {
  readonly path: string;
  readonly text: string;
  /** The images that its pods run. */
  readonly images: readonly string[];
}

/** The documents of a plain manifest. */
function documentsOf({ path, text }: CorpusFile): readonly Document[] {
  const { family, dialect } = sourceOf(path, text);
  if (family !== 'kubernetes' || dialect.templated || dialect.holds) return [];
  return parseStream(text, new Map()).map(({ document }) => ({
    path,
    text: document.text,
    images: readObjects(document, dialect).flatMap(object =>
      object.pods.flatMap(pod => pod.containers.flatMap(container => container.image?.text ?? [])),
    ),
  }));
}

describe('the strict decoder of client-go', () => {
  if (!hasCorpus || !existsSync(oracle)) {
    test.skip(hasCorpus ? absent : noCorpus, () => undefined);
    return;
  }
  test('takes every hardened document that it took before', () => {
    const engine = createEngine(rules);
    const context = plainContext('strict');
    const pairs = corpusFiles('kubernetes').flatMap(file => {
      const before = documentsOf(file);
      if (before.length === 0) return [];
      const { text } = engine.open(file).harden(context);
      const after = text === file.text ? before : documentsOf({ ...file, text });
      return before.flatMap((document, at) =>
        after[at] && after[at].text !== document.text ? [{ before: document, after: after[at] }] : [],
      );
    });
    const verdicts = decode(pairs.flatMap(({ before, after }) => [before.text, after.text]));
    const known = pairs
      .map((pair, at) => ({ ...pair, was: verdicts[2 * at]!, is: verdicts[2 * at + 1]! }))
      .filter(({ was }) => was.kind !== '');
    const refused = known.filter(({ was, is }) => was.error === '' && is.error !== '');
    const images = new Set(known.filter(({ was }) => was.error === '').flatMap(({ after }) => after.images));
    const mended = known.filter(({ was, is }) => was.error !== '' && is.error === '').length;
    console.log(
      `strict decoding: ${known.length} hardened objects with ${images.size} images, ${refused.length} refused that were taken before, ${mended} taken that were refused before`,
    );
    expect(refused.map(({ after, is }) => `${after.path}: ${is.error}\n${after.text}`)).toEqual([]);
    expect(images.size).toBeGreaterThanOrEqual(40);
  }, 600_000);

  test('cannot read what we say it cannot, and nothing else', () => {
    const engine = createEngine(rules.filter(({ id }) => id === 'kubernetes/invalid-yaml'));
    const context = plainContext('strict');
    const files = [...corpusFiles('kubernetes'), ...corpusFiles('kustomize'), ...corpusFiles('helm')];
    const documents = files
      .flatMap(documentsOf)
      .map(({ text }) => text.replace(/^(?:---\s*\n)+/, ''))
      // of a template nobody reads more than what comes out of it
      .filter(text => !text.includes('{%') && !parseStream(text, new Map()).some(({ document }) => document.templated))
      .flatMap((text, place) => [text, ...breaks(text, place)]);
    const verdicts = decode(documents);
    const unread = verdicts.filter(({ error }) => unreadable.test(error)).length;
    const different = documents.flatMap((text, at) => {
      const { error, kind } = verdicts[at]!;
      const { findings, limited } = engine.open({ path: 'a.yaml', text }).lint(context);
      if (limited) return [];
      // of keys that occur twice the decoder speaks where it knows the kind
      const said = findings.some(({ rule, messageId }) => rule === 'kubernetes/invalid-yaml' && (messageId !== 'twice' || kind !== ''));
      return said === unreadable.test(error) ? [] : [`${said ? 'said' : 'not said'}, ${error || 'taken'}\n${text}`];
    });
    console.log(
      `reading: ${documents.length} documents, ${unread} that the decoder cannot read, ${different.length} judged otherwise by us`,
    );
    expect(different).toEqual([]);
  }, 600_000);

  test('refuses what our field rules report, and nothing else', () => {
    const known = new Set(['kubernetes/misplaced-field', 'kubernetes/deprecated-api']);
    const engine = createEngine(rules.filter(rule => known.has(rule.id)));
    const context = plainContext('strict');
    const documents = corpusFiles('kubernetes')
      .flatMap(documentsOf)
      .filter(({ text }) => !parseStream(text, new Map())[0]?.document.problems.length)
      .flatMap(({ text }, place) => [text, ...mistakesIn(text, place)]);
    const different = decode(documents).flatMap(({ kind, error }, at) => {
      // The decoder leaves the items of a List to others, and reads bytes from lists of numbers too.
      if (kind === '' || kind.endsWith('Kind=List') || kind.endsWith('Kind=Secret')) return [];
      const text = documents[at]!;
      const found = engine.open({ path: 'a.yaml', text }).lint(context).findings;
      // What the version no longer has, and directives of patches, are told elsewhere.
      if (found.some(finding => finding.rule === 'kubernetes/deprecated-api') || text.includes('$patch')) return [];
      const reported = found.some(finding => finding.rule === 'kubernetes/misplaced-field');
      return reported === (error !== '') ? [] : [`${error || 'taken'}\n${text}`];
    });
    console.log(
      `fields: ${documents.length} documents, half of them with a mistake, ${different.length} judged otherwise than by the decoder`,
    );
    expect(different).toEqual([]);
  }, 600_000);
});

/** What the decoder says of text that is no YAML to it, or has a key twice. */
const unreadable = /^(?:error converting YAML to JSON: )?yaml: |json parse error|already set in map/;

/** Copies of a manifest with one line each that breaks it, or may: at places that follow from its text. */
function breaks(text: string, seed: number): readonly string[] {
  const lines = text.split('\n');
  const change = (n: number, edit: (line: string) => string | null): string[] => {
    const at = (seed * 37 + n * 13 + lines.length) % lines.length;
    const changed = edit(lines[at]!);
    return changed === null || changed === lines[at] ? [] : [[...lines.slice(0, at), changed, ...lines.slice(at + 1)].join('\n')];
  };
  return [
    ...change(1, line => (line.startsWith('  ') ? line.slice(1) : null)),
    ...change(2, line => line.replace(/^ {2,4}(?=\S)/, '\t')),
    ...change(3, line => line.replace(/: (?=[a-z])/, ': "')),
    ...change(4, line => line.replace(/: (?=[a-z])/, ': @')),
    ...change(5, line => `${line}\n${line}`),
    ...change(6, line => line.replace(/: (?=[a-z])/, ': [')),
    ...change(7, line => line.replace(/^( +)- /, '$1-')),
    ...change(8, line => line.replace(/: (?=[a-z])/, ': *')),
    ...change(9, line => line.replace(/: (?=[a-z])/, ': x: ')),
  ];
}

/** Copies of a manifest with one mistake each, at places that follow from its text: a field that does not exist, values of a wrong type. */
function mistakesIn(text: string, seed: number): readonly string[] {
  const lines = text.split('\n');
  return ['bogusField: 1', '[1]', '{a: 1}'].flatMap((mistake, n) => {
    const at = (seed * 31 + n * 17 + lines.length) % lines.length;
    const found = /^(\s*)([A-Za-z]\w*):(?: +([^|>#&*]+))?$/.exec(lines[at]!);
    if (!found || found[2] === 'apiVersion' || found[2] === 'kind') return [];
    const [, indent, key, value] = found;
    const changed = n === 0 ? [`${indent}${mistake}`, lines[at]!] : value === undefined ? null : [`${indent}${key}: ${mistake}`];
    return changed ? [[...lines.slice(0, at), ...changed, ...lines.slice(at + 1)].join('\n')] : [];
  });
}

describe('the strict decoder of client-go, over what is written for a namespace', () => {
  if (!existsSync(oracle)) {
    test.skip(absent, () => undefined);
    return;
  }
  test('takes every policy', () => {
    const env = { API: 'http://api.other:80', PAY: 'https://pay.example.com', DB: 'postgres://10.1.2.3/x', S: 'udp://api:8125' };
    const { text } = write(
      'shop',
      deployment('web', { env }),
      deployment('on', { ports: '[{name: http, containerPort: 1}]', env: { WEB: 'http://web' } }),
      service('web', 'type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: http}]'),
      service('api', 'selector: {app: on}, ports: [{port: 8125, protocol: UDP}]'),
      deployment('api', { namespace: 'other' }),
      service('api', 'selector: {app: api}, ports: [{port: 80}]', 'other'),
    );
    const documents = text.split(/^---\n/m);
    expect(documents.length).toBeGreaterThan(3);
    expect(decode(documents)).toEqual(documents.map(() => ({ kind: 'networking.k8s.io/v1, Kind=NetworkPolicy', error: '' })));
    // and would say so, were something wrong
    expect(decode([text.replace('policyTypes', 'policyType')])[0]!.error).toContain('policyType');
  });
});
