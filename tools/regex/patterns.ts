import * as ts from 'typescript';

/** A regular expression in source text. */
export interface FoundPattern {
  readonly file: string;
  readonly line: number;
  /** `null` where it is made at run time and nothing says what it is like. */
  readonly pattern: { readonly source: string; readonly flags: string } | null;
  /** Made at run time of patterns that stand in the file themselves. */
  readonly composed: boolean;
}

/** Methods of strings that make a pattern of a string. */
const makers = new Set(['match', 'matchAll', 'search']);

const literal = /^\/(.*)\/([a-z]*)$/;

/** The comment `regex:` on the line of a node or the one above it. */
function noteAt(lines: readonly string[], line: number): string | undefined {
  return [lines[line], lines[line - 1]].map(text => /\/\/ regex: (.*)$/.exec(text ?? '')?.[1]).find(note => note !== undefined);
}

/**
 * Every regular expression of a file: literals, what `RegExp` makes, strings that `match` and its kin take for patterns. Where `RegExp` is not given
 * one literal, a comment on that line or above it says what comes out, `// regex: like /a name/g`, or that it is made of literals: `// regex: made of`.
 */
export function patternsIn(file: string, text: string): readonly FoundPattern[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines = text.split('\n');
  const found: FoundPattern[] = [];
  const add = (node: ts.Node, pattern: FoundPattern['pattern'], composed = false): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push({ file, line: line + 1, pattern, composed });
  };
  const made = (node: ts.CallExpression | ts.NewExpression): void => {
    const [first, flags] = node.arguments ?? [];
    if (first && ts.isStringLiteralLike(first) && (!flags || ts.isStringLiteralLike(flags)))
      return add(node, { source: first.text, flags: flags && ts.isStringLiteralLike(flags) ? flags.text : '' });
    const note = noteAt(lines, source.getLineAndCharacterOfPosition(node.getStart()).line) ?? '';
    const like = /^like (\/.*\/[a-z]*)(?:: .*)?$/.exec(note);
    const parts = literal.exec(like?.[1] ?? '');
    add(node, parts && { source: parts[1]!, flags: parts[2]! }, note.startsWith('made of '));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, body, flags] = literal.exec(node.text.replace(/\n/g, ' '))!;
      add(node, { source: body!, flags: flags! });
    } else if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp') made(node);
    else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && makers.has(node.expression.name.text)) {
      const [first] = node.arguments;
      if (first && ts.isStringLiteralLike(first)) add(node, { source: first.text, flags: '' });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
