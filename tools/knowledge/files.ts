import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { corpusFolder } from '../corpus-folder';

const project = resolve(import.meta.dirname, '../..');

/** The collected facts; absent on a plain clone. */
const facts = resolve(corpusFolder, 'data');

/** Whether a file of the collected facts is there. */
export function hasFacts(name: string): boolean {
  return existsSync(resolve(facts, name));
}

/** Reads a JSON file of the collected facts. */
export function readFacts(name: string): unknown {
  return JSON.parse(readFileSync(resolve(facts, name), 'utf8'));
}

/** Reads a committed data file. */
export function readData(name: string): unknown {
  return JSON.parse(readFileSync(resolve(project, 'shared/src/knowledge/data', name), 'utf8'));
}

/** Writes a committed data file. Members of the top level stand on lines of their own, and so do the items of their lists, to keep diffs readable. */
export function writeData(name: string, value: Readonly<Record<string, unknown>>): void {
  const lines = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${lay(member)}`);
  const text = `{\n${lines.join(',\n')}\n}\n`;
  writeFileSync(resolve(project, 'shared/src/knowledge/data', name), text);
  console.log(`${name}: ${text.length} characters`);
}

function lay(value: unknown): string {
  if (Array.isArray(value) && value.some(item => typeof item === 'object')) {
    return value.length === 0 ? '[]' : `[\n${value.map(item => JSON.stringify(item)).join(',\n')}\n]`;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${JSON.stringify(member)}`);
    return `{\n${members.join(',\n')}\n}`;
  }
  return JSON.stringify(value);
}
