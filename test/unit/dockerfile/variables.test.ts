import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import { closesCycle, pathBack } from '../../../shared/src/families/dockerfile/model/stage-graph';
import { builderVariables, defaultImage, fromVariables, isDeclaredAt } from '../../../shared/src/families/dockerfile/model/variables';
import { closest } from '../../../shared/src/base/text/closest';

describe('the variables that the builder looks up', () => {
  test.each([
    ['ENV A_$A=$B C="${D:-$E}"', ['A', 'B', 'D', 'E']],
    ['ENV A $B c', ['B']],
    ['LABEL $A=$B', ['A', 'B']],
    ['ARG A=$B C', ['B']],
    ['COPY --chown=$A --chmod=$B --link $C "$D" \'$E\' \\$F', ['A', 'B', 'C', 'D']],
    ['COPY <<X <<"Y" /d/\n$a \\$b \\\\$c ${d} ${ "$e" $@\nX\n$f\nY', ['a', 'c', 'd', 'e', '@']],
    ['WORKDIR $A', ['A']],
    ['RUN --mount=type=cache,id=$A,from=$B echo $C', ['A']],
    ['EXPOSE $A', []],
    ['CMD $A', []],
    ['ONBUILD COPY $A b', []],
  ])('%s', (line, names) => {
    const { instructions } = parseDockerfile(`FROM scratch\n${line}\n`);
    const found = builderVariables(instructions[1]!);
    expect(found.map(use => use.name)).toEqual(names);
  });

  test('each has its place in the file', () => {
    const text = 'FROM scratch\nCOPY --chown=$A \\\n  "x${B}" <<E /d/\n\t$c\nE\n';
    const { instructions } = parseDockerfile(text);
    expect(builderVariables(instructions[1]!).map(({ range }) => text.slice(range.start, range.end))).toEqual(['$A', '${B}', '$c']);
  });

  test('FROM and its platform', () => {
    const { instructions } = parseDockerfile('FROM --platform=$A/${B} x:${C:-$D} AS y\n');
    expect(fromVariables(instructions[0]!).map(use => use.name)).toEqual(['A', 'B', 'C', 'D']);
  });
});

describe('what a name stands for', () => {
  test('declarations count from the next instruction on, over bases; pairs of one ARG see each other', () => {
    const text = 'FROM scratch AS a\nARG A\nFROM a\nCOPY $A $B x\nENV B=1 C=$B\nARG D=1 E=$D\nCOPY $B x\n';
    const { instructions, finalStage } = parseDockerfile(text);
    const known = (name: string, index: number): boolean =>
      isDeclaredAt(finalStage!, name, instructions[index]!, text.indexOf(`$${name}`, instructions[index]!.range.start));
    expect([known('A', 3), known('B', 3), known('B', 4), known('D', 5), known('B', 6)]).toEqual([true, false, false, true, true]);
  });

  test.each([
    ['ARG T\nFROM a:$T', 'a:'],
    ['ARG T=1\nARG I=a:$T\nFROM $I', 'a:1'],
    ['ARG I=a:$T\nARG T=1\nFROM $I', 'a:'],
    ['ARG T=1\nARG T\nFROM a:$T', 'a:1'],
    ['FROM a:${T:-2}', 'a:2'],
    ['FROM a:${T-2}', 'a:2'],
    ['FROM a:${T+2}', 'a:'],
    ['FROM a:${T:?x}', null],
    ['FROM a-$TARGETARCH:${TARGETPLATFORM}', 'a-linux:linux/amd64'],
  ])('%s', (text, image) => {
    expect(defaultImage(parseDockerfile(text).images[0]!)).toBe(image);
  });
});

test('circles are found at the reference that leads forward, with the way back', () => {
  const { images, stages } = parseDockerfile(
    'FROM x AS a\nCOPY --from=c / /\nFROM a AS b\nCOPY --from=b / /\nFROM x AS c\nCOPY --from=b / /\nFROM x AS d\nCOPY --from=a / /\nCOPY --from=e / /\nFROM d AS e2\n',
  );
  expect(images.filter(closesCycle).map(use => `${use.stage!.name}>${use.raw}`)).toEqual(['a>c', 'b>b']);
  expect(pathBack(stages[2]!, stages[0]!).map(use => `${use.stage!.name}>${use.raw}`)).toEqual(['c>b', 'b>a']);
});

test.each([
  ['PAHT', ['PATH', 'PORT'], 'PATH'],
  ['PATH', ['PATH', 'PATHS'], ''],
  ['ABC', ['XYZ'], ''],
  ['A', ['B'], ''],
  ['COPPY', ['COPY'], 'COPY'],
  ['x'.repeat(65), ['x'.repeat(64)], ''],
  ['ABCD', Array.from({ length: 300 }, (_, i) => (i === 299 ? 'ABCE' : `Z${i}`)), ''],
])('the name closest to %s', (name, names, expected) => {
  expect(closest(name, names)).toBe(expected);
});
