import { DockerfileParser } from 'dockerfile-ast';
import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import { renderDockerfile } from '../../../shared/src/families/dockerfile/fix/render';
import { countDisagreements } from '../../../shared/src/families/dockerfile/fix/second-opinion';
import { verifyDockerfile } from '../../../shared/src/families/dockerfile/fix/verify';
import type { DockerfileOperation } from '../../../shared/src/rule/fix/types';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import { runCommands, scriptsOf } from '../../../shared/src/families/dockerfile/model/scripts';
import type { DockerfileModel } from '../../../shared/src/families/dockerfile/model/types';
import { packageManagerCall } from '../../../shared/src/syntax/shell/package-manager';
import { visitDockerfile } from '../../../shared/src/families/dockerfile/model/visit';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { corpusFiles, hasCorpus, noCorpus } from '../../../tools/corpus-folder';
import { expectLinear, processorTime } from '../../support/growth';
import { sweep } from '../../support/sweep';

if (!hasCorpus) console.log(noCorpus);
const texts = corpusFiles('dockerfile').map(({ text }) => text);

/** Looks at everything that a model has, and checks that every range lies in the text. */
function touch(model: DockerfileModel): number {
  const { text } = model;
  let seen = 0;
  const check = (place: { start: number; end: number } | null): void => {
    seen++;
    if (place && !(place.start >= 0 && place.start <= place.end && place.end <= text.length))
      throw new Error(`range ${place.start}-${place.end}`);
  };
  visitDockerfile(model, {
    file: file => file.problems.forEach(problem => check(problem.range)),
    stage: stage => {
      check(stage.nameRange);
      void [stage.reachable, stage.windows, stage.state.user?.value, stage.root, stage.variable('X')];
    },
    instruction: instruction => {
      [instruction.range, instruction.keywordRange, instruction.argumentsRange, ...instruction.continuations].forEach(check);
      for (const flag of instruction.flags) [flag.range, flag.nameRange, flag.valueRange].forEach(check);
      for (const mount of instruction.mounts) for (const field of mount.fields) check(field.range);
      for (const heredoc of instruction.heredocs) [heredoc.range, heredoc.bodyRange].forEach(check);
      for (const pair of instruction.pairs) [pair.range, pair.nameRange, pair.value?.range ?? null].forEach(check);
      for (const word of [...instruction.words, ...(instruction.execForm ?? [])]) {
        check(word.range);
        void word.text;
        for (const variable of word.variables) check(variable.range);
        model.expand(word, instruction);
      }
      void instruction.stateBefore;
      for (const script of scriptsOf(instruction)) check(script.range);
    },
    command: ({ command }) => {
      [command.range, ...command.args.map(arg => arg.range), ...command.redirections.map(r => r.range)].forEach(check);
      for (const arg of command.args) arg.mapped();
    },
    image: image => {
      check(image.at());
      if (image.reference?.invalid === null) for (const place of Object.values(image.reference.ranges)) if (place) check(image.at(place));
    },
  });
  return seen;
}

