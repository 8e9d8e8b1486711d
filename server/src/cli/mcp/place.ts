import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type MaskedText, plain } from '../../../../shared/src/early';

/** Where a path leads, or why it is not taken. */
export type Place = { readonly absolute: string } | { readonly reason: MaskedText };

const outside: Place = { reason: plain('is outside of the root of this server') };

/**
 * The place below `root` that a path of a call names: relative to it, absolute, or a `file:` URI, which is decoded once. Links are for the
 * reader to judge: the disk is not asked here.
 */
export function placeBelow(root: string, path: string): Place {
  const named = pathOf(path);
  if (named === null) return { reason: plain('is not a path of a file') };
  // even where it leads back: no honest caller needs it
  if (named.split(/[\\/]/).includes('..')) return outside;
  const absolute = resolve(root, named);
  const below = relative(root, absolute);
  return isAbsolute(below) || below.split(/[\\/]/)[0] === '..' ? outside : { absolute };
}

function pathOf(path: string): string | null {
  if (path === '' || path.includes('\0')) return null;
  if (!/^(?:file:|[a-z][a-z\d+.-]*:\/\/)/i.test(path)) return path;
  try {
    return fileURLToPath(path);
  } catch {
    // of another scheme, of another machine, or with an encoded slash
    return null;
  }
}
