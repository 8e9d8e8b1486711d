/** Declarations of options and constants, up to the value that these have where nobody sets another. */
const declared: readonly RegExp[] = [
  // argparse, click: add_argument('--data-dir', default='data')
  /["']--([\w-]{1,40})["'](?:[^#]{0,200}[\s,(])?default ?= ?/,
  // flag of Go: flag.String("data-dir", "data", "…"), and with a letter
  /\bString(?:Var)?P?\((?:&[\w.]{1,40}, ?)?"([\w.-]{1,40})", ?(?:"\w?", ?)?/,
  // commander: .option('-d, --data-dir <dir>', '…', 'data')
  /\boption\(["'](?:-\w, ?)?--([\w-]{1,40})[^"']{0,40}["'], ?["'][^"']{0,80}["'], ?/,
  // constants of PHP
  /\bdefine\(["'](\w{1,40})["'], ?/,
];

/** The option or constant that a line declares, by its names, and the text that its value begins with; `null`: none. */
export function optionOf(code: string): { readonly names: readonly string[]; readonly value: string } | null {
  for (const pattern of declared) {
    const match = pattern.exec(code);
    if (!match) continue;
    const name = match[1]!.replace(/[.-]/g, '_');
    const variable = /^(?:var |const )?(\w{1,40}) ?:?= /.exec(code)?.[1];
    return { names: variable === undefined ? [name] : [name, variable], value: code.slice(match.index + match[0].length) };
  }
  return null;
}
