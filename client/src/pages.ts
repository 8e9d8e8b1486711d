import * as vscode from 'vscode';
import type { FindRulesResult } from '../../shared/src/output/protocol/docs';
import { languageTags, translatePages } from '../../shared/src/output/protocol/language';
import { showMarkdown } from './texts';
import { loadTexts } from './words';

/** Scheme of the virtual documents that hold the pages of rules. */
const scheme = 'bulkhead-page';

/** The virtual document of a rule's page. */
export function pageUri(rule: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${rule}.md`, query: rule });
}

/** The pages of the rules, shipped with the extension: they need no network. */
export interface Pages extends vscode.Disposable {
  /** The rules that have a page. */
  known(): Promise<ReadonlyMap<string, unknown>>;
  /** Shows the page of a rule; gives false where there is none. */
  open(rule: string): Promise<boolean>;
  /** Shows the page of a rule by its id or by what another tool or a standard calls it, or lets the user choose one. */
  explain(name: string | undefined): Promise<void>;
}

/** Takes the folder of the extension, and who knows what rules are called elsewhere. The pages are read when the first one is asked for. */
export function createPages(extensionUri: vscode.Uri, find: (name: string | undefined) => Promise<FindRulesResult>): Pages {
  let loading: Promise<ReadonlyMap<string, string>> | undefined;
  const load = (): Promise<ReadonlyMap<string, string>> => (loading ??= readPages(extensionUri));

  const provider: vscode.TextDocumentContentProvider = {
    provideTextDocumentContent: async uri => (await load()).get(uri.query) ?? '',
  };
  const registration = vscode.workspace.registerTextDocumentContentProvider(scheme, provider);

  const open = async (rule: string): Promise<boolean> => {
    if (!(await load()).has(rule)) return false;
    const uri = pageUri(rule);
    await showMarkdown(uri);
    return true;
  };
  return {
    known: load,
    open,
    async explain(name) {
      if (name !== undefined && (await open(name))) return;
      const pages = await load();
      // Names of other tools are known to the server; without it there are still the pages.
      const { rules, named, near } = await find(name).catch((): FindRulesResult => ({
        rules: [...pages].map(([id, page]) => ({ id, title: titleOf(page), names: [] })),
        named: [],
        near: null,
      }));
      const [only, ...more] = named;
      if (only !== undefined && more.length === 0 && (await open(only))) return;
      const chosen = await choose(
        rules.filter(({ id }) => pages.has(id) && (named.length === 0 || named.includes(id))),
        name === undefined || named.length > 0
          ? vscode.l10n.t('Which rule?')
          : near === null
            ? vscode.l10n.t('No rule is called "{0}". Which one?', name)
            : vscode.l10n.t('No rule is called "{0}"; did you mean {1}?', name, near),
      );
      if (chosen !== undefined) await open(chosen);
    },
    dispose() {
      registration.dispose();
    },
  };
}

/** Lets the user choose a rule by its id, its title, or what it is called elsewhere, in any spelling; gives its id. */
async function choose(rules: FindRulesResult['rules'], placeholder: string): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly spellings: readonly string[] }>();
  const items = rules.map(({ id, title, names }) => ({
    label: id,
    description: title,
    detail: names.join(' · '),
    spellings: names.map(spelling),
  }));
  picker.placeholder = placeholder;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.items = items;
  // KSV017 is KSV-0017: what the editor's own search does not find
  picker.onDidChangeValue(value => {
    const wanted = spelling(value);
    picker.items =
      wanted.length < 3 ? items : items.map(item => ({ ...item, alwaysShow: item.spellings.some(name => name.startsWith(wanted)) }));
  });
  try {
    return await new Promise<string | undefined>(resolve => {
      picker.onDidAccept(() => resolve(picker.selectedItems[0]?.label));
      picker.onDidHide(() => resolve(undefined));
      picker.show();
    });
  } finally {
    picker.dispose();
  }
}

/** Letters and digits of a name, without what tools write differently over time. */
function spelling(name: string): string {
  return name
    .toLowerCase()
    .replace(/^avd-/, '')
    .replace(/[^a-z0-9.]/g, '')
    .replace(/[0-9]+/g, digits => digits.replace(/^0+(?=[0-9])/, ''));
}

/** Reads the bundled pages, by rule: those that are translated in the editor's language. An unreadable file gives none. */
async function readPages(extensionUri: vscode.Uri): Promise<ReadonlyMap<string, string>> {
  const translated = languageTags(vscode.env.language).map(tag => `dist/rules.${tag}.json`);
  const [pages = {}, others = null] = await Promise.all([
    loadTexts(extensionUri, ['dist/rules.json']),
    loadTexts(extensionUri, translated),
  ]);
  return new Map(Object.entries(translatePages(pages, others)));
}

function titleOf(page: string): string {
  return /^# (.+)$/m.exec(page)?.[1] ?? '';
}
