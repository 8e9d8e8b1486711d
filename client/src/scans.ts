import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands as serverCommands } from '../../shared/src/output/protocol/messages';
import {
  scansMethod,
  type HiddenInfo,
  type IgnoreParams,
  type IgnoreResult,
  type ScanImagesParams,
  type ScanImagesResult,
  type ScannedImageInfo,
  type ScannedPackageInfo,
  type ScansParams,
  type VulnerabilityInfo,
} from '../../shared/src/output/protocol/scan';
import { findCandidates } from './find-files';
import { execute, type ServerAccess } from './server';

const viewId = 'bulkhead.scansView';

/** Set while something has been scanned: the view is there then and at no other time. */
const contextKey = 'bulkhead.scanned';

/** A row of the tree: an image, what is to be known of it, a package of it, a vulnerability of that; what was left out. */
export type ScanRow =
  | { readonly kind: 'image'; readonly image: ScannedImageInfo }
  | { readonly kind: 'note'; readonly image: ScannedImageInfo; readonly text: string }
  | { readonly kind: 'left-out'; readonly image: ScannedImageInfo }
  | { readonly kind: 'hidden'; readonly image: ScannedImageInfo; readonly item: HiddenInfo }
  | { readonly kind: 'package'; readonly image: ScannedImageInfo; readonly item: ScannedPackageInfo }
  | {
      readonly kind: 'vulnerability';
      readonly image: ScannedImageInfo;
      readonly item: ScannedPackageInfo;
      readonly vulnerability: VulnerabilityInfo;
    };

/** Scans of images, and the view that shows what they have found. */
export interface Scans extends vscode.Disposable {
  /** Hears of everything that the server has found, from now on. */
  listen(client: BaseLanguageClient): vscode.Disposable;
  /** Scans what is named, and says what came of it, once. */
  scan(params: ScanImagesParams): Promise<ScanImagesResult>;
  /** Scans the images of every file of the workspace, of so many of them. */
  scanWorkspace(): Promise<ScanImagesResult>;
  clear(): Promise<void>;
  /** Opens the advisory of a row in the browser. */
  openAdvisory(row: ScanRow): Promise<void>;
  /** Asks why a vulnerability is to be left out, unless whoever runs the command says so, and writes that into `.trivyignore.yaml`. */
  ignore(row: ScanRow, reason?: string): Promise<IgnoreResult | undefined>;
}

const maxFiles = 5000;
const ignoredDays = 90;

/** Makes the view, which is hidden until something has been scanned. */
export function createScans(context: ServerAccess): Scans {
  const changed = new vscode.EventEmitter<undefined>();
  let images: readonly ScannedImageInfo[] = [];
  const provider: vscode.TreeDataProvider<ScanRow> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: itemOf,
    getChildren: row => (row === undefined ? images.map((image): ScanRow => ({ kind: 'image', image })) : rowsBelow(row)).slice(),
  };
  const view = vscode.window.createTreeView(viewId, { treeDataProvider: provider, showCollapseAll: true });
  const run = async <Result>(command: string, argument?: object): Promise<Result> =>
    await execute<Result>(await context.client(), command, argument);
  const scan = async (params: ScanImagesParams): Promise<ScanImagesResult> => {
    const result = await run<ScanImagesResult>(serverCommands.scanImages, params);
    void report(context, result);
    return result;
  };

  return {
    listen: client =>
      client.onNotification(scansMethod, (params: ScansParams) => {
        const isFirst = images.length === 0;
        images = params.images;
        changed.fire(undefined);
        if (isFirst !== (images.length === 0)) void vscode.commands.executeCommand('setContext', contextKey, images.length > 0);
      }),
    scan,
    scanWorkspace: async () => {
      const client = await context.client();
      const { uris } = await findCandidates(client, maxFiles);
      return await scan({ uris: uris.map(uri => client.code2ProtocolConverter.asUri(uri)) });
    },
    clear: () => run(serverCommands.clearScans),
    openAdvisory: async row => {
      const url = row.kind === 'vulnerability' ? row.vulnerability.url : null;
      if (url !== null) await vscode.env.openExternal(vscode.Uri.parse(url, true));
    },
    ignore: async (row, given) => {
      if (row.kind !== 'vulnerability') return undefined;
      const { id, purl } = row.vulnerability;
      const reason =
        given ??
        (await vscode.window.showInputBox({
          title: vscode.l10n.t('Ignore {0} in {1}', id, row.item.name),
          prompt: vscode.l10n.t(
            'Why the vulnerability is harmless here. The reason is written to .trivyignore.yaml and applies for {0} days.',
            ignoredDays,
          ),
          validateInput: text => (text.trim() === '' ? vscode.l10n.t('A reason is needed.') : undefined),
        }));
      if (reason === undefined) return undefined;
      const until = new Date(Date.now() + ignoredDays * 86_400_000).toISOString().slice(0, 10);
      const params: IgnoreParams = { reference: row.image.reference, id, purl, reason, until };
      const result = await run<IgnoreResult>(serverCommands.addIgnoreEntry, params);
      if (result.failure !== null) void vscode.window.showErrorMessage(result.failure);
      // the scanner reads what is on disk
      else await (await vscode.workspace.openTextDocument(vscode.Uri.parse(result.uri, true))).save();
      return result;
    },
    dispose: () => {
      view.dispose();
      changed.dispose();
    },
  };
}

