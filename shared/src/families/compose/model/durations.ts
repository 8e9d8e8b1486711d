const nanoseconds: Readonly<Record<string, number>> = {
  w: 604800e9,
  d: 86400e9,
  h: 3600e9,
  m: 60e9,
  s: 1e9,
  ms: 1e6,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ns: 1,
};

/** The nanoseconds of a duration such as `1m30s` or `2d`; `null` where it is none. */
export function durationOf(text: string): number | null {
  if (text === '0') return 0;
  const sign = text.startsWith('-') ? -1 : 1;
  const bare = /^[-+]/.test(text) ? text.slice(1) : text;
  let rest = bare;
  let total = 0;
  while (rest !== '') {
    const found = /^([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([a-zµμ]{1,2})/.exec(rest);
    if (!found || !Object.hasOwn(nanoseconds, found[2]!)) return null;
    total += Number(found[1]) * nanoseconds[found[2]!]!;
    rest = rest.slice(found[0].length);
  }
  return bare === '' ? null : sign * total;
}
