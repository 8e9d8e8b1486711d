import { parseImageReference, registryOf } from '../../../syntax/image/reference';
import { matchesText } from './globs';
import type { PatternEngine } from './types';

/**
 * What an engine compares its patterns with for an image, most telling first; none where the reference is invalid. Kyverno's policies: registry and
 * path with the tag or, where there is one, the digest in its place, and no `library/`. ImageValidatingPolicies: the text as it is. policy-controller:
 * the name of go-containerregistry, and the text as it is where that differs (which it calls deprecated).
 */
export function comparedWith(engine: PatternEngine, reference: string): readonly string[] {
  const parsed = parseImageReference(reference);
  if (parsed.invalid !== null) return [];
  if (engine === 'kyverno-cel') return [reference];
  const { tag, digest, repository } = parsed;
  const version = digest === null ? `:${tag ?? 'latest'}` : `@${digest}`;
  if (engine === 'kyverno') return [`${parsed.registry ?? 'docker.io'}/${repository}${version}`];
  const registry = registryOf(parsed);
  const hub = registry === 'docker.io';
  const name = `${hub ? 'index.docker.io' : registry}/${hub && !repository.includes('/') ? 'library/' : ''}${repository}${version}`;
  return name === reference ? [name] : [name, reference];
}

/** Whether a pattern matches an image as the engine does it. */
export function matchesImage(engine: PatternEngine, pattern: string, reference: string): boolean {
  return comparedWith(engine, reference).some(text => matchesText(engine, pattern, text));
}

/** The text behind the last slash of a pattern, and what stands before it. */
export function tailOf(pattern: string): { readonly head: string; readonly tail: string } {
  const slash = pattern.lastIndexOf('/') + 1;
  return { head: pattern.slice(0, slash), tail: pattern.slice(slash) };
}

/** Whether what stands in front of the first slash of a pattern is, or may be, a registry: Docker's rule, where a wildcard may be anything. */
export function mayBeRegistry(host: string): boolean {
  return /[.:*?[{]/.test(host) || host === 'localhost';
}

const someDigest = `@sha256:${'0'.repeat(64)}`;

/** The part of a pattern that names repositories, where it then asks for a tag: `ghcr.io/acme/app` of `ghcr.io/acme/app:*`; `null`: it does not. */
export function taggedRepository(pattern: string): string | null {
  const { head, tail } = tailOf(pattern);
  const colon = tail.indexOf(':');
  return colon < 0 || tail.includes('@') ? null : head + tail.slice(0, colon);
}

/** Whether one of the patterns matches the images of a repository by digest. Wildcards in `repository` count as characters: what matches those matches all. */
export function coversDigest(engine: PatternEngine, patterns: readonly string[], repository: string): boolean {
  return patterns.some(pattern => matchesText(engine, pattern, repository + someDigest));
}

/** The other way in which people write an official image of Docker Hub, with or without `library/`, which Kyverno takes for another image; `null`: there is none. */
export function otherSpelling(pattern: string): string | null {
  if (/^docker\.io\/library\/[^/*?]/.test(pattern)) return pattern.replace('library/', '');
  return /^docker\.io\/[^/*?][^/]*$/.test(pattern) ? pattern.replace('docker.io/', 'docker.io/library/') : null;
}
