import { describe, expect, test } from 'vitest';
import { bulkhead, folder, privilegedPod, today } from './cli';

/** `report --merge`: one report of several repositories. */

interface Report {
  readonly files: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly fixable: number;
  readonly folders: readonly { readonly name: string }[];
  readonly workloads: readonly { readonly path: string; readonly name: string }[];
  readonly images: readonly { readonly image: string; readonly places: number }[];
  readonly standards: readonly {
    readonly key: string;
    readonly controls: readonly { readonly id: string; readonly status: string; readonly findings: number }[];
  }[];
}

const { path: cwd, write, read } = folder();
const report = (...args: readonly string[]) => bulkhead(['report', ...args, ...today], { cwd });

function ofRepository(name: string, files: Readonly<Record<string, string>>, ...args: readonly string[]): Report {
  const made = folder(files);
  const { stdout } = bulkhead(['report', '--format', 'json', ...args, ...today], { cwd: made.path });
  write(name, stdout);
  return JSON.parse(stdout) as Report;
}

describe('report --merge', () => {
  test('adds up, and says where everything is', () => {
    const shop = ofRepository('shop.json', { 'deploy/pod.yaml': privilegedPod, Dockerfile: 'FROM debian:12\nRUN sudo make\n' });
    const blog = ofRepository('blog.json', { 'pod.yaml': privilegedPod.replace('name: web', 'name: blog') });
    const { code, stdout } = report('--merge', '--format', 'json', 'shop.json', 'blog.json');
    const merged = JSON.parse(stdout) as Report;
    expect(code).toBe(0);
    expect(merged.files).toBe(shop.files + blog.files);
    expect(merged.fixable).toBe(shop.fixable + blog.fixable);
    for (const severity of ['error', 'warning', 'info', 'hint'])
      expect(merged.counts[severity]).toBe(shop.counts[severity]! + blog.counts[severity]!);
    expect(merged.workloads.map(({ path, name }) => `${path} ${name}`)).toEqual(['shop/deploy/pod.yaml web', 'blog/pod.yaml blog']);
    expect(merged.folders.map(({ name }) => name).sort()).toEqual(['blog', 'shop', 'shop/deploy']);
    expect(merged.images.find(({ image }) => image.startsWith('ghcr.io'))).toMatchObject({ places: 2 });
    const privileged = merged.standards.find(({ key }) => key === 'cisKubernetes')!.controls.find(({ id }) => id === '5.2.2');
    expect(privileged).toMatchObject({ status: 'failed', findings: 2 });
    for (const format of ['html', 'markdown'])
      expect(report('--merge', '--format', format, 'shop.json', 'blog.json').stdout).toContain('shop/deploy');
  });

  test.each<[string, string, RegExp]>([
    ['no JSON', 'FROM x', /x\.json is not a report from bulkhead report --format json/],
    ['of lint', '{"schemaVersion":1,"files":[]}', /is not a report/],
    ['with a text for a number', '{"schemaVersion":1,"version":"1","profile":"strict","files":"<b>"}', /is not a report/],
  ])('refuses what is none: %s', (_name, text, message) => {
    write('x.json', text);
    expect(report('--merge', 'x.json')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) as string });
  });

  test('refuses two of one name, other profiles, nothing, and to write over a report', () => {
    ofRepository('a.json', { 'pod.yaml': privilegedPod });
    ofRepository('b.json', { 'pod.yaml': privilegedPod }, '--profile', 'strict');
    ofRepository('c/posture.json', { 'pod.yaml': privilegedPod });
    const before = read('a.json');
    expect(report('--merge', 'a.json', './a.json').stderr).toContain('another report is also called a;');
    expect(report('--merge', 'a.json', 'b.json').stderr).toContain('their reports cannot be merged');
    expect(report('--merge').code).toBe(2);
    expect(report('--merge', 'a.json', '--output-file', 'a.json').code).toBe(2);
    expect(read('a.json')).toBe(before);
    expect((JSON.parse(report('--merge', '--format', 'json', 'c/posture.json').stdout) as Report).workloads[0]!.path).toBe('c/pod.yaml');
  });

  test('text of a report stays text in a page', () => {
    ofRepository('evil.json', { 'pod.yaml': privilegedPod });
    write('evil.json', read('evil.json').replaceAll('pod.yaml', '<script>alert(1)</script>'));
    const { stdout } = report('--merge', 'evil.json');
    expect(stdout).not.toContain('<script>');
    expect(stdout).toContain('&lt;script&gt;');
  });
});
