/** A volume in short form, as the loader reads it: `[SOURCE:]TARGET[:OPTIONS]`. */
export interface ShortMount {
  readonly type: 'bind' | 'volume';
  /** Empty: an anonymous volume. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly noCopy: boolean;
  readonly propagation: string | null;
  /** `z` or `Z`. */
  readonly selinux: string | null;
}

/** A section of the short form. Offsets count in the text. */
interface Section {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The parts of a short form where they stand. */
export interface MountParts {
  readonly source: Section | null;
  readonly target: Section;
  readonly options: Section | null;
}

const propagations = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'];

/** The sections of a short form: colons within `${}` and behind a drive letter do not count. */
function sections(text: string): readonly Section[] {
  const found: Section[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (c === '$' && text[at + 1] === '{') depth++;
    else if (c === '}' && depth > 0) depth--;
    else if (c === ':' && depth === 0 && !(at === start + 1 && /[A-Za-z]/.test(text[start]!))) {
      found.push({ text: text.slice(start, at), start, end: at });
      start = at + 1;
    }
  }
  found.push({ text: text.slice(start), start, end: text.length });
  return found;
}

/** Where the parts of a short form stand, before or after interpolation; `null` where it is none. */
export function splitMount(text: string): MountParts | null {
  if (text === '') return null;
  if (text.length <= 2) return { source: null, target: { text, start: 0, end: text.length }, options: null };
  const parts = sections(text);
  if (parts.length > 3 || parts.some(part => part.text === '')) return null;
  if (parts.length === 1) return { source: null, target: parts[0]!, options: null };
  return { source: parts[0]!, target: parts[1]!, options: parts[2] ?? null };
}

/** Whether the source of a short form is a path of the host. */
export function isHostPath(source: string): boolean {
  return /^(?:[./~]|\\\\|[A-Za-z]:)/.test(source);
}

/** Reads a volume in short form; a text says why it is none. */
export function parseMount(text: string): ShortMount | string {
  if (text === '') return 'invalid empty volume spec';
  const parts = splitMount(text);
  if (!parts)
    return `invalid spec: ${text}: ${sections(text).some(part => part.text === '') ? 'empty section between colons' : 'too many colons'}`;
  const source = parts.source?.text ?? '';
  const options = parts.options?.text.split(',') ?? [];
  const last = (words: readonly string[]): string | null => options.findLast(option => words.includes(option)) ?? null;
  return {
    type: isHostPath(source) ? 'bind' : 'volume',
    source,
    target: parts.target.text,
    readOnly: last(['ro', 'rw']) === 'ro',
    noCopy: options.includes('nocopy'),
    propagation: last(propagations),
    selinux: last(['z', 'Z']),
  };
}

/** A path without doubled and trailing slashes, `.` and `..`, as Go's `path.Clean` writes it. */
export function cleanPath(path: string): string {
  if (path === '') return '.';
  const rooted = path.startsWith('/');
  const out: string[] = [];
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') out.push(step);
    else if (out.length > 0 && out.at(-1) !== '..') out.pop();
    else if (!rooted) out.push('..');
  }
  const clean = out.join('/');
  return rooted ? `/${clean}` : clean || '.';
}
