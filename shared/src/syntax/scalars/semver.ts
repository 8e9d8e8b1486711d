/** A version of semver.org, 2.0.0. */
export interface Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly labels: readonly string[];
}

const number = '0|[1-9]\\d{0,18}';
// regex: made of digits, letters and dots
const pattern = new RegExp(`^(${number})\\.(${number})\\.(${number})(?:-([0-9A-Za-z.-]{1,100}))?(?:\\+[0-9A-Za-z.-]{1,100})?$`);

/** A version (`1.2.3-rc.1`); `null`: it is none. */
export function parseVersion(text: string): Version | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const labels = match[4] === undefined ? [] : match[4].split('.');
  if (labels.some(label => label === '' || /^0\d+$/.test(label))) return null;
  return { numbers: [BigInt(match[1]!), BigInt(match[2]!), BigInt(match[3]!)], labels };
}

/** Below, at or above 0 as the first comes before, with or after the second. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < 3; i++) if (a.numbers[i] !== b.numbers[i]) return a.numbers[i]! < b.numbers[i]! ? -1 : 1;
  if (a.labels.length === 0 || b.labels.length === 0) return b.labels.length - a.labels.length;
  for (let i = 0; i < Math.max(a.labels.length, b.labels.length); i++) {
    const [x, y] = [a.labels[i], b.labels[i]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (x === y) continue;
    const [m, n] = [x, y].map(label => (/^\d+$/.test(label) ? BigInt(label) : null)) as [bigint | null, bigint | null];
    if (m !== null && n !== null) return m < n ? -1 : 1;
    if (m !== null || n !== null) return m !== null ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
}
