/** A trick that can be played at any length. */
export interface HostileShape {
  readonly name: string;
  readonly path: string;
  /** A text of about `size` characters. */
  readonly make: (size: number) => string;
}

/** As many pieces as make about `size` characters; `middle` stands where they meet nothing. */
export function repeat(size: number, piece: string | ((i: number) => string)): string {
  if (typeof piece === 'string') return piece.repeat(Math.max(1, Math.floor(size / piece.length)));
  const parts: string[] = [];
  for (let i = 0, length = 0; length < size || i === 0; i++) {
    const part = piece(i);
    parts.push(part);
    length += part.length;
  }
  return parts.join('');
}

/** Shapes of one kind of file, by their names. */
export function shapesOf(path: string, makers: Readonly<Record<string, (size: number) => string>>): readonly HostileShape[] {
  return Object.entries(makers).map(([name, make]) => ({ name, path, make }));
}
