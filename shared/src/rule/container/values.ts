import type { Device, SecurityOption, Setting } from './types';
import type { Range } from '../../base/text/range';

const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4, p: 1024 ** 5 };

/** Bytes of `512m`, `1.5gb`, `1024`, as `units.RAMInBytes` of the engine reads them; `null` for what it refuses (`512Mi`). `-1` is taken where `signed`. */
export function parseBytes(text: string, signed = false): number | null {
  if (signed && text === '-1') return -1;
  const match = /^(\d{1,20}(?:\.\d{0,20})?|\.\d{1,20}) ?([kmgtp]?)(?:i?b)?$/i.exec(text);
  if (!match || (match[2] === '' && /[a-z]/i.test(text) && !/b$/i.test(text))) return null;
  return Math.floor(Number(match[1]) * units[match[2]!.toLowerCase()]!);
}

/** A Go boolean (`strconv.ParseBool`), which flags and security options take; `null` for other words. */
export function parseGoBoolean(text: string): boolean | null {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : null;
}

/** An entry of `security_opt`: key and value part at the first `=`, else at the first `:`. */
export function parseSecurityOption(text: string): SecurityOption {
  const at = text.includes('=') ? text.indexOf('=') : text.indexOf(':');
  return at < 0 ? { key: text, value: '' } : { key: text.slice(0, at), value: text.slice(at + 1) };
}

/** `SOURCE[:TARGET[:PERMISSIONS]]` of a device; a name of the Container Device Interface (`vendor.com/class=name`) is a source alone. */
export function parseDevice(text: string): Device {
  const [source = '', second, third] = text.split(':');
  if (second !== undefined && third === undefined && /^[rwm]{1,3}$/.test(second)) return { source, target: source, permissions: second };
  return { source, target: second ?? source, permissions: third ?? null };
}

/** A tmpfs: `TARGET[:OPTION,...]`. */
export function parseTmpfs(text: string): { readonly target: string; readonly options: readonly string[] } {
  const colon = text.indexOf(':');
  return colon < 0
    ? { target: text, options: [] }
    : {
        target: text.slice(0, colon),
        options: text
          .slice(colon + 1)
          .split(',')
          .filter(option => option !== ''),
      };
}

/** Where a part of a setting's text is written; the whole setting where variables, escapes or a list leave it no place. */
export function partOf({ range: { start, end }, text }: Setting<unknown>, part: string): Range {
  const at = text?.indexOf(part) ?? -1;
  // as it is, or between quotes
  const quote = at < 0 ? -1 : (end - start - text!.length) / 2;
  return quote === 0 || quote === 1 ? { start: start + quote + at, end: start + quote + at + part.length } : { start, end };
}
