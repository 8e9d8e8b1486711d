import { readFileSync } from 'node:fs';
import { writeData } from './files';

/**
 * Makes `compose-schema.json` from the JSON schema of the Compose specification, as the loader of `docker compose` embeds it: the names of the
 * fields and the types of their values. Get it with `go mod download github.com/compose-spec/compose-go/v2@v2.16.2`, then run
 * `npx tsx tools/knowledge/compose-schema.ts SCHEMA.json VERSION DATE`.
 */
const [path = '', version = '', retrieved = ''] = process.argv.slice(2);

interface Json {
  readonly [key: string]: unknown;
}

const schema = JSON.parse(readFileSync(path, 'utf8')) as Json;
const definitions = schema['$defs'] as Readonly<Record<string, Json>>;

/** The patterns of keys that the schema has, by what they come to. */
const patterns: Readonly<Record<string, string>> = {
  '^x-': 'x',
  '^.+$': 'any',
  '.+': 'any',
  '^[a-zA-Z0-9._-]+$': 'names',
  '^[a-z]+$': 'any',
};

function fail(pattern: string): never {
  throw new Error(`unknown pattern ${pattern}`);
}

/** The patterns of values, by the names that the reader of the data knows them by. */
const valuePatterns: Readonly<Record<string, string>> = {
  '^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+)$': 'pull-policy',
  '[a-zA-Z0-9][a-zA-Z0-9_.-]+': 'container-name',
};

const nameOf = (ref: unknown): string => String(ref).slice('#/$defs/'.length);

function shape(whole: Json): Json {
  if (typeof whole['$ref'] === 'string') return { ref: nameOf(whole['$ref']) };
  const out: Record<string, unknown> = {};
  if (whole['allOf']) out['of'] = (whole['allOf'] as Json[]).map(part => nameOf(part['$ref']));
  const types = whole['allOf'] ? 'object' : whole['type'];
  if (types !== undefined) out['types'] = [types].flat();
  if (whole['oneOf']) out['one'] = (whole['oneOf'] as Json[]).map(shape);
  const properties = Object.entries((whole['properties'] as Record<string, Json> | undefined) ?? {});
  if (properties.length > 0) out['fields'] = Object.fromEntries(properties.map(([name, value]) => [name, shape(value)]));
  for (const [pattern, value] of Object.entries((whole['patternProperties'] as Record<string, Json> | undefined) ?? {})) {
    const name = patterns[pattern];
    out[name ?? fail(pattern)] = name === 'x' ? true : shape(value);
  }
  const additional = whole['additionalProperties'];
  // "unevaluatedProperties" is only used for what is made of several types: all of them know keys that begin with x-
  if (whole['unevaluatedProperties'] === false) Object.assign(out, { closed: true, x: true });
  else if (additional === false) out['closed'] = true;
  else if (additional !== null && typeof additional === 'object') out['any'] ??= shape(additional as Json);
  for (const [from, to] of [
    ['required', 'required'],
    ['enum', 'enum'],
    ['minimum', 'minimum'],
    ['maximum', 'maximum'],
    ['uniqueItems', 'unique'],
  ] as const)
    if (whole[from] !== undefined) out[to] = whole[from];
  const { pattern } = whole;
  if (typeof pattern === 'string') out['pattern'] = valuePatterns[pattern] ?? fail(pattern);
  if (whole['items']) out['items'] = shape(whole['items'] as Json);
  return out;
}

const root = shape({ ...schema, $defs: undefined });
const used = new Set<string>();
const note = (value: unknown): void => {
  if (value === null || typeof value !== 'object') return;
  const ref = (value as Json)['ref'];
  const parts = (value as Json)['of'] as string[] | undefined;
  for (const name of [...(typeof ref === 'string' ? [ref] : []), ...(parts ?? [])]) {
    if (used.has(name)) continue;
    used.add(name);
    note(shape(definitions[name]!));
  }
  for (const inner of Object.values(value)) note(inner);
};
note(root);
const types = Object.fromEntries([...used].sort().map(name => [name, shape(definitions[name]!)]));
writeData('compose-schema.json', { retrieved, source: { module: 'github.com/compose-spec/compose-go/v2', version }, root, types });
