/** The line break of a text: that of its first line, `\n` where it has none. */
export function detectEol(text: string): '\n' | '\r\n' {
  const at = text.indexOf('\n');
  return at > 0 && text.charCodeAt(at - 1) === 13 ? '\r\n' : '\n';
}
