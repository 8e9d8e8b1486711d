/**
 * Why a scan gave nothing. The list is closed: the editor and the command line have one sentence for each.
 * `refused`: the image's registry is not to be asked; `lied`: version and report contradict each other.
 */
export const scanFailureKinds = [
  'not-installed',
  'refused-version',
  'no-database',
  'not-found',
  'denied',
  'unreachable',
  'timed-out',
  'too-much',
  'disk-full',
  'killed',
  'cancelled',
  'unreadable',
  'refused',
  'lied',
  'failed',
] as const;

/** One of `scanFailureKinds`. */
export type ScanFailureKind = (typeof scanFailureKinds)[number];

/** A scan that gave nothing. */
export interface ScanFailure {
  readonly kind: ScanFailureKind;
  /** A short English sentence without a final full stop. What it may quote is the scanner's own words: a gate must let it out. */
  readonly message: string;
}

const signs: readonly (readonly [RegExp, ScanFailureKind, string])[] = [
  [/no space left on device|disk quota exceeded|ENOSPC/i, 'disk-full', 'the disk is full'],
  [
    /cannot be specified on the first run|failed to load vulnerability db|DB error|database does not exist|failed to open db|failed to download vulnerability DB/i,
    'no-database',
    'it has no vulnerability database that it can use; let it download one (without --offline), or run it once by itself',
  ],
  [/unauthorized|authentication required|denied|UNAUTHORIZED|403 Forbidden/, 'denied', 'the registry refuses access to the image'],
  [
    /MANIFEST_UNKNOWN|manifest unknown|NAME_UNKNOWN|no such image|status code 404/i,
    'not-found',
    'neither a container engine nor the registry has the image',
  ],
  [
    /no such host|dial tcp|connection refused|i\/o timeout|TLS handshake|network is unreachable|server misbehaving/i,
    'unreachable',
    'the registry cannot be reached, and no container engine has the image',
  ],
];

// eslint-disable-next-line no-control-regex -- scanners colour what they say
const colours = /\u001b\[[0-9;]{0,20}m/g;

/** What the words of a run that failed come to: the first sign of a known trouble in them, else their last line. */
export function failureIn(words: string): ScanFailure {
  const lines = words.slice(-20_000).replace(colours, '').split(/\r?\n/);
  const said = lines.map(line => line.trim()).filter(line => line !== '');
  // Trivy says of each place that it looked in why the image is not there: what counts is what the registry said, the last of them
  const all = said.findLast(line => line.includes('remote error:')) ?? said.slice(-20).join('\n');
  for (const [sign, kind, message] of signs) if (sign.test(all)) return { kind, message };
  const last = said.at(-1)?.slice(0, 300) ?? '';
  return { kind: 'failed', message: last === '' ? 'it failed without saying why' : `it failed: ${last}` };
}
