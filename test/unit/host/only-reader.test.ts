import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../support/built';

/** What reads, with who may: everything else goes through `host/node/reader`, so that no file of a project can hold the program up or lead it out of the folder. */
const readers: Readonly<Record<string, readonly string[]>> = {
  'server/src/host/node/steps.ts': ['*'],
  // standard input and what a shell has opened
  'server/src/host/node/files.ts': ['readSync'],
  // opens what it writes
  'server/src/host/node/write-file.ts': ['openSync'],
  'server/src/host/node/output-file.ts': ['openSync'],
  // archives that somebody names, of which the texts alone are read
  'server/src/host/node/archives.ts': ['openSync', 'readSync'],
  // files that come with the program
  'server/src/cli/pages.ts': ['readFileSync'],
  'server/src/cli/start.ts': ['readFileSync'],
  'server/src/host/node/serve.ts': ['readFile'],
  'server/src/host/node/translations.ts': ['readFileSync'],
  // files of the user and of the machine, outside of any project
  'server/src/prove/build-end.ts': ['readFileSync', 'readdirSync'],
  'server/src/prove/journal.ts': ['readFileSync', 'readdirSync'],
  'shared/host/node/registry/certificates.ts': ['readFileSync', 'readdirSync'],
  'shared/host/node/registry/credentials.ts': ['readFileSync'],
  'shared/host/node/registry/file-cache.ts': ['readFileSync'],
  'server/src/cli/code-cache.ts': ['readdirSync'],
  'server/src/host/node/kept/fact-cache.ts': ['readdirSync'],
  'server/src/host/node/kept/packs.ts': ['readdirSync'],
  'server/src/host/node/kept/private-files.ts': ['openSync', 'readSync'],
};

test('files are read in one place', () => {
  const found: Record<string, string[]> = {};
  const entries = ['server/src', 'shared/host'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true }),
  );
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8');
    for (const [, all, names] of text.matchAll(/import (?:(\* as \w+)|\{([^}]*)\}) from '(?:node:)?fs(?:\/promises)?'/g)) {
      const reading = all
        ? ['*']
        : (names ?? '')
            .split(',')
            .map(name => name.trim())
            .filter(name => /^(?:read(?!link)|open|createReadStream)/.test(name));
      if (reading.length > 0) found[relative(root, path).replaceAll('\\', '/')] = reading.sort();
    }
  }
  expect(found).toEqual(readers);
});
