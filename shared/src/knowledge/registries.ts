import { normalizeName, type ImageParts } from '../syntax/image/reference';

/** What a list of trusted registries says of an image. `outside`: no entry names it; `denied`: an entry with `!` does. */
export type RegistryTrust = 'trusted' | 'outside' | 'denied';

interface Entry {
  readonly denies: boolean;
  /** What a full name must begin with, segment by segment; a bare name may mean a user of Docker Hub or an official image. */
  readonly prefixes: readonly (readonly string[])[];
}

/** Other names under which people write Docker Hub. */
const dockerHub = /^(?:(?:index|registry-1)\.docker\.io|(?:registry\.)?hub\.docker\.com)$/;

function readEntry(written: string): Entry {
  const denies = written.startsWith('!');
  const segments = written
    .slice(denies ? 1 : 0)
    .trim()
    .replace(/^https?:\/\//, '')
    .split('/')
    .filter(segment => segment !== '');
  while (segments.length > 1 && /^\*+$/.test(segments.at(-1)!)) segments.pop();
  const [host = '', ...rest] = segments;
  if (dockerHub.test(host)) return { denies, prefixes: [['docker.io', ...rest]] };
  if (/[.:*]/.test(host) || host === 'localhost') return { denies, prefixes: [segments] };
  const user = ['docker.io', ...segments];
  return { denies, prefixes: rest.length > 0 ? [user] : [user, ['docker.io', 'library', host]] };
}

/** Whether a text is what a pattern with `*` (any characters) says. */
function fits(pattern: string, text: string): boolean {
  const pieces = pattern.split('*');
  if (pieces.length === 1) return pattern === text;
  const [first, last] = [pieces[0]!, pieces.at(-1)!];
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
}

let known: { readonly list: readonly string[]; readonly entries: readonly Entry[] } = { list: [], entries: [] };

/**
 * What a list of trusted registries (`trustedRegistries` of the configuration; see docs/configuration.md) says of an image. An entry is a
 * registry, or the first segments of a name: `ghcr.io/acme`. `*` stands for any characters of a segment, `!` in front denies, whatever other
 * entries say. Bare names mean Docker Hub, in entries as in images. An empty list trusts everything; one that only denies, everything else.
 */
export function registryTrust(image: Pick<ImageParts, 'registry' | 'repository'>, trustedRegistries: readonly string[]): RegistryTrust {
  if (trustedRegistries.length === 0) return 'trusted';
  if (known.list !== trustedRegistries) known = { list: trustedRegistries, entries: trustedRegistries.map(readEntry) };
  const segments = normalizeName(image).split('/');
  const covers = ({ prefixes }: Entry): boolean =>
    prefixes.some(prefix => prefix.length <= segments.length && prefix.every((pattern, i) => fits(pattern, segments[i]!)));
  if (known.entries.some(entry => entry.denies && covers(entry))) return 'denied';
  return known.entries.every(entry => entry.denies) || known.entries.some(covers) ? 'trusted' : 'outside';
}
