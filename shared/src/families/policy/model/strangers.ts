import type { PatternEngine } from './types';

/** Registries where anybody can have a name of their own in front of their images. */
const shared = new Set([
  'docker.io',
  'index.docker.io',
  'ghcr.io',
  'quay.io',
  'gcr.io',
  'us.gcr.io',
  'eu.gcr.io',
  'asia.gcr.io',
  'public.ecr.aws',
  'registry.gitlab.com',
]);

/** An image of somebody else that a pattern matches, and the pattern that was meant; `null` where nobody can tell. */
export interface Strangers {
  readonly example: string;
  readonly instead: string | null;
}

/**
 * Whom a pattern takes in beside those that it names, because a wildcard goes on where a name should end; `null`: nobody. What matches every image is no
 * mistake of this kind.
 */
export function strangersIn(engine: PatternEngine, pattern: string): Strangers | null {
  const star = pattern.indexOf('*');
  if (star < 0 || /^[*:@/]*$/.test(pattern)) return null;
  const crosses = engine !== 'sigstore' || pattern.startsWith('**', star);
  const before = pattern.slice(0, star);
  const slashes = before.split('/').length - 1;
  if (star === 0) {
    // with tags alone it is any image
    if (/^\*+[:@]/.test(pattern) && !pattern.includes('/')) return null;
    return {
      example: `evil.example/${pattern
        .replace(/^[*/]+/, '')
        .split(/[:@]/, 1)[0]!
        .replace(/\*/g, 'x')}`,
      instead: null,
    };
  }
  if (!crosses || /[/:@]$/.test(before)) return null;
  if (slashes === 0 && /[.:]/.test(before)) return { example: `${before}.evil.example/x`, instead: meant(pattern, star) };
  const host = before.slice(0, before.indexOf('/'));
  return slashes === 1 && shared.has(host) ? { example: `${before}-evil/x`, instead: meant(pattern, star) } : null;
}

/** The same pattern with the name ended, where nothing follows the wildcard. */
function meant(pattern: string, star: number): string | null {
  return /^\*+$/.test(pattern.slice(star)) ? `${pattern.slice(0, star)}/${pattern.slice(star)}` : null;
}

/** Whom a beginning of images takes in beside those that it names: `ghcr.io/acme` is one of `ghcr.io/acme-evil`, too. */
export function strangersBehind(prefix: string): Strangers | null {
  const isOpen = /^[a-z0-9][\w.\-/:]*$/i.test(prefix) && !/[/:@]$/.test(prefix);
  const found = isOpen ? strangersIn('kyverno', `${prefix}*`) : null;
  if (found) return { example: found.example, instead: `${prefix}/` };
  return isOpen && !prefix.includes('/') && !/[.:]/.test(prefix) ? { example: `${prefix}-evil/x`, instead: `${prefix}/` } : null;
}

/** Whom a regular expression takes in that is looked for anywhere in an image, or has dots that stand for any character in its registry. */
export function strangersMatched(expression: string): Strangers | null {
  const isClosed = /^(?:\^|\\A)/.test(expression);
  const [, host, path = ''] = /^(?:\^|\\A)?([\w-]+(?:\\{0,2}\.[\w-]+)+)((?:\/[\w-]+)*)\//.exec(expression) ?? [];
  if (host === undefined) return null;
  const plain = host.replace(/\\/g, '');
  if (!isClosed) return { example: `evil.example/${plain}${path}/x`, instead: `^${expression}` };
  const hasDots = /(?:^|[^\\])\./.test(host);
  // how a dot is escaped depends on how the text is quoted
  return hasDots ? { example: `${plain.replace(/\./g, 'x')}${path}/x`, instead: null } : null;
}