describe.skipIf(texts.length === 0)('real files', () => {
  it('are read to the last range, and so is every part of them cut at a line end', () => {
    let cuts = 0;
    for (const text of texts) {
      touch(parseDockerfile(text));
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
        // Every third cut of short files, in a sweep each of them; of long ones fewer, since the work is quadratic in the file.
        if (cuts % (text.length > 1500 ? 13 : sweep.full ? 1 : 3) !== 0) {
          cuts++;
          continue;
        }
        touch(parseDockerfile(text.slice(0, at)));
        touch(parseDockerfile(text.slice(0, at + 1)));
        cuts++;
      }
    }
    expect(cuts).toBeGreaterThan(1000);
  }, 300_000);

  it('keep the words of commands where they stand', () => {
    let words = 0;
    for (const text of texts) {
      const model = parseDockerfile(text);
      for (const instruction of model.instructions) {
        for (const { command } of instruction.keyword === 'RUN' ? runCommands(instruction) : []) {
          for (const arg of command.args) {
            if (!/^[\w./=-]+$/.test(arg.raw)) continue;
            // A word may run over a continuation; else it stands there as it is.
            const source = text.slice(arg.range.start, arg.range.end);
            if (!source.includes('\n')) expect(source).toBe(arg.raw);
            words++;
          }
        }
      }
    }
    expect(words).toBeGreaterThan(5000);
  });

  it('are read by dockerfile-ast as they are here, but for what docs/performance.md lists', () => {
    const counts = texts.map(text => countDisagreements(parseDockerfile(text)) ?? 0);
    expect(counts.filter(count => count > 0).length).toBe(5);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
  });

  it('take any single operation, verified, and keep every comment', () => {
    let rendered = 0;
    const refused = new Map<string, number>();
    // Every sixteenth file: each operation parses a file again.
    for (const text of texts.filter((_, i) => i % 16 === 0)) {
      const model = parseDockerfile(text);
      const operations: DockerfileOperation[] = [];
      for (const instruction of model.instructions) {
        operations.push({ type: 'dockerfile.insert', at: 'before', instruction: instruction.index, text: 'USER 1000' });
        operations.push({ type: 'dockerfile.insert', at: 'after', instruction: instruction.index, text: 'USER 1000' });
        operations.push({ type: 'dockerfile.remove-instruction', instruction: instruction.index });
        for (const { command } of instruction.keyword === 'RUN' ? runCommands(instruction).slice(0, 20) : []) {
          operations.push({ type: 'dockerfile.remove-command', range: command.range });
          operations.push({ type: 'dockerfile.append-command', range: command.range, text: 'rm -rf /var/lib/apt/lists/*' });
          for (const arg of command.args.slice(0, 3)) {
            operations.push({ type: 'dockerfile.remove-words', range: arg.range });
            operations.push({ type: 'dockerfile.insert-words', offset: arg.range.end, text: '--no-install-recommends' });
          }
        }
      }
      for (const operation of operations) {
        const result = renderDockerfile(model, [operation]);
        if (!result.ok) {
          refused.set(`${operation.type} ${result.detail}`, (refused.get(`${operation.type} ${result.detail}`) ?? 0) + 1);
          continue;
        }
        rendered++;
        const after = applyEdits(text, result.edits);
        const refusal = verifyDockerfile(
          model,
          parseDockerfile(after),
          [operation],
          result.edits.map(edit => edit.range),
        );
        if (refusal) refused.set(`${operation.type} ${refusal.detail}`, (refused.get(`${operation.type} ${refusal.detail}`) ?? 0) + 1);
      }
    }
    console.log(`operations: ${rendered} rendered; refused:`, Object.fromEntries(refused));
    expect(rendered).toBeGreaterThan(1500);
    const unverified = [...refused].filter(([detail]) => /changed outside|instructions instead/.test(detail));
    expect(unverified).toEqual([]);
  }, 300_000);
});