async function report({ channel }: ServerAccess, { scanned, summary, failed, cancelled }: ScanImagesResult): Promise<void> {
  for (const { image, reason } of failed) channel.warn(`${image}: ${reason}`);
  if (cancelled) return;
  const [details, show] = [vscode.l10n.t('Show Output'), vscode.l10n.t('Show')];
  const chosen =
    failed.length > 0
      ? await vscode.window.showWarningMessage(summary, details)
      : await vscode.window.showInformationMessage(summary, ...(scanned > 0 ? [show] : []));
  if (chosen === details) channel.show(true);
  if (chosen === show) await vscode.commands.executeCommand(`${viewId}.focus`);
}

function rowsBelow(row: ScanRow): readonly ScanRow[] {
  const { image } = row;
  if (row.kind === 'package') {
    return row.item.vulnerabilities.map((vulnerability): ScanRow => ({ kind: 'vulnerability', image, item: row.item, vulnerability }));
  }
  if (row.kind === 'left-out') return image.hidden.map((item): ScanRow => ({ kind: 'hidden', image, item }));
  if (row.kind !== 'image') return [];
  return [
    ...image.packages.map((item): ScanRow => ({ kind: 'package', image, item })),
    ...(image.hidden.length > 0 ? [{ kind: 'left-out', image } as const] : []),
    ...image.notes.map((text): ScanRow => ({ kind: 'note', image, text })),
  ];
}

const icons = { error: 'error', warning: 'warning', info: 'info' } as const;
const fixable = { critical: 'error', high: 'warning', medium: 'info', low: 'info', unknown: 'info' } as const;

function itemOf(row: ScanRow): vscode.TreeItem {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  switch (row.kind) {
    case 'image': {
      const { reference, summary, severity } = row.image;
      const item = new vscode.TreeItem(reference, Expanded);
      item.description = summary;
      item.iconPath = new vscode.ThemeIcon(severity === null ? 'pass' : icons[severity]);
      item.tooltip = [`${reference}: ${summary}`, ...row.image.notes].join('\n');
      return item;
    }
    case 'note': {
      const item = new vscode.TreeItem(row.text, None);
      item.iconPath = new vscode.ThemeIcon('note');
      item.tooltip = row.text;
      return item;
    }
    case 'package': {
      const { name, installed, summary } = row.item;
      const item = new vscode.TreeItem(`${name} ${installed}`, Collapsed);
      item.description = summary;
      item.iconPath = new vscode.ThemeIcon('package');
      return item;
    }
    case 'left-out': {
      const item = new vscode.TreeItem(vscode.l10n.t('{0} left out', row.image.hidden.length), Collapsed);
      item.iconPath = new vscode.ThemeIcon('eye-closed');
      item.tooltip = vscode.l10n.t('Vulnerabilities that an ignore file or a VEX document marks as harmless');
      return item;
    }
    case 'hidden': {
      const { id, package: name, by, reason } = row.item;
      const item = new vscode.TreeItem(id, None);
      const why = reason ?? vscode.l10n.t('without a reason');
      item.description = `${name}, ${by}: ${why}`;
      item.tooltip = `${id} (${name})\n${by}: ${why}`;
      return item;
    }
    case 'vulnerability': {
      const { id, severity, title, fixed, url } = row.vulnerability;
      const item = new vscode.TreeItem(id, None);
      const fix = fixed === null ? vscode.l10n.t('no fix yet') : vscode.l10n.t('fixed in {0}', fixed);
      item.iconPath = new vscode.ThemeIcon(fixed === null ? 'circle-outline' : fixable[severity]);
      item.description = `${severity}, ${fix}${title === '' ? '' : `: ${title}`}`;
      item.tooltip = `${id} (${severity}, ${fix})\n${title}`;
      item.contextValue = url === null ? 'vulnerability' : 'vulnerability.advisory';
      return item;
    }
  }
}
