import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { root } from '../rules/files';
import type { Store } from './translations';

/** The files of a checkout. */
export const checkout: Store = {
  read: path => (existsSync(root + path) ? readFileSync(root + path, 'utf8') : null),
  write: (path, text) => {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, text);
  },
};
