import type { SyntaxNode } from '@lezer/common';

/** The parts of a node, without comments and what nobody understood. */
export function partsOf(node: SyntaxNode): readonly SyntaxNode[] {
  const parts: SyntaxNode[] = [];
  for (let part = node.firstChild; part; part = part.nextSibling)
    if (!part.type.isError && !part.name.endsWith('Comment')) parts.push(part);
  return parts;
}

/** The first part of a kind. */
export const found = (parts: readonly SyntaxNode[], name: string): SyntaxNode | undefined => parts.find(part => part.name === name);

/** Parts with commas between them; other marks at the ends, such as brackets, are left out. */
export function commaParts(parts: readonly SyntaxNode[]): readonly (readonly SyntaxNode[])[] {
  const groups: SyntaxNode[][] = [[]];
  for (const part of parts) {
    if (part.name === ',') groups.push([]);
    else if (!/^[()[\]{}]$/.test(part.name)) groups.at(-1)!.push(part);
  }
  return groups.filter(group => group.length > 0);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', '\n': '' };

/** What escapes in a text stand for. */
export function unescaped(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|([^]))/gi, (_, byte?: string, unit?: string, char?: string) =>
        char === undefined ? String.fromCharCode(Number.parseInt((byte ?? unit)!, 16)) : (escapes[char] ?? char),
      )
    : text;
}

/** The text of a literal without anything filled in; `null`: it is none. */
export function literal(node: SyntaxNode | null | undefined, text: string): string | null {
  if (node?.name === 'ParenthesizedExpression') return literal(partsOf(node)[1], text);
  if (node?.name !== 'String') return null;
  const [open, mark = '', quote = ''] = /^(\w*)("""|'''|["'])/.exec(text.slice(node.from, Math.min(node.to, node.from + 9))) ?? [];
  if (open === undefined) return null;
  const inner = text.slice(node.from + open.length, Math.max(node.from + open.length, node.to - quote.length));
  return /r/i.test(mark) ? inner : unescaped(inner);
}

/** The sign between the sides of an operation. */
export const signOf = (parts: readonly SyntaxNode[], text: string): string =>
  parts
    .slice(1, -1)
    .map(({ from, to }) => text.slice(from, to))
    .join(' ');
