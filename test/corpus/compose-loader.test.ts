import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProject } from '../../shared/src/families/compose/model/load';
import { parseMount } from '../../shared/src/families/compose/model/mounts';
import { longMount } from '../../shared/src/families/compose/model/canonical';
import { parsePorts } from '../../shared/src/families/compose/model/ports';
import { substitute } from '../../shared/src/families/compose/model/template';
import type { ComposeFile } from '../../shared/src/families/compose/model/value';
import { createDocumentCache } from '../../shared/src/syntax/yaml/document-cache';
import { parseDocument, parseStream } from '../../shared/src/syntax/yaml/parse';
import { corpusFolder } from '../../tools/corpus-folder';
import { projectJson, type Json } from '../support/compose-model';
import { normalised } from '../support/compose-normal';

// The verdicts of Docker's own loader (compose-go), row by row: whether it takes a project, and what it makes of it.

interface Named {
  readonly path: string;
  readonly text: string;
}

interface Row {
  readonly id: string;
  readonly rule: string;
  readonly expect: 'valid' | 'invalid';
  readonly text?: string;
  readonly files?: readonly Named[];
  readonly extra?: readonly Named[];
  readonly env?: Readonly<Record<string, string>>;
  readonly profiles?: readonly string[];
  readonly error?: string;
  readonly model?: Json;
  readonly value?: Json;
}

const folder = join(corpusFolder, 'corpus/compose');
const isThere = existsSync(folder);
if (!isThere) console.log('the verdicts of compose-go are not here: skipped');

function rows(name: string): readonly Row[] {
  if (!isThere) return [];
  const text = readFileSync(join(folder, `${name}.jsonl`), 'utf8');
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Row);
}

/** The program that printed a verdict failed in its own JSON there, after the loader had taken the project. */
const isPrinter = (row: Row): boolean => row.error?.startsWith('json: error calling MarshalJSON') === true;

function documents({ path, text }: Named): readonly ComposeFile[] {
  const chunks = parseStream(text, createDocumentCache(10));
  return chunks.length === 0 ? [{ path, document: parseDocument(text) }] : chunks.map(({ document }) => ({ path, document }));
}

function load(row: Row): ReturnType<typeof loadProject> {
  const extra = new Map((row.extra ?? []).map(file => [file.path, file] as const));
  const files = row.files ?? [{ path: 'compose.yaml', text: row.text ?? '' }];
  return loadProject(files.flatMap(documents), {
    lookup: name => lookupIn(row, name),
    open: false,
    profiles: row.profiles ?? [],
    exists: path => extra.has(path),
    read: path => {
      const file = extra.get(path);
      return file ? documents(file) : null;
    },
  });
}

function lookupIn({ env }: Row, name: string): string | undefined {
  return env?.[name] ?? (name === 'COMPOSE_PROJECT_NAME' ? 'test' : undefined);
}

/** A model without what its printer leaves out: what is empty or zero, extensions below the root, the network and bind options that go without saying. */
function printed(value: Json, depth = 0): Json {
  if (Array.isArray(value)) return value.map(item => printed(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const out: { [key: string]: Json } = {};
  for (const [name, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const inner = printed(member, depth + 1);
    const isEmpty = typeof inner === 'object' && inner !== null && Object.keys(inner).length === 0;
    // as in Go: `omitempty`; sizes are printed as text
    if (inner === null || inner === '' || inner === false || inner === 0 || inner === '0' || isEmpty) continue;
    if ((depth > 1 && name.startsWith('x-')) || (depth === 0 && name === 'models') || (name === 'create_host_path' && inner === true))
      continue;
    // fields of blkio_config have no names of their own in JSON
    out[/^[A-Z][a-z]+$/.test(name) ? name.toLowerCase() : name] = inner;
  }
  return out;
}

/** Services of inactive profiles are no part of the loaded project. */
function activeOnly(value: Json, profiles: readonly string[]): Json {
  const root = structuredClone(value) as Record<string, Record<string, { profiles?: string[] }>>;
  for (const [name, service] of Object.entries(root['services'] ?? {})) {
    if (service.profiles && !service.profiles.some(profile => profiles.includes(profile))) delete root['services']![name];
  }
  const networks = root['networks'] as Record<string, Json> | undefined;
  if (networks && JSON.stringify(networks['default']) === '{"name":"test_default"}') delete networks['default'];
  return root;
}

describe.skipIf(!isThere)('the loader of Docker Compose', () => {
  const all = [...rows('compose-go'), ...rows('semantics')];

  it('takes and refuses the same projects', () => {
    const asked = all.filter(row => !isPrinter(row));
    expect(all.length - asked.length).toBe(2);
    const wrong = asked.flatMap(row => {
      const { problems } = load(row);
      return (problems.length === 0) === (row.expect === 'valid')
        ? []
        : [`${row.id}: ${row.expect}; we say ${problems[0]?.message ?? 'valid'}`];
    });
    expect(wrong).toEqual([]);
  });

  it('makes the same of them', () => {
    const judged = all.filter(row => row.model !== undefined);
    expect(judged.length).toBeGreaterThan(500);
    for (const row of judged) {
      const { canonical } = load(row);
      const ours = canonical && normalised(projectJson(canonical), 'test', name => lookupIn(row, name));
      const profiles = row.profiles ?? [];
      expect(printed(activeOnly(printed(ours), profiles)), row.id).toEqual(printed(activeOnly(printed(row.model!), profiles)));
    }
  });

  const syntax = rows('syntax');

  it.each(syntax.filter(row => row.rule === 'port'))('reads the port $text', row => {
    const { ports, error } = parsePorts(row.text ?? '');
    expect(error === null, String(error)).toBe(row.expect === 'valid');
    if (row.value === undefined || !ports) return;
    const ours = ports.map(({ hostIp, target, published, protocol }) =>
      printed({ mode: 'ingress', host_ip: hostIp, target, published, protocol }),
    );
    expect(ours).toEqual((row.value as Json[]).map(value => printed(value)));
  });

  it.each(syntax.filter(row => row.rule === 'volume'))('reads the volume $text', row => {
    const mount = parseMount(row.text ?? '');
    expect(typeof mount !== 'string').toBe(row.expect === 'valid');
    if (row.value === undefined || typeof mount === 'string') return;
    const long = longMount({ node: null, file: { path: '', document: parseDocument('') } }, mount);
    // the parser alone leaves the target as it is written
    const { target } = mount;
    expect({ ...(printed(projectJson(long)) as object), target }).toEqual(printed(row.value));
  });

  it.each(syntax.filter(row => row.rule === 'template'))('fills in $text', row => {
    const { text, error } = substitute(row.text ?? '', name => row.env?.[name]);
    expect(error === null, error?.message).toBe(row.expect === 'valid');
    if (row.value !== undefined) expect(text).toBe(row.value);
  });
});
