import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import { corpusFiles, corpusFolder, corpusRows, hasCorpus } from '../../../tools/corpus-folder';
import type { DockerfileProblem, Instruction } from '../../../shared/src/families/dockerfile/model/types';
import { askBuildkit, hasBuildkit, noBuildkit, type OracleNode } from '../../support/buildkit';

const ready = hasBuildkit && hasCorpus;
if (!ready) console.log(`${noBuildkit('the comparison with BuildKit')} and ../shared`);

/** The corpus: real files, and the text of every row of the peers' tests. */
function corpus(): string[] {
  const rows = join(corpusFolder, 'corpus/dockerfile');
  const tests = readdirSync(rows)
    .filter(name => name.endsWith('.jsonl'))
    .flatMap(name => corpusRows<{ text: string }>(`corpus/dockerfile/${name}`));
  return [...corpusFiles('dockerfile'), ...tests].map(({ text }) => text);
}

/** Our instruction in the oracle's words. */
function ours(instruction: Instruction, lineAt: (offset: number) => number): Record<string, unknown> {
  return {
    keyword: instruction.logical.text.trim().split(/[\t\v\f\r ]+/)[0],
    start: lineAt(instruction.range.start),
    original: instruction.logical.text,
    flags: instruction.flags.map(flag => `--${flag.name}${flag.value === null ? '' : `=${flag.value}`}`),
    json: instruction.execForm !== null,
    heredocs: instruction.heredocs.map(h => ({ name: h.name, expand: h.expand, chomp: h.stripTabs, content: h.content })),
  };
}

function theirs(node: OracleNode): Record<string, unknown> {
  return {
    keyword: node.keyword,
    start: node.start,
    original: node.original,
    flags: node.flags ?? [],
    json: node.json,
    heredocs: (node.heredocs ?? []).map(h => ({ name: h.name, expand: h.expand, chomp: h.chomp, content: h.content })),
  };
}

/** Codes that do not make BuildKit's instruction parser fail: it warns, or it finds out later. */
const soft = new Set([
  'empty-continuation',
  'invalid-json-form',
  'bad-substitution',
  'before-from',
  'no-stage',
  'variable-in-from',
  'unknown-signal',
  'line-too-long',
]);

/** BuildKit looks at a trigger only when it fires; we look at once. */
function lateInOnbuild({ code, instruction }: DockerfileProblem): boolean {
  return instruction?.onbuildParent != null && code !== 'onbuild-trigger';
}

describe.skipIf(!ready)('BuildKit as oracle', () => {
  it('has the same instructions, and objects to the same ones', () => {
    const texts = corpus();
    const differences: unknown[] = [];
    const verdicts: unknown[] = [];
    let compared = 0;
    let refused = 0;
    let refusedBoth = 0;
    askBuildkit(texts).forEach((result, i) => {
      const text = texts[i]!;
      const model = parseDockerfile(text);
      const lineStarts: number[] = [0];
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
      const lineAt = (offset: number): number => {
        let low = 0;
        let high = lineStarts.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (lineStarts[middle]! <= offset) low = middle + 1;
          else high = middle;
        }
        return low;
      };
      if (result.error !== '') {
        refused++;
        if (model.problems.length > 0) refusedBoth++;
        else differences.push({ text, error: result.error });
        return;
      }
      compared++;
      const nodes = result.nodes ?? [];
      const a = model.instructions.map(instruction => ours(instruction, lineAt));
      const b = nodes.map(theirs);
      if (JSON.stringify(a) !== JSON.stringify(b)) {
        const at = b.findIndex((node, k) => JSON.stringify(node) !== JSON.stringify(a[k]));
        differences.push({ i, ours: a[at], theirs: b[at] });
      }
      nodes.forEach((node, k) => {
        const hard = model.problems.filter(
          problem => problem.instruction?.index === k && !soft.has(problem.code) && !lateInOnbuild(problem),
        );
        if ((node.error !== '') !== hard.length > 0)
          verdicts.push({ line: node.original.slice(0, 200), error: node.error, ours: hard.map(p => p.code) });
      });
    });
    console.log(
      `BuildKit: ${compared} files equal but ${differences.length}, ${refusedBoth} of ${refused} refused by both, ${verdicts.length} verdicts differ`,
    );
    expect(differences.slice(0, 5)).toEqual([]);
    expect(verdicts.slice(0, 20)).toEqual([]);
  }, 120_000);
});
