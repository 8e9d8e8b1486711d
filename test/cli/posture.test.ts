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

  test('with several baselines, what has become of each', () => {
    const { path: cwd, write } = make();
    const take = (date: string, name: string) => bulkhead(['baseline', '--today', date, '--output-file', name], { cwd });
    const trendOf = (...args: readonly string[]) => (JSON.parse(run(cwd, '--format', 'json', ...args).stdout) as { trend: unknown }).trend;
    take('2026-09-01', 'first.json');
    write('b.yaml', privilegedPod.replace('name: web', 'name: new'));
    take('2026-10-01', 'second.json');
    write('Dockerfile', 'FROM debian:12.5\nUSER 1000\n');
    const sizeOf = (name: string): number => {
      const { files } = JSON.parse(readFileSync(join(cwd, name), 'utf8')) as { files: Record<string, Record<string, string[]>> };
      return Object.values(files).flatMap(rules => Object.values(rules).flat()).length;
    };
    const [first, second] = [sizeOf('first.json'), sizeOf('second.json')];
    expect(second).toBeGreaterThan(first);
    // in whatever order they are named; sudo is gone since
    const both = ['--baseline', 'second.json', '--baseline', 'first.json'];
    expect(trendOf(...both)).toEqual([
      { date: '2026-09-01', findings: first, standing: first - 1 },
      { date: '2026-10-01', findings: second, standing: second - 1 },
    ]);
    expect(trendOf()).toEqual([]);
    // what is new is new since the newest
    expect(json(cwd, ...both)).toMatchObject({ baseline: { known: second - 1 }, counts: { error: 0, warning: 0, info: 0, hint: 0 } });
    const markdown = run(cwd, '--format', 'markdown', ...both).stdout;
    const added = second - first;
    expect(markdown).toContain(
      `## Changes since earlier baselines\n\n| Date | Findings | Gone since | New since |\n| --- | ---: | ---: | ---: |\n` +
        `| 2026-09-01 | ${first} | 1 | ${added} |\n| 2026-10-01 | ${second} | 1 | 0 |\n| ${today[1]} | ${second - 1} |  |  |\n`,
    );
    expect(run(cwd, ...both).stdout).toMatch(
      /<h2 id="trend">Changes since earlier baselines<\/h2>[\s\S]*?<th scope="row">2026-09-01<\/th>/,
    );
    expect(run(cwd).stdout).not.toContain('trend');
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
