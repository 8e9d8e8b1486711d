import * as vscode from 'vscode';

/** Commands of which the palette shows one that asks which: of all it would show more than anybody reads. */
const menus: Readonly<Record<string, readonly string[]>> = {
  images: [
    'pin',
    'pinWorkspace',
    'lookUp',
    'lookUpWorkspace',
    'lookUpArchive',
    'scanImage',
    'scanAllImages',
    'verifySignaturesHere',
    'clearRegistryCache',
  ],
  create: ['createConfig', 'writeNetworkPolicy', 'writeImagePolicy', 'writePipeline'],
};

/** Registers the commands that ask which. The names are those of the manifest, in the editor's language. */
export function registerCommandMenus({ packageJSON }: vscode.Extension<unknown>): vscode.Disposable {
  const { contributes } = packageJSON as {
    readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
  };
  const titles = new Map(contributes.commands.map(({ command, title }) => [command, title]));
  const ask = async (names: readonly string[]): Promise<void> => {
    const items = names.map(name => ({ label: titles.get(`bulkhead.${name}`) ?? name, command: `bulkhead.${name}` }));
    const chosen = await vscode.window.showQuickPick(items);
    if (chosen !== undefined) await vscode.commands.executeCommand(chosen.command);
  };
  return vscode.Disposable.from(
    ...Object.entries(menus).map(([name, names]) => vscode.commands.registerCommand(`bulkhead.${name}`, () => ask(names))),
  );
}