describe('hostile input', () => {
  // what is built of many pieces takes time in proportion
  const growing: [name: string, make: (n: number) => string, n: number][] = [
    ['a line of 200,000 characters', n => `FROM a\nRUN ${'x'.repeat(n)}`, 200_000],
    ['the same in words', n => `FROM a\nRUN ${'ab '.repeat(n)}`, 66_000],
    ['quotes', n => `FROM a\nENV A=${'"x'.repeat(n)}`, 100_000],
    ['heredoc marks', n => `FROM a\nRUN ${'<< '.repeat(n)}`, 66_000],
    ['many heredocs', n => `FROM a\nRUN ${'<<E '.repeat(n)}\nE\n`, 20_000],
    ['braces', n => `FROM ${'${a:-'.repeat(n)}`, 40_000],
    [
      'stages',
      n =>
        Array.from({ length: n }, (_, i) => `FROM ${i === 0 ? 'a' : `s${i - 1}`} AS s${i}\nENV V${i}=$V${i - 1} X=$X\nUSER $X`).join('\n'),
      5000,
    ],
    [
      'ARGs that name each other',
      n => `${Array.from({ length: n }, (_, i) => `ARG A${i}=$A${(i + 1) % n}$A${i}`).join('\n')}\nFROM $A0`,
      5000,
    ],
    ['1 MB of RUN', n => `FROM a\nRUN ${'apt-get install -y foo && \\\n    '.repeat(n)}true`, 33_000],
    ['1 MB of heredoc', n => `FROM a\nRUN <<E\n${'apt-get install -y foo\n'.repeat(n)}E\n`, 45_000],
    ['many RUNs', n => `FROM a\n${'RUN apt-get update && apt-get install -y curl\n'.repeat(n)}`, 20_000],
    ['blank continuation lines', n => `FROM a\nRUN x \\\n${'\n'.repeat(n)}`, 200_000],
    ['comments', n => `FROM a\nRUN x \\\n${'# c\n'.repeat(n)} y`, 100_000],
    ['continuations', n => `FROM a\nRUN ${'x\\\n'.repeat(n)}`, 100_000],
    ['open brackets in a script', n => `FROM a\nRUN ${'$('.repeat(n)}`, 30_000],
    ['open ifs in a script', n => `FROM a\nRUN ${'if '.repeat(n)}`, 20_000],
    ['backticks in a script', n => `FROM a\nRUN ${'`'.repeat(n)}`, 60_000],
    ['quotes in a script', n => `FROM a\nRUN ${`"$(x '`.repeat(n)}`, 10_000],
    ['flags', n => `FROM a\nCOPY ${'--a=b '.repeat(n)} x y`, 50_000],
    ['mount fields', n => `FROM a\nRUN --mount=${'a=b,'.repeat(n)} x`, 50_000],
    ['JSON', n => `FROM a\nCMD [${'"a",'.repeat(n)}"b"]`, 50_000],
    ['nested JSON', n => `FROM a\nCMD ${'['.repeat(n)}`, 100_000],
    ['nested sh -c', n => `FROM a\nRUN ${'sh -c "'.repeat(n)}`, 50],
  ];
  it.each(growing)('%s', (name, make, n) => expectLinear(name, make, text => touch(parseDockerfile(text)), n), 120_000);

  it.each([
    ['an ARG of itself', 'ARG A=$A\nARG A=${A:-$A}\nFROM $A'],
    ['NUL and surrogates', 'FROM a\0\nRUN \ud800 \udc00 \u2028 x\n'],
  ])('%s', (_, text) => expect(() => touch(parseDockerfile(text))).not.toThrow());

  it('any text at all', () => {
    const piece = fc.constantFrom(
      'FROM a', 'FROM a AS b', 'RUN', 'COPY', 'ENV', 'ARG', 'ONBUILD', 'HEALTHCHECK', 'CMD', '--from=', '--mount=', 'A=b', '$X', '${X', '${X:-', '}', '"', "'",
      '\\', '`', '\n', '\r\n', '# escape=`', '#', '<<E', 'E', '<<-"E"', '[', ']', '"a"', ',', ' ', '\t', '\u00a0', '&&', '$(', ')',
    ); // prettier-ignore
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom('', ' ', '\n'), (pieces, joint) => {
        touch(parseDockerfile(pieces.join(joint)));
      }),
      { numRuns: 1000 },
    );
  });
});

/** What rules look at, roughly: problems, words, pairs, states, references, and every command. */
function look(model: DockerfileModel): void {
  visitDockerfile(model, {
    file: file => void file.problems,
    stage: stage => void [stage.state.user?.value, stage.reachable, stage.windows],
    instruction: instruction => void [instruction.words.map(word => word.text), instruction.pairs, instruction.stateBefore?.user],
    command: ({ command }) => void [command.name, command.args.map(arg => arg.text), packageManagerCall(command)],
    image: image => void image.reference,
  });
}

describe.skipIf(texts.length === 0)('cost', () => {
  it('stays in the order of the bare parse of dockerfile-ast with every argument', () => {
    const bare = (): void => {
      for (const text of texts) for (const instruction of DockerfileParser.parse(text).getInstructions()) instruction.getArguments();
    };
    const ours = (): void => {
      for (const text of texts) look(parseDockerfile(text));
    };
    const best = (work: () => void): number => {
      let time = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 5; i++) time = Math.min(time, processorTime(work));
      return time;
    };
    const [theirs, own] = [best(bare), best(ours)];
    console.log(`cost: dockerfile-ast ${theirs.toFixed(0)} ms, the model as rules look at it ${own.toFixed(0)} ms`);
    // The bench holds the bundle to the real limit; the test runner slows our modules down, not those of node_modules.
    expect(own).toBeLessThan(theirs * 3);
  }, 60_000);
});
