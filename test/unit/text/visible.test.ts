import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { reportFixes, type ReportedFile } from '../../../shared/src/output/report/types';
import { createWords } from '../../../shared/src/output/report/words';
import { visible, visibleJson } from '../../../shared/src/base/text/visible';
import { plainContext } from '../../../tools/lint-context';
import * as reports from '../../support/reports';
import { fileWith, findingAt, reportOf } from '../report/fake-report';

/** What nobody sees and what changes what is seen: controls, directions, what hides text in text. */
const unseen = ['\u0000', '\u001b', '\u007f', '\u009b', '\u061c', '\u180e', '\u200b', '\u200e', '\u202e', '\u2028', '\u2060', '\u2066', '\u2069', '\ufeff', '\ufff9', '\u{e0041}']; // prettier-ignore

describe('what is shown', () => {
  test.each(unseen)('%j is not there', char => {
    expect(visible(`a${char}b`)).toBe('a\ufffdb');
    const json = visibleJson({ [`k${char}`]: [`v${char}`] });
    expect(json).not.toContain(char);
    expect(JSON.parse(json)).toEqual({ [`k${char}`]: [`v${char}`] });
  });

  test('what words and pictures are made of stays', () => {
    const text = 'naïve 名前 می\u200cخواهم 👩\u200d💻 e\u0301\ttab\nline\r\n';
    expect(visible(text)).toBe(text);
    expect(visibleJson(text)).toBe(JSON.stringify(text));
  });

  test('what is filled in later is one sign', () => {
    expect(visible('a\ue000\ue000\ue000-\ue000')).toBe('a…-…');
  });
});

describe('no format shows it', () => {
  const engine = createEngine(rules);
  const words = createWords(rules);
  const hidden = unseen.filter(char => char > '\u001f' && char !== '\u007f').join('');
  // some of these end a line, and with it a comment, for what reads YAML 1.1
  const inComment = hidden.replace(/[\u0085\u2028\u2029]/g, '');
  const texts: readonly (readonly [path: string, text: string])[] = [
    [
      'pod.yaml',
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: "web${hidden}"\n  namespace: "n${hidden}"\nspec:\n  hostPID: true # bulkhead-ignore kubernetes/host-pid -- why${inComment}\n  containers:\n    - name: "app${hidden}"\n      image: "nginx:latest${hidden}"\n      command: ["a${hidden}"]\n      securityContext: {privileged: true}\n      volumeMounts: [{name: "v${hidden}", mountPath: "/m${hidden}"}]\n`,
    ],
    ['Dockerfile', `FROM nginx:latest AS b${hidden}\nENV A="${hidden}"\nADD x${hidden} /y\nRUN curl -k https://h/${hidden} | sh\nUSER ${hidden}\n`],
    ['compose.yaml', `services:\n  "w${hidden}":\n    image: "nginx${hidden}"\n    privileged: true\n    volumes: ["/var/run/docker.sock:/s${hidden}"]\n`],
    ['run.sh', `docker run --privileged --name "n${hidden}" -v /:/h${hidden} nginx\n`],
  ]; // prettier-ignore
  const made = texts.map(([path, text]): ReportedFile => {
    const opened = engine.open({ path, text });
    const result = opened.lint(plainContext('strict'));
    return { path: `d${hidden}/${path}`, text, result, fixes: reportFixes(opened, result.findings, words), related: () => null };
  });
  const report = reportOf(made, { rules, words, problems: [{ path: `p${hidden}`, message: `m${hidden}` }] });

  test.each([
    ['text', reports.textReport(report, { colour: false })],
    ['concise', reports.conciseReport(report, { colour: false })],
    ['json', reports.jsonReport(report)],
    ['sarif', reports.sarifReport(report)],
    ['github', reports.githubReport(report)],
    ['gitlab', reports.gitlabReport(report)],
    ['junit', reports.junitReport(report)],
    ['rdjson', reports.rdjsonReport(report)],
    ['markdown', reports.markdownReport(report)],
    ['summary', reports.jobSummaryReport(report)],
  ])('%s', (_format, output) => {
    expect(output.length).toBeGreaterThan(200);
    for (const char of unseen) if (char > '\u001f') expect(output.includes(char), JSON.stringify(char)).toBe(false);
  });

  test('messages of machine formats are clean once they are read, and edits have the bytes of the file', () => {
    const { files } = JSON.parse(reports.jsonReport(report)) as {
      files: { findings: { message: string; object: object | null; fixes: { title: string }[] }[] }[];
    };
    const findings = files.flatMap(file => file.findings);
    expect(findings.length).toBeGreaterThan(30);
    for (const { message, object, fixes } of findings) {
      const shown = JSON.stringify([message, object, fixes.map(({ title }) => title)]);
      expect(visibleJson(JSON.parse(shown))).toBe(JSON.stringify(JSON.parse(shown), null, 2));
    }
  });

  test('edits have the bytes of the file', () => {
    const finding = findingAt('a: 1\n', 'a', { rule: 'x/y', messageId: 'z', fixes: [{ id: 'f', data: {}, class: 'safe', assumes: [], operations: () => [] }] });
    const edits = [{ range: { start: 0, end: 1 }, newText: hidden }];
    const file = fileWith('a.yaml', 'a: 1\n', [finding], [{ id: 'f', title: 't', class: 'safe', assumes: [], needs: null, edits }]);
    const own = reportOf([file]);
    for (const output of [reports.jsonReport(own), reports.sarifReport(own), reports.rdjsonReport(own)]) {
      expect(output).not.toContain('\u202e');
      expect(JSON.stringify(JSON.parse(output))).toContain(JSON.stringify(hidden).slice(1, -1));
    }
  }); // prettier-ignore
});
