import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { sourceOf } from '../../../shared/src/families/registry';
import { rules } from '../../../shared/src/families/generated/index';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';
import { oddObjects, oddOthers, oddProjects, oddServices } from '../../support/odd-spellings';

// However a file is written: what the cluster or Docker reads in it is checked. What they read is recorded in the table, and asked of them in
// test/corpus/odd-spellings.test.ts where they are there.

const engine = createEngine(rules);

/** What is said of a privileged container: the text under each finding. */
function found(path: string, text: string, workspace = plainContext().workspace): readonly string[] {
  const opened = engine.open({ path, text });
  const context = { ...plainContext(), workspace };
  const { findings } = opened.lint(context);
  // neither is lost on what nobody reads
  opened.harden(context);
  return findings.filter(({ rule }) => rule.endsWith('/privileged')).map(({ range }) => text.slice(range.start, range.end));
}

describe.each([
  ['objects', oddObjects],
  ['Compose files', oddServices],
])('%s: a privileged container is found', (_what, rows) => {
  it.each(rows.map(row => [row.name, row] as const))('%s', (_name, { path, text, runs }) => {
    const places = found(path, text);
    if (runs) expect(places).not.toEqual([]);
    // one token, said once
    expect(places.every(place => /^"?(?:true|yes|on|y|\$\{X:-true\})"?$/i.test(place))).toBe(true);
    expect(new Set(places).size).toBeLessThanOrEqual(1);
  });
});

it.each(Object.entries(oddProjects))('a Compose project: %s', (_name, { files }) => {
  const facts = createWorkspaceIndex({ complete: true });
  for (const [path, text] of Object.entries(files)) facts.update(path, engine.open({ path, text }).facts());
  const places = Object.entries(files).flatMap(([path, text]) => found(path, text, facts.index));
  expect(places).toEqual(['true']);
});

it.each(oddOthers)('%s is what it is: %j', (path, text, family) => expect(sourceOf(path, text).family).toBe(family));
