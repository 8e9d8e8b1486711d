import type { Range } from '../../../base/text/range';
import { sliceMapped, sourceRange } from '../../../syntax/shell/mapped-text';
import type { Flag, Mount, MountField } from './types';

const otherNames: Readonly<Record<string, readonly string[]>> = {
  target: ['target', 'dst', 'destination'],
  source: ['source', 'src'],
  readonly: ['readonly', 'ro'],
  readwrite: ['readwrite', 'rw'],
};

/** Reads the comma-separated fields of a `--mount` flag. A field may be quoted as in CSV, with a doubled quote inside. */
export function readMount(flag: Flag): Mount {
  const { text } = flag.mapped;
  const fields: MountField[] = [];
  const place = (start: number, end: number): Range => sourceRange(flag.mapped, start, end);
  for (let at = 0; at <= text.length;) {
    let end: number;
    let content = '';
    let contentStart = at;
    if (text[at] === '"') {
      contentStart = at + 1;
      end = at + 1;
      while (end < text.length && (text[end] !== '"' || text[end + 1] === '"')) {
        if (text[end] === '"') end++;
        content += text[end++] ?? '';
      }
      if (end < text.length) end++;
      const comma = text.indexOf(',', end);
      end = comma < 0 ? text.length : comma;
    } else {
      const comma = text.indexOf(',', at);
      end = comma < 0 ? text.length : comma;
      content = text.slice(at, end);
    }
    const equals = content.indexOf('=');
    const valueStart = contentStart + equals + 1;
    if (content !== '') {
      fields.push({
        key: (equals < 0 ? content : content.slice(0, equals)).toLowerCase(),
        value: equals < 0 ? null : content.slice(equals + 1),
        range: place(at, end),
        valueRange: equals < 0 ? null : place(valueStart, contentStart + content.length),
        mapped: equals < 0 ? null : sliceMapped(flag.mapped, valueStart, contentStart + content.length),
      });
    }
    at = end + 1;
  }
  const get = (key: string): string | undefined => {
    const names = otherNames[key] ?? [key];
    const field = fields.findLast(candidate => names.includes(candidate.key));
    return field && (field.value ?? '');
  };
  return { flag, fields, get, type: (get('type') || 'bind').toLowerCase() };
}
