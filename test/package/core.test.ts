import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vm from 'node:vm';
import { describe, expect, it } from 'vitest';

/** The engine as the browser's worker runs it: the bundle, in a realm that has nothing of Node. */

const root = path.resolve(import.meta.dirname, '../..');
const bundle = path.join(root, 'dist/core.js');
const present = fs.existsSync(bundle);
if (!present) console.log('skipped: core bundle: no dist/core.js (npm run build)');

const program = `
const core = globalThis[Symbol.for('bulkhead.core')];
const engine = core['shared/src/engine/create-engine.ts'].createEngine(core['shared/src/families/generated/index.js'].rules);
const workspace = core['shared/src/workspace/workspace-index.ts'].emptyWorkspace;
const context = { config: core['shared/src/engine/config/effective.ts'].defaultConfig, today: '2026-11-24', workspace, digest: () => null };
(path, text) => {
  const file = { path, text };
  const opened = engine.open(file);
  const { findings } = opened.lint(context);
  const early = hasSecondParser();
  const { text: hardened } = opened.harden(context);
  return JSON.stringify({
    rules: findings.map(({ rule, data }) => rule + ' ' + JSON.stringify(data)),
    changed: hardened !== text,
    secondParser: [early, hasSecondParser()],
  });
};
`;

/** Notes the exports of every module that is evaluated: each marks them as a module's. dockerfile-ast has one called DockerfileParser. */
const watchModules = `
const define = Object.defineProperty;
const seen = [];
Object.defineProperty = (target, ...rest) => (seen.push(target), define(target, ...rest));
const hasSecondParser = () => seen.some(target => 'DockerfileParser' in target);
`;

describe.skipIf(!present)('the core bundle', () => {
  const check = (): ((path: string, text: string) => string) => {
    // Web names that a worker has too; no process, no Buffer, no require.
    const realm = vm.createContext({ TextEncoder, TextDecoder, performance });
    vm.runInContext(watchModules, realm);
    vm.runInContext(fs.readFileSync(bundle, 'utf8'), realm, { filename: bundle });
    return vm.runInContext(program, realm) as (path: string, text: string) => string;
  };

  const examples = fs
    .readdirSync(path.join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter(name => fs.statSync(path.join(root, 'examples', name)).isFile())
    .map(name => name.split(path.sep).join('/'));

  it('checks and hardens every example without an internal error', () => {
    const lint = check();
    const broken = examples.flatMap(name => {
      const { rules } = JSON.parse(lint(name, fs.readFileSync(path.join(root, 'examples', name), 'utf8'))) as { rules: string[] };
      return rules.filter(rule => rule.startsWith('bulkhead/internal-error')).map(rule => `${name}: ${rule}`);
    });
    expect(broken).toEqual([]);
    expect(examples.length).toBeGreaterThan(4);
  });

  it('reports and hardens as it does elsewhere', () => {
    const text = '\uFEFF# syntax=docker/dockerfile:1\nFROM node:latest\nADD server.js /app/\nCMD ["node", "/app/server.js"]\n';
    const { rules, changed, secondParser } = JSON.parse(check()('Dockerfile', text)) as {
      rules: string[];
      changed: boolean;
      secondParser: [afterLint: boolean, afterHarden: boolean];
    };
    expect(rules.map(rule => rule.split(' ')[0])).toEqual(expect.arrayContaining(['dockerfile/latest-tag', 'dockerfile/add-for-copy']));
    expect(changed).toBe(true);
    expect(secondParser).toEqual([false, true]);
  });
});
