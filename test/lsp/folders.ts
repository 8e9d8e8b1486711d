import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';

const made: string[] = [];
afterAll(() => made.forEach(folder => fs.rmSync(folder, { recursive: true, force: true })));

/**
 * Makes a folder with these files, by path and text, and returns its URI; it goes when the tests of the file are over. Its name holds what
 * URIs escape, and its `.git` keeps the search for configurations inside.
 */
export function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead lsp ü-')));
  made.push(folder);
  for (const [name, text] of Object.entries({ '.git/HEAD': '', ...files })) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  return pathToFileURL(folder).href;
}
