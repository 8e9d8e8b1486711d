import { describe, expect, test } from 'vitest';
import type { OpenedFile } from '../../shared/src/engine/engine';
import type { InputFile, LintResult } from '../../shared/src/engine/types';
import { built } from '../support/built';
import { createFullEngine } from './exercise';
import { checkCli } from './run/cli-target';
import { checkFile } from './run/check-file';
import { checkLsp } from './run/lsp-target';
import { minimise, minimiseText } from './run/minimise';
import { fileSeeds } from './seeds/files';
import { cliSeeds, lspSeeds } from './seeds/runs';

/** What the fuzzer found once, and whether it could find it again. */

describe('files', () => {
  test.each(Object.entries(fileSeeds))('%s', (_name, file) => {
    expect(checkFile(createFullEngine(), file)).toEqual([]);
  });

  test('a rule that throws, ranges outside, and fixes that break the file would be told of', () => {
    const engine = createFullEngine();
    const file = { path: 'Dockerfile', text: 'FROM nginx:latest\nADD a /b\n' };
    const broken = (change: (opened: OpenedFile) => Partial<OpenedFile>): string => {
      const open = (input: InputFile): OpenedFile => {
        const opened = engine.open(input);
        return { ...opened, ...change(opened) };
      };
      return checkFile({ ...engine, open }, file).join('\n');
    };
    const moved = (result: LintResult): LintResult => ({
      ...result,
      findings: result.findings.map(finding => ({ ...finding, range: { start: 0, end: 99 } })),
    });
    expect(broken(() => ({}))).toBe('');
    expect(broken(opened => ({ lint: context => moved(opened.lint(context)) }))).toMatch(/is outside/);
    const renamed = [{ range: { start: 0, end: 4 }, newText: 'FRO' }];
    const breaking = { ok: true, edits: renamed } as const;
    const renderAll: OpenedFile['renderAll'] = findings => new Map(findings.map(finding => [finding, finding.fixes.map(() => breaking)]));
    expect(broken(() => ({ renderAll }))).toMatch(/breaks the file/);
    expect(broken(() => ({ render: () => breaking }))).toMatch(/another fix with others than alone/);
    expect(broken(() => ({ facts: () => JSON.parse('') as never }))).toMatch(/SyntaxError/);
  });
});

describe('the command line', () => {
  test.each(Object.entries(cliSeeds))('%s', async (_name, input) => {
    expect(await checkCli(built('cli.js'), input)).toEqual([]);
  });
});

describe('the language server', () => {
  test.each(Object.entries(lspSeeds))('%s', async (_name, input) => {
    expect(await checkLsp(built('server.js'), input)).toEqual([]);
  });
});

describe('minimising', () => {
  test('keeps what the failure needs, and no more', async () => {
    const numbers = Array.from({ length: 100 }, (_, i) => i);
    expect(await minimise(numbers, parts => parts.includes(7) && parts.includes(80))).toEqual([7, 80]);
    expect(await minimiseText('one\ntwo three\nfour\n', text => text.includes('hre'))).toBe('hre');
  });
});
