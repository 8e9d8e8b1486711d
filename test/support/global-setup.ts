import { writeIndexFile } from '../../tools/rules/products';

/** Runs once, before any test file is loaded. */
export function setup(): void {
  writeIndexFile();
}
