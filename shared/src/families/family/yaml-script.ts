import { parseScript } from '../../syntax/shell/script';
import { scriptBuilder, type ScriptBuilder } from '../../syntax/shell/script-builder';
import { interpreterOf } from '../../syntax/shell/interpreter';
import type { ShellScript } from '../../syntax/shell/types';
import { memoize } from '../../base/text/memoize';
import { textRange } from '../../syntax/yaml/text-range';
import type { YamlDocument, YamlScalar } from '../../syntax/yaml/types';

/** Puts text of a document into a script, with expressions (`${{ }}`) masked. */
function keepMasked(builder: ScriptBuilder, text: string, start: number, end: number): void {
  let from = start;
  for (let at = text.indexOf('${{', start); at >= 0 && at < end; at = text.indexOf('${{', from)) {
    const close = text.indexOf('}}', at);
    const stop = close < 0 || close >= end ? end : close + 2;
    builder.keep(from, at);
    builder.mask(at, stop);
    from = stop;
  }
  builder.keep(from, end);
}

/** Several families read the scripts of a document. */
const scripts = memoize((_: YamlDocument): Map<number, ShellScript | null> => new Map());

/**
 * The script that a scalar of a workflow holds, as a POSIX shell reads it, with expressions (`${{ }}`) masked and every range in the document's text; `null` where
 * escapes leave its characters no places of their own. Read once for each scalar.
 */
export function scriptInScalar(document: YamlDocument, node: YamlScalar): ShellScript | null {
  const kept = scripts(document);
  const before = kept.get(node.range.start);
  if (before !== undefined) return before;
  const script = readScript(document, node);
  kept.set(node.range.start, script);
  return script;
}

function readScript(document: YamlDocument, node: YamlScalar): ShellScript | null {
  const { text } = document;
  const builder = scriptBuilder(text);
  if (node.style === 'literal' || node.style === 'folded') blockLines(builder, text, node);
  else {
    const place = textRange(document, node);
    if (!place.exact) return null;
    keepMasked(builder, text, place.range.start, place.range.end);
  }
  return parseScript(builder.done(), interpreterOf(['bash']));
}

function blockLines(builder: ScriptBuilder, text: string, node: YamlScalar): void {
  const { start, end } = node.range;
  const head = text.indexOf('\n', start);
  if (head < 0) return;
  let indent = -1;
  for (let at = head + 1; at < end;) {
    const newline = text.indexOf('\n', at);
    const stop = newline < 0 || newline >= end ? end : newline;
    const line = text.slice(at, stop);
    const own = line.length - line.trimStart().length;
    if (indent < 0 && line.trim() !== '') indent = own;
    const from = Math.min(at + Math.max(indent, 0), stop);
    keepMasked(builder, text, from, stop);
    if (newline >= 0 && newline < end) {
      const next = text.slice(newline + 1, Math.min(newline + 400, end));
      const folds =
        node.style === 'folded' && line.trim() !== '' && own <= indent && !/^\s*\n|^\s*$/.test(next) && !/^[ ]+/.test(next.slice(indent));
      if (folds) builder.put(' ', newline, newline + 1);
      else builder.keep(newline, newline + 1);
    }
    at = stop + 1;
  }
}
