import * as fs from 'node:fs';
import * as path from 'node:path';
import { createRequire } from 'node:module';
import * as vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { root } from '../support/built';

/** The two clients, as VS Code loads them: the one for Node takes what both have in common from the file of the other. */

const dist = path.join(root, 'dist');
const present = fs.existsSync(path.join(dist, 'client.js')) && fs.existsSync(path.join(dist, 'browser/client.js'));
if (!present) console.log('skipped: clients: no dist/client.js (npm run build)');

/** A VS Code of which every name is a class with any names: clients derive classes from some while they load. */
const anyClass: object = new Proxy(class {}, {
  get: (target, name): unknown => (name === 'prototype' || typeof name === 'symbol' ? Reflect.get(target, name) : anyClass),
});
const typings = fs.readFileSync(path.join(root, 'node_modules/@types/vscode/index.d.ts'), 'utf8');
const names = [...typings.matchAll(/^\texport (?:abstract )?(?:class|enum|namespace|const|function) (\w+)/gm)].map(match => match[1]!);
const stub = Object.fromEntries(names.map(name => [name, anyClass]));

/** Runs a bundle and says what it exports, and what it asked for in which order. */
function load(file: string, provide: (name: string) => unknown): { exports: Record<string, unknown>; asked: string[] } {
  const module: { exports: Record<string, unknown> } = { exports: {} };
  const asked: string[] = [];
  const require = (name: string): unknown => {
    if (!asked.includes(name)) asked.push(name);
    return name === 'vscode' ? stub : provide(name);
  };
  const run = vm.runInThisContext(`(function (module, exports, require) {${fs.readFileSync(file, 'utf8')}\n})`, { filename: file }) as (
    ...given: unknown[]
  ) => void;
  run(module, module.exports, require);
  return { exports: module.exports, asked };
}

const refuse = (name: string): never => {
  throw new Error(`a web extension cannot load ${name}`);
};

describe.skipIf(!present)('the clients', () => {
  it('is one file for the web, which asks for VS Code alone', () => {
    const { exports, asked } = load(path.join(dist, 'browser/client.js'), refuse);
    expect(asked).toEqual(['vscode']);
    expect(exports).toMatchObject({ activate: expect.any(Function) as unknown, deactivate: expect.any(Function) as unknown });
  });

  it('brings its host alone for Node', () => {
    const here = createRequire(import.meta.url);
    const web = (): unknown => load(path.join(dist, 'browser/client.js'), refuse).exports;
    const { exports, asked } = load(path.join(dist, 'client.js'), name => (name === './browser/client.js' ? web() : here(name)));
    expect(asked[0]).toBe('./browser/client.js');
    expect(asked).not.toContain('https');
    expect(Object.keys(exports).sort()).toEqual(['activate', 'deactivate']);
    const size = (file: string): number => fs.statSync(path.join(dist, file)).size;
    expect(size('client.js')).toBeLessThan(size('browser/client.js') / 2);
  });
});
