import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Where commands show: by what the server says of a document, not by its language. */

interface Item {
  readonly command: string;
  readonly when: string;
}
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
  readonly activationEvents: readonly string[];
  readonly contributes: { readonly menus: Readonly<Record<string, readonly Item[]>> };
};
const { menus } = manifest.contributes;
const whenOf = (menu: string, command: string): string | undefined =>
  menus[menu]?.find(item => item.command === `bulkhead.${command}`)?.when;

describe('commands about a file', () => {
  test.each(['harden', 'fixAll', 'pin', 'prove'])('%s is in the palette wherever the file is one of ours', command =>
    expect(whenOf('commandPalette', command)).toMatch(/(?:^|\|\| )bulkhead\.checked(?: |$)/),
  );

  test('Show Info says why there are no findings, so it is in the palette of every file', () =>
    expect(whenOf('commandPalette', 'showFileInfo')).toBe('editorLangId'));

  test('no other asks for a language', () => {
    const asking = Object.entries(menus).flatMap(([menu, items]) =>
      items.filter(({ when }) => when.includes('editorLangId')).map(({ command }) => `${menu} ${command}`),
    );
    expect(asking).toEqual(['commandPalette bulkhead.showFileInfo']);
  });

  test('Harden is in the menus of files, Convert in that of a selection', () => {
    for (const menu of ['editor/context', 'editor/title/context', 'explorer/context']) expect(whenOf(menu, 'harden')).toBeDefined();
    expect(whenOf('editor/context', 'convert')).toContain('editorHasSelection');
  });

  test.each(['dockerfile', 'yaml', 'shellscript', 'makefile', 'markdown', 'systemd-unit-file'])('%s starts the extension', language =>
    expect(manifest.activationEvents).toContain(`onLanguage:${language}`),
  );

  test('so does a unit of systemd in the workspace, whose language most editors do not know', () =>
    expect(manifest.activationEvents).toContain('workspaceContains:**/*.service'));
});
