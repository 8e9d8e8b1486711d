const units: Readonly<Record<string, number>> = { '': 1, k: 1 << 10, m: 1 << 20 };

/** No file of more is read, whatever is set. */
const largest = 64 << 20;

/** A size of files as settings give it, in bytes: `4Mi`, `512Ki`, `2M`, `1048576`. `null`: none, or none that may be set. */
export function parseFileSize(text: string): number | null {
  const [, digits = '', unit = ''] = /^(\d{1,9})(?:([KMkm])i?B?)?$/.exec(text) ?? [];
  const size = Number(digits) * units[unit.toLowerCase()]!;
  return size > 0 && size <= largest ? size : null;
}
