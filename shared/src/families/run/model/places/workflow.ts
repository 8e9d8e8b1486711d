import { interpreterOf } from '../../../../shell/interpreter';
import { parseScript } from '../../../../shell/script';
import { textRange } from '../../../../yaml/text-range';
import type { YamlDocument, YamlScalar } from '../../../../yaml/types';
import { mapOf, scalarOf, sequenceOf, stringOf } from '../../../../yaml/values';
import { scriptBuilder, type ScriptBuilder } from '../masks';
import type { PlacedScript } from '../types';

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

/** The script that a scalar holds; `null` where escapes leave its characters no places of their own. */
function scriptIn(document: YamlDocument, node: YamlScalar): PlacedScript | null {
  const { text } = document;
  const builder = scriptBuilder(text);
  const isBlock = node.style === 'literal' || node.style === 'folded';
  if (isBlock) blockLines(builder, text, node);
  else {
    const place = textRange(document, node);
    if (!place.exact) return null;
    keepMasked(builder, text, place.range.start, place.range.end);
  }
  const script = parseScript(builder.done(), interpreterOf(['bash']));
  const locked = node.shared || node.anchor !== undefined ? 'shared' : null;
  return { kind: 'workflow', script, locked, range: node.range, lines: node.style === 'literal' };
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

/** Shells of a step whose scripts are not parsed. */
const others = /^(?:pwsh|powershell|cmd|python|node)\b/;

/** The steps of a workflow that run a script. */
export function workflowScripts(document: YamlDocument): readonly PlacedScript[] {
  const scripts: PlacedScript[] = [];
  for (const { value } of mapOf(mapOf(document.root)?.get('jobs'))?.entries ?? []) {
    for (const item of sequenceOf(mapOf(value)?.get('steps'))?.items ?? []) {
      const step = mapOf(item);
      const node = scalarOf(step?.get('run'));
      if (!node || others.test(stringOf(step?.get('shell')) ?? '')) continue;
      const script = scriptIn(document, node);
      if (script) scripts.push(script);
    }
  }
  return scripts;
}
