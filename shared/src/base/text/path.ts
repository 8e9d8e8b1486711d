/** An absolute path with `/` between its parts, `//`, `.` and `..` taken out, and no slash at its end; the root is `/`. */
export function resolvePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
