/** How often a smaller case is tried at most. */
const tries = 400;

/**
 * Leaves parts of a case out for as long as it still fails: halves first, then ever smaller stretches, down to single parts. (fast-check
 * cannot shrink what is spliced together from files: it only knows which files it has chosen.)
 */
export async function minimise<T>(
  parts: readonly T[],
  fails: (parts: readonly T[]) => boolean | Promise<boolean>,
  limit = tries,
): Promise<readonly T[]> {
  let rest = parts;
  let left = limit;
  for (let size = Math.ceil(rest.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < rest.length && left > 0; left--) {
      const smaller = [...rest.slice(0, at), ...rest.slice(at + size)];
      if (await fails(smaller)) rest = smaller;
      else at += size;
    }
  }
  return rest;
}

/** The same for a text: its lines, then its characters. */
export async function minimiseText(text: string, fails: (text: string) => boolean | Promise<boolean>, limit = tries): Promise<string> {
  const lines = await minimise(text.split(/(?<=\n)/), parts => fails(parts.join('')), limit);
  return (await minimise([...lines.join('')], parts => fails(parts.join('')), limit)).join('');
}
