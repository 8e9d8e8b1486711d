import {
  type CancellationToken,
  type DefinitionParams,
  type DocumentSymbol,
  type DocumentSymbolParams,
  type Location,
  SymbolKind,
} from 'vscode-languageserver';
import type { OpenedFile } from '../../../shared/src/index';
import type { navigators } from '../../../shared/src/output/protocol/messages';
import { gateOfCheck } from '../lsp/gate';
import { type Checked, checkedDocument, settledDocument, type ServerContext } from '../session/context';

type Item = ReturnType<OpenedFile['outline']>[number];

const kinds: Readonly<Record<Item['kind'], SymbolKind>> = {
  stage: SymbolKind.Module,
  object: SymbolKind.Object,
  container: SymbolKind.Package,
  service: SymbolKind.Package,
};

const dockerTools = ['ms-azuretools.vscode-containers', 'ms-azuretools.vscode-docker'] as const;

/** Who answers already, by the language of a document: a stage twice in an outline is of no use. Docker's own extension has neither for Dockerfiles, that of YAML no definitions but of anchors. */
const served: Readonly<Record<'definitions' | 'symbols', Readonly<Record<string, readonly (typeof navigators)[number][]>>>> = {
  definitions: { dockerfile: dockerTools, dockercompose: ['docker.docker'] },
  symbols: { dockerfile: dockerTools, dockercompose: ['docker.docker', 'redhat.vscode-yaml'], yaml: ['redhat.vscode-yaml'] },
};

function isServed({ documents, beside }: ServerContext, uri: string, what: keyof typeof served): boolean {
  const { languageId = '' } = documents.get(uri) ?? {};
  return served[what][languageId]?.some(id => beside.includes(id)) ?? false;
}

/** Stages, objects with their containers, and services by their names. */
export async function documentSymbols(
  context: ServerContext,
  { textDocument }: DocumentSymbolParams,
  token: CancellationToken,
): Promise<DocumentSymbol[]> {
  if (isServed(context, textDocument.uri, 'symbols')) return [];
  const checked = await checkedDocument(context, textDocument.uri, token);
  return checked?.check.result ? checked.check.opened.outline().map(item => symbolOf(checked, item)) : [];
}

function symbolOf(checked: Checked, { kind, name, detail, range, named, children }: Item): DocumentSymbol {
  const { document, check } = checked;
  const gate = gateOfCheck(check);
  const at = ({ start, end }: Item['range']): DocumentSymbol['range'] => ({
    start: document.positionAt(start),
    end: document.positionAt(end),
  });
  return {
    // the protocol allows no empty name
    name: gate.mask(name) || kind,
    detail: gate.mask(detail),
    kind: kinds[kind],
    range: at({ start: Math.min(range.start, named.start), end: Math.max(range.end, named.end) }),
    selectionRange: at(named),
    children: children.map(child => symbolOf(checked, child)),
  };
}

/** The definition of what the place names: a stage, a service, another object of the workspace. */
export async function definitions(
  context: ServerContext,
  { textDocument, position }: DefinitionParams,
  token: CancellationToken,
): Promise<Location[]> {
  if (isServed(context, textDocument.uri, 'definitions')) return [];
  const checked = await settledDocument(context, textDocument.uri, token);
  if (!checked?.check.result) return [];
  const { document, scope, check } = checked;
  const offset = document.offsetAt(position);
  return check.opened
    .links(check.context)
    .filter(({ range }) => range.start <= offset && offset <= range.end)
    .flatMap(({ target, path }): readonly Location[] => {
      if (path === undefined || path === scope.path)
        return [{ uri: document.uri, range: { start: document.positionAt(target.start), end: document.positionAt(target.end) } }];
      const place = context.facts.locate(scope, { path, range: target, messageId: '', data: {} });
      return place ? [place] : [];
    });
}
