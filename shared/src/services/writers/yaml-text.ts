/** Words that are no text to a reader of YAML 1.1 or 1.2. */
const reserved = /^(?:true|false|yes|no|on|off|y|n|null)$/i;

/** Text as a value of YAML on one line: in single quotes, where it may need them. Line breaks become blanks. */
export function yamlText(text: string): string {
  return /^[A-Za-z](?:[\w./@+-]|:(?=\S))*$/.test(text) && !reserved.test(text)
    ? text
    : `'${text.replace(/[\r\n]/g, ' ').replaceAll("'", "''")}'`;
}

/** Lines, each so many blanks further in, with their ends. */
export function indented(lines: readonly string[], by: number): string {
  return lines.map(line => (line === '' ? '\n' : `${' '.repeat(by)}${line}\n`)).join('');
}
