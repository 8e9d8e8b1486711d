import { type CodeActionParams } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { writeInto } from '../../../shared/src/index';
import type { PlannedElsewhere } from '../../../shared/src/output/protocol/messages';
import type { Checked, ServerContext } from '../session/context';
import { gateOfCheck, type MaskedAction } from '../lsp/gate';
import { baseName, joinUri, parentUri } from '../lsp/uri';
import { touches } from './lookup-notes';
import { toLspEdits, changeOf } from '../lsp/edits';

/** A chart's values and kustomizations are small; a larger file is left to people. */
const maxBytes = 1 << 20;

/** What is to be written elsewhere, where a text is a template: with the file that it belongs into, where one is known. */
export async function elsewhereOf(context: ServerContext, checked: Checked): Promise<readonly PlannedElsewhere[]> {
  const gate = gateOfCheck(checked.check);
  const snippets = checked.check.opened.snippets();
  if (snippets.length === 0) return [];
  const chart = await chartOf(context, checked);
  const planned = snippets.map(async ({ kind, text }): Promise<readonly PlannedElsewhere[]> => {
    const shown = gate.mask(text);
    if (kind === 'kustomize') return await patchFor(context, checked, chart, { text, shown });
    const target = chart === null ? null : await written(context, checked, joinUri(chart, 'values.yaml'), text);
    return [{ title: context.say('forValues'), text: shown, target }];
  });
  return (await Promise.all(planned)).flat();
}

/** "Set in values.yaml what .Values.securityContext lacks", where the cursor is on a key of a template that those values fill. */
export async function valuesActions(
  context: ServerContext,
  checked: Checked,
  { range: asked }: CodeActionParams,
  kind: string,
): Promise<MaskedAction[]> {
  const { document, check } = checked;
  // files are read only where somebody is at such a place
  if (!document.getText().includes('.Values')) return [];
  const at = { start: document.offsetAt(asked.start), end: document.offsetAt(asked.end) };
  const places = check.opened.snippets().flatMap(snippet => (snippet.places ?? []).filter(({ range }) => touches(range, at)));
  const chart = places.length === 0 ? null : await chartOf(context, checked);
  if (chart === null) return [];
  const uri = joinUri(chart, 'values.yaml');
  const known = await textOf(context, checked, uri);
  if (known === null) return [];
  return places.flatMap(({ name, text }): MaskedAction[] => {
    const newText = writeInto(known, text);
    if (newText === null || newText === known) return [];
    const title = context.say('attended', { title: context.say('setValues', { name: gateOfCheck(check).mask(name) }) });
    return [{ title, kind, edit: { changes: { [uri]: editsOf(uri, known, newText) } } }];
  });
}

/** The folder of the chart whose template a file is; `null`: none is known. */
async function chartOf({ files }: ServerContext, { document: { uri } }: Checked): Promise<string | null> {
  for (let folder = parentUri(uri); folder !== null; folder = parentUri(folder)) {
    const above = baseName(folder) === 'templates' ? parentUri(folder) : null;
    if (above !== null && (await files.exists(joinUri(above, 'Chart.yaml')))) return above;
  }
  return null;
}

/** A patch beside the kustomization that renders the chart, and its entry there; without a place where none does, or where a name has to be filled in. */
async function patchFor(
  context: ServerContext,
  checked: Checked,
  chart: string | null,
  { text, shown }: { readonly text: string; readonly shown: string },
): Promise<readonly PlannedElsewhere[]> {
  const title = context.say('forPatch');
  const alone = [{ title, text: shown, target: null }];
  if (chart === null || /: (?:NAME|CONTAINER|KIND|VERSION)$/m.test(text)) return alone;
  const name = baseName(chart);
  const parent = parentUri(chart);
  for (const folder of [parent === null ? null : parentUri(parent), parent]) {
    if (folder === null) continue;
    const kustomization = joinUri(folder, 'kustomization.yaml');
    const known = await textOf(context, checked, kustomization);
    if (known === null || !rendersChart(known, name)) continue;
    const file = `harden-${name}.yaml`;
    const patch = await written(context, checked, joinUri(folder, file), text);
    const entry = `patches:\n  - path: ${file}\n`;
    const listed = await written(context, checked, kustomization, entry);
    // one without the other has no effect
    if (!patch || !listed) return alone;
    return [
      { title, text: shown, target: patch },
      { title: context.say('forKustomization'), text: entry, target: listed },
    ];
  }
  return alone;
}

/** Whether a kustomization names a chart, as far as its lines tell. */
function rendersChart(kustomization: string, chart: string): boolean {
  const lines = kustomization.split('\n').map(line => line.replace('- ', '').replaceAll(/["']/g, '').trim());
  return lines.includes('helmCharts:') && lines.includes(`name: ${chart}`);
}

/** A file with what a text says written into it; `null` where that cannot be done. */
async function written(context: ServerContext, checked: Checked, uri: string, text: string): Promise<PlannedElsewhere['target']> {
  const known = await textOf(context, checked, uri);
  if (known === null) return (await context.files.exists(uri)) ? null : { uri, newText: text, exists: false, edits: [] };
  const newText = writeInto(known, text);
  return newText === null ? null : { uri, newText, exists: true, edits: editsOf(uri, known, newText) };
}

function editsOf(uri: string, text: string, newText: string): ReturnType<typeof toLspEdits> {
  return toLspEdits(TextDocument.create(uri, 'yaml', 0, text), [changeOf(text, newText)]);
}

/** A file as the editor has it, else as it is on disk. */
async function textOf({ documents, files }: ServerContext, { scope, document }: Checked, uri: string): Promise<string | null> {
  const open = documents.find(uri);
  if (open) return open.getText();
  const root = scope.folder ?? scope.base ?? parentUri(document.uri);
  return root === null ? null : (await files.read(uri, { root, maxBytes })).text;
}
