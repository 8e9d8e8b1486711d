import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { allowedInVsix, vsixLimit } from '../../tools/release/contents';

/** What ships: the package that `npm run package` made, by name and size. */

const root = path.resolve(import.meta.dirname, '../..');
const vsix = path.join(root, 'dist/bulkhead.vsix');
const present = fs.existsSync(vsix);
if (!present) console.log('skipped: package: no dist/bulkhead.vsix (npm run package)');

/** The names in a ZIP archive, from its central directory. */
function namesIn(archive: Buffer): string[] {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  const count = archive.readUInt16LE(end + 10);
  const names: string[] = [];
  for (let index = 0, at = archive.readUInt32LE(end + 16); index < count; index++) {
    const length = archive.readUInt16LE(at + 28);
    names.push(archive.toString('utf8', at + 46, at + 46 + length));
    at += 46 + length + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return names;
}

describe.skipIf(!present)('the package', () => {
  const names = present ? namesIn(fs.readFileSync(vsix)) : [];

  it('holds only what it should', () => {
    expect(names.filter(name => !allowedInVsix.some(pattern => pattern.test(name)))).toEqual([]);
  });

  it('holds the notices of the packages that it contains', () => {
    expect(names).toContain('extension/dist/ThirdPartyNotices.txt');
  });

  it('holds everything that its manifest names', () => {
    const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      main: string;
      browser: string;
      icon: string;
      contributes: {
        grammars: { path: string }[];
        yamlValidation: { url: string }[];
        walkthroughs: { steps: { media: { image: Record<string, string> } | { markdown: string } }[] }[];
      };
    };
    const { main, browser, icon, contributes } = manifest;
    const named = [
      main,
      browser,
      icon,
      ...contributes.grammars.map(grammar => grammar.path),
      ...contributes.yamlValidation.map(({ url }) => url),
      ...contributes.walkthroughs.flatMap(({ steps }) =>
        steps.flatMap(({ media }) => ('image' in media ? Object.values(media.image) : media.markdown)),
      ),
    ];
    const missing = named.map(name => path.posix.join('extension', name)).filter(name => !names.includes(name));
    expect(missing).toEqual([]);
  });

  it(`stays under ${vsixLimit / 1000} KB`, () => {
    expect(fs.statSync(vsix).size).toBeLessThan(vsixLimit);
  });
});

describe('the manifest', () => {
  const read = (name: string): string => fs.readFileSync(path.join(root, name), 'utf8');

  it('has a text for each of its keys, and no text without a key', () => {
    const keys = [...read('package.json').matchAll(/"%([^%"]+)%"/g)].map(match => match[1]!);
    expect([...new Set(keys)].sort()).toEqual(Object.keys(JSON.parse(read('package.nls.json')) as object).sort());
  });

  it('lets an untrusted workspace neither turn the network on nor name files to read', () => {
    const { capabilities } = JSON.parse(read('package.json')) as {
      capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
    };
    const wanted = ['configPath', 'registry.lookup', 'scan.run', 'scan.vex', 'workspace.index'].map(name => `bulkhead.${name}`);
    expect(capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(wanted);
  });

  it('describes, scopes and orders each setting, and has at most 25 in four sections; what uses the network says so', () => {
    const manifest = JSON.parse(read('package.json')) as {
      contributes: { configuration: { title: string; properties: Record<string, Record<string, unknown>> }[] };
    };
    const sections = manifest.contributes.configuration;
    expect(sections).toHaveLength(4);
    for (const { properties } of sections) {
      const orders = Object.values(properties).map(({ order }) => order);
      expect(new Set(orders).size).toBe(orders.length);
    }
    const settings = sections.flatMap(({ properties }) => Object.entries(properties));
    const online = settings.filter(([, { tags }]) => Array.isArray(tags) && tags.includes('usesOnlineServices'));
    expect(online.map(([name]) => name)).toEqual(['bulkhead.registry.lookup', 'bulkhead.scan.run', 'bulkhead.scan.update']);
    expect(settings.length).toBeLessThanOrEqual(25);
    const lacking = settings.filter(([, setting]) => !['markdownDescription', 'scope', 'order', 'default'].every(key => key in setting));
    expect(lacking.map(([name]) => name)).toEqual([]);
  });

  it('has at most fifteen entries in the palette of a file that is just open, and "harden manifest" finds the first of them', () => {
    const manifest = JSON.parse(read('package.json')) as {
      contributes: { commands: { command: string }[]; menus: { commandPalette: { command: string; when: string }[] } };
    };
    const { commands, menus } = manifest.contributes;
    const conditions = new Map(menus.commandPalette.map(({ command, when }) => [command, when]));
    // these are there once something was begun, and where nothing else is
    const later = /^(?:false|!bulkhead\.checked|bulkhead\.(?:hardening|scanned|workspaceChecked))$|resourceScheme/;
    const shown = commands.map(({ command }) => command).filter(command => !later.test(conditions.get(command) ?? ''));
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.length).toBeLessThanOrEqual(15);
    const titles = JSON.parse(read('package.nls.json')) as Record<string, string>;
    expect(titles['command.harden']!.toLowerCase()).toMatch(/harden.*manifest/);
  });
});
