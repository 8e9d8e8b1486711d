import { range, type Range } from '../../base/text/range';

/** What is wrong with an image reference. */
export type ImageProblem =
  /** Nothing is there. */
  | 'empty'
  /** Starts with `https://` or the like. */
  | 'scheme'
  /** The host (or its port) in front of the first slash. */
  | 'registry'
  /** The repository holds upper-case letters. */
  | 'uppercase'
  /** The repository breaks the grammar in another way. */
  | 'repository'
  /** The repository is 64 hex digits, which only an image id may be. */
  | 'image-id'
  /** The name is longer than 255 characters. */
  | 'too-long'
  /** Not `[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`; empty too. */
  | 'tag'
  /** Not `sha256:` and 64 lower-case hex digits (or sha384 and 96, sha512 and 128). */
  | 'digest';

/** The written parts of a reference; `null` where one is absent. */
export interface ImageParts {
  /** Host with port, as written. */
  readonly registry: string | null;
  /** The path behind the registry, as written: `node`, `library/node`, `acme/shop`. */
  readonly repository: string;
  /** Without the colon. */
  readonly tag: string | null;
  /** With its algorithm, without the `@`. */
  readonly digest: string | null;
}

/** A valid image reference. Ranges are offsets in the parsed text. */
export interface ImageReference extends ImageParts {
  readonly invalid: null;
  readonly ranges: {
    readonly registry: Range | null;
    readonly repository: Range;
    /** Registry and repository together. */
    readonly name: Range;
    readonly tag: Range | null;
    readonly digest: Range | null;
  };
}

/** A text that no registry can resolve; `range` is the part that breaks the grammar (never empty unless the text is). */
export interface InvalidImageReference {
  readonly invalid: ImageProblem;
  readonly range: Range;
}

const domain =
  /^(?:\[[0-9A-Fa-f:]+\]|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)(?::[0-9]+)?$/;
const component = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;
const longestName = 255;

/** Whether what stands before the first slash is a registry: the rule of Docker and containerd, not of the bare grammar. */
function isRegistry(head: string): boolean {
  return /[.:]/.test(head) || head === 'localhost' || head !== head.toLowerCase();
}

/** Parses an image reference by the grammar of distribution/reference, with Docker's rule for what is a registry. */
export function parseImageReference(text: string): ImageReference | InvalidImageReference {
  const bad = (invalid: ImageProblem, start: number, end: number): InvalidImageReference => ({ invalid, range: range(start, end) });
  if (text === '') return bad('empty', 0, 0);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text)) return bad('scheme', 0, text.indexOf('://') + 3);

  const at = text.indexOf('@');
  const beforeDigest = at < 0 ? text.length : at;
  const colon = text.lastIndexOf(':', beforeDigest - 1);
  const hasTag = beforeDigest > 0 && colon > text.lastIndexOf('/', beforeDigest - 1);
  const nameEnd = hasTag ? colon : beforeDigest;
  const slash = text.indexOf('/');
  const hasRegistry = slash >= 0 && slash < nameEnd && isRegistry(text.slice(0, slash));
  const repositoryStart = hasRegistry ? slash + 1 : 0;

  const registry = hasRegistry ? text.slice(0, slash) : null;
  if (registry !== null && (registry.length > longestName || !domain.test(registry))) return bad('registry', 0, Math.max(slash, 1));
  const repository = text.slice(repositoryStart, nameEnd);
  const repositoryEnd = Math.max(nameEnd, Math.min(repositoryStart + 1, text.length));
  if (nameEnd > longestName) return bad('too-long', repositoryStart, repositoryEnd);
  if (repository !== repository.toLowerCase()) return bad('uppercase', repositoryStart, repositoryEnd);
  if (!repository.split('/').every(part => component.test(part))) {
    return bad('repository', nameEnd > repositoryStart ? repositoryStart : 0, repositoryEnd);
  }
  if (registry === null && /^[0-9a-f]{64}$/.test(repository)) return bad('image-id', 0, nameEnd);

  const tag = hasTag ? text.slice(colon + 1, beforeDigest) : null;
  if (tag !== null && !tagPattern.test(tag)) return bad('tag', tag === '' ? colon : colon + 1, beforeDigest);
  const digest = at < 0 ? null : text.slice(at + 1);
  if (digest !== null && !digestPattern.test(digest)) return bad('digest', digest === '' ? at : at + 1, text.length);
  return {
    invalid: null,
    registry,
    repository,
    tag,
    digest,
    ranges: {
      registry: registry === null ? null : range(0, slash),
      repository: range(repositoryStart, nameEnd),
      name: range(0, nameEnd),
      tag: tag === null ? null : range(colon + 1, beforeDigest),
      digest: digest === null ? null : range(at + 1, text.length),
    },
  };
}

/** The text of a reference: what `parseImageReference` was given, if the parts came from it. */
export function printImageReference(parts: ImageParts): string {
  const { registry, repository, tag, digest } = parts;
  return `${registry === null ? '' : `${registry}/`}${repository}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
}

/** The registry that a reference is pulled from: `docker.io` where none is written (or where Docker Hub's other name is). */
export function registryOf(parts: Pick<ImageParts, 'registry'>): string {
  return parts.registry === null || parts.registry === 'index.docker.io' ? 'docker.io' : parts.registry;
}

/** A reference with its registry and whole name written out, so that nobody can take its first part for anything else; `null`: it is none. */
export function normalReference(text: string): string | null {
  const reference = parseImageReference(text);
  return reference.invalid === null ? printImageReference({ ...reference, registry: null, repository: normalizeName(reference) }) : null;
}

/** The full name without tag and digest: `node` gives `docker.io/library/node`. Two references to one image have one normal name. */
export function normalizeName(parts: Pick<ImageParts, 'registry' | 'repository'>): string {
  const registry = registryOf(parts);
  const official = registry === 'docker.io' && !parts.repository.includes('/');
  return `${registry}/${official ? 'library/' : ''}${parts.repository}`;
}

/** The short name without tag and digest, as Docker shows it: `docker.io/library/node` gives `node`. */
export function familiarName(parts: Pick<ImageParts, 'registry' | 'repository'>): string {
  const name = normalizeName(parts);
  if (!name.startsWith('docker.io/')) return name;
  const path = name.slice('docker.io/'.length);
  const rest = path.startsWith('library/') ? path.slice('library/'.length) : path;
  return rest.includes('/') && path !== rest ? path : rest;
}
