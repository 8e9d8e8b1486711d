import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bulkhead, finePod, folder, privilegedPod, today } from './cli';

/** `bulkhead report`: what a workspace comes to, on one page. */

describe('bulkhead report', () => {
  const make = () =>
    folder({ 'a/bad.yaml': privilegedPod, 'a/fine.yaml': finePod, Dockerfile: 'FROM debian:12.5\nRUN sudo ls\nUSER 1000\n' });
  const run = (cwd: string, ...args: readonly string[]) => bulkhead(['report', ...today, ...args], { cwd });
  const json = (cwd: string, ...args: readonly string[]) =>
    JSON.parse(run(cwd, '--format', 'json', ...args).stdout) as {
      schemaVersion: number;
      files: number;
      counts: Record<string, number>;
      baseline: { known: number } | null;
      workloads: { name: string; before: string; after: string }[];
    };

  test('counts what lint finds, and changes no file', () => {
    const { path: cwd, read } = make();
    const { summary } = JSON.parse(bulkhead(['lint', ...today, '--format', 'json'], { cwd }).stdout) as {
      summary: { findings: Record<string, number> };
    };
    const posture = json(cwd);
    expect(posture).toMatchObject({ schemaVersion: 1, files: 3, counts: summary.findings, baseline: null });
    expect(posture.workloads).toMatchObject([{ name: 'web', before: 'privileged' }]);
    expect(read('a/bad.yaml')).toBe(privilegedPod);
  });

  test('a page, Markdown, and a file for either', () => {
    const { path: cwd } = make();
    expect(run(cwd)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^<!doctype html>\n[\s\S]*<\/html>\n$/) as string,
    });
    expect(run(cwd, '--format', 'markdown').stdout).toMatch(/^# Container security posture\n\n3 files checked: /);
    expect(run(cwd, '--output-file', 'posture.html')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(cwd, 'posture.html'), 'utf8')).toBe(run(cwd).stdout);
  });

  test('with a baseline, what is new', () => {
    const { path: cwd, write } = make();
    bulkhead(['baseline', ...today], { cwd });
    write('b.yaml', privilegedPod.replace('name: web', 'name: new'));
    const posture = json(cwd, '--baseline', '.bulkhead-baseline.json');
    expect(posture.baseline!.known).toBeGreaterThan(5);
    expect(posture.counts['error']).toBe(1);
  });

  test('is not written over a file that it is about, nor through a link', () => {
    const { path: cwd, read, write } = make();
    expect(run(cwd, '--output-file', 'Dockerfile').code).toBe(2);
    expect(read('Dockerfile')).toContain('sudo');
    write('precious', 'mine');
    symlinkSync('precious', join(cwd, 'out.html'));
    expect(run(cwd, '--output-file', 'out.html')).toMatchObject({ code: 2, stderr: 'bulkhead: out.html: not written: it is a link\n' });
    expect(read('precious')).toBe('mine');
  });

  test('what cannot be read is said, and the rest is summed up', () => {
    const { path: cwd } = make();
    const ran = run(cwd, '--format', 'markdown', '.', 'missing.yaml');
    expect(ran).toMatchObject({ code: 2, stderr: 'bulkhead: missing.yaml: does not exist\n' });
    expect(ran.stdout).toContain('3 files checked');
  });
});
