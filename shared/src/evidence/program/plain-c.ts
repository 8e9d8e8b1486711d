/** A line of C as other languages have it: a macro is a constant, a stream that is declared a call. */
export function plainC(line: string): string {
  const macro = /^#\s{0,9}define\s{1,9}(\w{1,50})\s{1,40}(["\w].*)/.exec(line);
  // strings that follow each other are one
  if (macro) return `${macro[1]} = ${macro[2]!.replace(/(\w) (?=")/g, '$1 + ')}`;
  const printed = /^snprintf\((\w{1,50}),[^,]{1,60}, ?(.*)/.exec(line);
  if (printed) return `${printed[1]} = sprintf(${printed[2]}`;
  return line.replace(/\b(o?fstream) \w{1,40} ?[({]/, '$1(');
}
