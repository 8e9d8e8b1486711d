import type { YamlOperation, YamlValue } from '../../../shared/src/syntax/yaml/operations';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Path } from '../../../shared/src/syntax/yaml/types';

/** A document, operations on it, and what comes out. */
export interface FixCase {
  readonly name: string;
  readonly operations: readonly YamlOperation[];
  readonly before: string;
  /** `null` where the operations are refused. */
  readonly after: string | null;
  /** The reason of the refusal. */
  readonly reason: string | null;
}

/** A JSON pointer as a path; steps of digits are indexes. */
function pathOf(pointer: string): Path {
  if (pointer === '/') return [];
  return pointer
    .slice(1)
    .split('/')
    .map(step => (/^[0-9]+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}

/** Reads `set /a/b 1 after c`, `append /a "x"`, `remove /a`, `prune /a`, `rename /a b`, `move /a /b/a after c` and `document {...}`. */
export function operationOf(line: string): YamlOperation {
  const [verb = '', pointer = '', ...words] = line.split(' ');
  const rest = words.join(' ');
  const path = pathOf(pointer);
  const place = / (?:after (\S+)|first)$/.exec(rest);
  const what = place ? rest.slice(0, place.index) : rest;
  const after = place && { after: place[1] ?? null };
  switch (verb) {
    case 'set':
      return { type: 'yaml.set', path, value: JSON.parse(what) as YamlValue, ...after };
    case 'append':
      return { type: 'yaml.append', path, value: JSON.parse(rest) as YamlValue };
    case 'remove':
      return { type: 'yaml.remove', path };
    case 'prune':
      return { type: 'yaml.remove', path, prune: true };
    case 'rename':
      return { type: 'yaml.rename', path, name: rest };
    case 'move':
      return { type: 'yaml.move', from: path, to: pathOf(what), ...after };
    case 'document':
      return { type: 'yaml.insert-document', value: JSON.parse([pointer, ...words].join(' ')) as YamlValue };
    default:
      throw new Error(`not an operation: ${line}`);
  }
}

/** The cases of the tables in `cases/`: a name, the operations, then `--- before` and `--- after` or `--- refused REASON`. */
export function fixCases(): readonly FixCase[] {
  const folder = join(import.meta.dirname, 'cases');
  return readdirSync(folder).flatMap(file =>
    readFileSync(join(folder, file), 'utf8')
      .split(/^=== /m)
      .filter(part => part !== '')
      .map(part => {
        const found = /^(.*)\n([^]*?)^--- before\n([^]*?)^--- (?:after\n([^]*)|refused (.*)\n)$/m.exec(part);
        if (!found) throw new Error(`${file}: not a case: ${part}`);
        const [, name = '', operations = '', before = '', after = null, reason = null] = found;
        return { name: `${file.slice(0, -4)}: ${name}`, operations: operations.trim().split('\n').map(operationOf), before, after, reason };
      }),
  );
}
