import type { YamlOperation, YamlValue } from '../../../shared/src/syntax/yaml/operations';
import { describe, expect, it } from 'vitest';
import { renderYaml } from '../../../shared/src/syntax/yaml/fix/render/render-yaml';
import { verifyYaml } from '../../../shared/src/syntax/yaml/fix/verify/verify-yaml';
import { parseDocument, parseStream } from '../../../shared/src/syntax/yaml/parse';
import type { Path, YamlDocument, YamlNode } from '../../../shared/src/syntax/yaml/types';
import { applyEdits, haveConflict } from '../../../shared/src/base/text/edits';
import { sweep } from '../../support/sweep';
import { yamlCorpus } from '../../support/yaml-corpus';

const files = yamlCorpus('kubernetes', 'compose', 'kyverno', 'workflows');

/** A small deterministic generator, so that a failure can be repeated. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Place {
  readonly path: Path;
  readonly node: YamlNode | null;
}

function placesOf(document: YamlDocument): readonly Place[] {
  const places: Place[] = [];
  const visit = (node: YamlNode | null, path: Path): void => {
    places.push({ path, node });
    if (node?.kind === 'map') for (const entry of node.entries) visit(entry.value, [...path, entry.name]);
    if (node?.kind === 'sequence') node.items.forEach((item, index) => visit(item, [...path, index]));
  };
  visit(document.root, []);
  return places;
}

const values: readonly YamlValue[] = [
  true,
  0,
  'plain',
  'needs: quotes',
  'yes',
  '',
  null,
  [],
  {},
  ['ALL'],
  ['a', { b: 1, c: [2, 3] }],
  { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  { drop: ['ALL', 'x: y'], 'odd key: ': [[1], []] },
];

function randomOperation(places: readonly Place[], pick: (below: number) => number): YamlOperation | null {
  const { path, node } = places[pick(places.length)]!;
  const value = values[pick(values.length)]!;
  const last = path[path.length - 1];
  switch (pick(9)) {
    case 0:
      return node?.kind === 'map' || node === null ? { type: 'yaml.set', path: [...path, 'bulkheadNew'], value } : null;
    case 1:
      return node?.kind === 'map' ? { type: 'yaml.set', path: [...path, 'bulkheadNew', 'deep', 'er'], value } : null;
    case 2: {
      if (node?.kind !== 'map' || node.entries.length === 0) return null;
      return { type: 'yaml.set', path: [...path, 'bulkheadAfter'], value, after: node.entries[pick(node.entries.length)]!.name };
    }
    case 3:
      return path.length === 0 ? null : { type: 'yaml.set', path, value };
    case 4:
      return path.length === 0 ? null : { type: 'yaml.remove', path, ...(pick(2) === 0 && { prune: true }) };
    case 5:
      // it says whose template a document is: under another name all of it is read in another way
      if (path.length === 1 && last === 'apiVersion') return null;
      return typeof last === 'string' ? { type: 'yaml.rename', path, name: 'bulkheadRenamed' } : null;
    case 6:
      return node?.kind === 'sequence' || node === null ? { type: 'yaml.append', path, value } : null;
    case 7:
      return node?.kind === 'map' ? { type: 'yaml.append', path: [...path, 'bulkheadList'], value } : null;
    default: {
      const target = places[pick(places.length)]!;
      if (typeof last !== 'string' || target.node?.kind !== 'map') return null;
      if (path.every((step, index) => target.path[index] === step)) return null;
      const { entries } = target.node;
      const after = [undefined, null, entries[pick(entries.length || 1)]?.name][pick(3)];
      return { type: 'yaml.move', from: path, to: [...target.path, 'bulkheadMoved'], ...(after !== undefined && { after }) };
    }
  }
}

interface Tally {
  applied: number;
  readonly refused: Map<string, number>;
  readonly failures: string[];
}

function tryOperations(name: string, document: YamlDocument, operations: readonly YamlOperation[], tally: Tally): void {
  const rendered = renderYaml(document, operations);
  if (!rendered.ok) {
    const reason = `${rendered.reason}${process.env['DETAIL'] ? `: ${rendered.detail}` : ''}`;
    tally.refused.set(reason, (tally.refused.get(reason) ?? 0) + 1);
    return;
  }
  tally.applied++;
  const report = (what: string): void => void tally.failures.push(`${name} ${JSON.stringify(operations)}: ${what}`);
  if (haveConflict(rendered.edits)) report('edits overlap');
  const after = applyEdits(document.text, rendered.edits);
  const refusal = verifyYaml(document, parseDocument(after), operations);
  if (refusal) report(refusal.detail ?? refusal.reason);
  // A file keeps its line ends.
  if (!/[^\r]\n/.test(document.text) && document.text.includes('\n') && /[^\r]\n/.test(after)) report('a line end changed');
}

describe.skipIf(files.length === 0)('operations on real files', () => {
  const rounds = Number(process.env['ROUNDS'] ?? (sweep.full ? 6 : 2));
  const seed = Number(process.env['SEED'] ?? 20261124);

  it.each(['\n', '\r\n'])('apply and read back as they should, with line end %j', { timeout: 600_000 }, eol => {
    const pick = generator(seed);
    const tally: Tally = { applied: 0, refused: new Map(), failures: [] };
    for (const { path: name, text } of files) {
      for (const { document } of parseStream(text.replace(/\r?\n/g, eol), new Map())) {
        if (document.templated || document.problems.length > 0 || document.text.length > 60_000) continue;
        const places = placesOf(document);
        for (let round = 0; round < rounds; round++) {
          const count = 1 + pick(4);
          const operations = Array.from({ length: count }, () => randomOperation(places, pick)).filter(operation => operation !== null);
          if (operations.length > 0) tryOperations(name, document, operations, tally);
        }
      }
    }
    const total = tally.applied + [...tally.refused.values()].reduce((a, b) => a + b, 0);
    console.log(`${tally.applied} of ${total} applied; refused: ${JSON.stringify(Object.fromEntries(tally.refused))}`);
    expect(tally.failures.slice(0, 20)).toEqual([]);
    expect(tally.applied).toBeGreaterThan(total * 0.6);
  });
});
