import { createEngine } from '../../shared/src/engine/create-engine';
import type { Engine } from '../../shared/src/engine/engine';
import type { InputFile, LintContext } from '../../shared/src/engine/types';
import { rules } from '../../shared/src/families/generated/index';
import { createWorkspaceIndex } from '../../shared/src/workspace/workspace-index';
import { plainContext } from '../../tools/lint-context';

/** Numbers that look random, the same for one seed. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What somebody may type: pieces that make rules speak, and pieces that break what stands around them. */
const typed = [
  ' ', '\n', '\\\n', '"', "'", '#', '# ', ':', '- ', '  ', '{', ']', '|', '&& ', '$X', '${', '<<EOF\n', 'EOF\n', 'root', ':latest', '@sha256:', 'http://',
  'FROM alpine AS x\n', 'FROM x\n', 'USER root\n', 'USER 1000\n', 'SHELL ["/bin/bash", "-c"]\n', 'ENV PASSWORD=hunter2secret\n', 'ARG TOKEN\n',
  'RUN apt-get update && apt-get install -y sudo\n', 'RUN curl http://example.com/x | sh\n', 'WORKDIR app\n', 'ONBUILD RUN sudo true\n',
  '# bulkhead-ignore all -- x\n', '# hadolint shell=pwsh\n', '---\n', 'hostNetwork: true\n', 'privileged: true', 'securityContext: {}\n', '*a', '&a ',
  '${{ github.head_ref }}', '    needs: version\n', 'permissions: {}\n', '      - uses: a/b@main\n', '    if: always()\n', '  other:\n    steps: []\n',
] as const; // prettier-ignore

/** A text after one random edit: something typed, cut or repeated. */
export function editRandomly(text: string, random: (below: number) => number): string {
  const at = random(text.length + 1);
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const next = text.indexOf('\n', at) + 1 || text.length;
  switch (random(6)) {
    case 0:
      return text.slice(0, at) + typed[random(typed.length)]! + text.slice(at);
    case 1:
      return text.slice(0, line) + typed[random(typed.length)]! + text.slice(line);
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + random(4));
    case 3:
      return text.slice(0, line) + text.slice(next);
    case 4:
      return text.slice(0, next) + text.slice(line, next) + text.slice(next);
    default:
      return text.slice(0, at) + 'abcxyz019'[random(9)]! + text.slice(at);
  }
}

/** All that an engine says of a file that is the only one of its folder: findings and edits of fixes. */
function answer(engine: Engine, file: InputFile, context: LintContext): string {
  const opened = engine.open(file);
  const index = createWorkspaceIndex({ complete: false });
  index.update(file.path, opened.facts());
  index.settle(true);
  const { findings, limited } = opened.lint({ ...context, workspace: index.index });
  const rendered = opened.renderAll(findings);
  return JSON.stringify([limited, findings.map(finding => [finding, rendered.get(finding)])]);
}

/** As `firstDifference`, for one line after the other put in at the start of each line, and taken out again. */
export function firstDifferenceWith(file: InputFile, lines: readonly string[]): string | null {
  const context = plainContext('strict');
  const used = createEngine(rules);
  const starts = [0, ...[...file.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  for (const line of lines) {
    for (const start of starts) {
      answer(used, file, context);
      const edited = { ...file, text: `${file.text.slice(0, start)}${line}\n${file.text.slice(start)}` };
      if (answer(used, edited, context) !== answer(createEngine(rules), edited, context)) return edited.text;
    }
  }
  return null;
}

/** As `firstDifference`, for versions of a file that somebody has written, one after the other. */
export function firstDifferenceAmong(path: string, texts: readonly string[]): string | null {
  const context = plainContext('strict');
  const used = createEngine(rules);
  return texts.find(text => answer(used, { path, text }, context) !== answer(createEngine(rules), { path, text }, context)) ?? null;
}

/**
 * Edits a file so many times, one edit after the other, and compares what an engine says that has seen all versions with what a new one
 * says.
 * @returns the first version about which they differ; `null` where they never do
 */
export function firstDifference(file: InputFile, edits: number, seed: number): string | null {
  const random = createRandom(seed);
  const context = plainContext('strict');
  const used = createEngine(rules);
  let { text } = file;
  for (let i = 0; i < edits; i++) {
    const edited = { ...file, text };
    if (answer(used, edited, context) !== answer(createEngine(rules), edited, context)) return text;
    // what one edit breaks for good would hide what later ones do
    text = i % 25 === 24 ? file.text : editRandomly(text, random);
  }
  return null;
}
