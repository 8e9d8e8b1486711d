/** How a string may be written on one line. */
export type ScalarStyle = 'plain' | 'single' | 'double';

/** Words that YAML 1.1 or 1.2 decoders take for something else than a string. */
const reserved = new Set(
  ['~', 'null', 'true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n', '=', '<<', '---', '...'].flatMap(word => [
    word,
    word.toUpperCase(),
    word.slice(0, 1).toUpperCase() + word.slice(1),
  ]),
);

/** Looks like a number, an octal or hexadecimal one, a time or a date: `012`, `0x1f`, `1_000`, `22:22`, `2026-11-24`, `1e3`. */
const numberLike = /^[-+]?(?:\.?[0-9][0-9a-fA-F_.:xXoO+-]*|\.(?:inf|nan))$/i;
/** An address of four numbers is a number to nobody. */
const address = /^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$/;
const firstIndicator = /^[-?:,[\]{}#&*!|>'"%@`\s]/;
// Besides control characters: what YAML takes for a line break or cannot print.
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;

/** Whether a plain scalar says exactly this string to every decoder. `-x` and `:x` start a plain scalar only where no blank follows. */
export function isPlainSafe(value: string, flow: boolean): boolean {
  if (value === '' || reserved.has(value) || (numberLike.test(value) && !address.test(value)) || unprintable.test(value)) return false;
  if (firstIndicator.test(value) && !/^[-?:][^\s,[\]{}]/.test(value)) return false;
  if (value.startsWith('---') || value.startsWith('...')) return false;
  if (value.includes(': ') || value.includes(' #') || value.endsWith(':') || value.endsWith(' ')) return false;
  return !flow || !/[,[\]{}]|:$|^[-?:]/.test(value);
}

function doubleQuoted(value: string): string {
  // JSON's escapes are YAML's; YAML has more characters that cannot stand for themselves.
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    char => '\\u' + char.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}

/** A string in the style asked for, or in double quotes where that style cannot hold it. `flow`: inside `[]` or `{}`. */
export function stringText(value: string, style: ScalarStyle, quote: 'single' | 'double', flow: boolean): string {
  if (style === 'plain' && isPlainSafe(value, flow)) return value;
  const quoted = style === 'plain' ? quote : style;
  return quoted === 'single' && !unprintable.test(value) ? `'${value.replaceAll("'", "''")}'` : doubleQuoted(value);
}

/** A number, boolean or null in the core schema. */
export function literalText(value: number | boolean | null): string {
  if (typeof value !== 'number') return String(value);
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
