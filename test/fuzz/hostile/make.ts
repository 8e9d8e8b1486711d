import type { HostileInput } from './types';

/** How long a hostile text is at most, in UTF-16 units. */
export const hostileSize = 100_000;

/** Inputs of one path, by name. Each text is made when it is asked for: all of them together are tens of megabytes. */
export function inputs(path: string, group: string, texts: Readonly<Record<string, () => string>>): readonly HostileInput[] {
  return Object.entries(texts).map(([name, make]) => ({
    name: `${group}: ${name}`,
    path,
    get text() {
      return make().slice(0, hostileSize);
    },
  }));
}

/** As many units as fit into `size`; each is made from its number. */
export function many(unit: string | ((i: number) => string), size = hostileSize - 1000): string {
  if (typeof unit === 'string') return unit.repeat(Math.floor(size / unit.length));
  const parts: string[] = [];
  let length = 0;
  for (let i = 0; ; i++) {
    const part = unit(i);
    length += part.length;
    if (length > size) return parts.join('');
    parts.push(part);
  }
}

/** `n` units; each is made from its number. */
export function times(n: number, unit: (i: number) => string, between = ''): string {
  return Array.from({ length: n }, (_, i) => unit(i)).join(between);
}
