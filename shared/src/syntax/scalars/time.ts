const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const part = /(\d{0,15})(?:\.(\d{0,18}))?(ns|us|µs|μs|ms|s|m|h)/y;

/** A duration of Go (`1h30m`, `1.5s`) in nanoseconds; `null`: it is none. */
export function parseDuration(text: string): bigint | null {
  const sign = /^[+-]/.test(text) ? text[0] : '';
  const rest = text.slice(sign!.length);
  if (rest === '0') return 0n;
  if (rest === '' || rest.length > 200) return null;
  let total = 0n;
  for (let at = 0; at < rest.length; at = part.lastIndex) {
    part.lastIndex = at;
    const match = part.exec(rest);
    if (!match || (match[1] === '' && !match[2])) return null;
    const unit = units[match[3]!]!;
    total += BigInt(match[1] || '0') * unit;
    if (match[2]) total += (BigInt(match[2]) * unit) / 10n ** BigInt(match[2].length);
  }
  return BigInt.asIntN(64, total) === total ? (sign === '-' ? -total : total) : null;
}

const stamp = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/** A point in time of RFC 3339 in nanoseconds since 1970; `null`: it is none. */
export function parseTimestamp(text: string): bigint | null {
  const match = stamp.exec(text);
  const seconds = match ? Date.parse(`${match[1]!.toUpperCase()}${match[3]!.toUpperCase()}`) : NaN;
  return Number.isNaN(seconds) ? null : BigInt(seconds) * 1_000_000n + BigInt((match![2] ?? '').padEnd(9, '0'));
}
