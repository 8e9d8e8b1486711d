import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import type { DockerfileModel, Instruction } from '../../../shared/src/families/dockerfile/model/types';

function find(model: DockerfileModel, keyword: string, nth = 0): Instruction {
  return model.instructions.filter(instruction => instruction.keyword === keyword)[nth]!;
}

/** Image uses in short: origin, kind, text, source of the text, named stages. */
function images(text: string): unknown[] {
  const model = parseDockerfile(text);
  return model.images.map(use => {
    const place = use.at();
    return [use.origin, use.kind, use.text, text.slice(place.start, place.end), use.stages.map(stage => stage.index)];
  });
}

const imageCases: [string, string, unknown[]][] = [
  ['a plain image', 'FROM node:20', [['from', 'image', 'node:20', 'node:20', []]]],
  ['scratch', 'FROM scratch', [['from', 'scratch', 'scratch', 'scratch', []]]],
  ['quotes', 'FROM "node:20"', [['from', 'image', 'node:20', 'node:20', []]]],
  ['an alias', 'FROM node AS Build\nFROM build', [['from', 'image', 'node', 'node', []], ['from', 'stage', 'build', 'build', [0]]]], // prettier-ignore
  ['an alias in other letter case is an image to BuildKit', 'FROM node AS build\nFROM Build', [['from', 'image', 'node', 'node', []], ['from', 'image', 'Build', 'Build', []]]], // prettier-ignore
  ['a later stage is no base', 'FROM b\nFROM a AS b', [['from', 'image', 'b', 'b', []], ['from', 'image', 'a', 'a', []]]], // prettier-ignore
  ['a number is an image in FROM', 'FROM a\nFROM 0', [['from', 'image', 'a', 'a', []], ['from', 'image', '0', '0', []]]], // prettier-ignore
  ['an ARG default', 'ARG TAG=latest\nFROM node:${TAG}', [['from', 'image', 'node:latest', 'node:${TAG}', []]]],
  ['an ARG that holds all of it', 'ARG BASE="node:20"\nFROM $BASE', [['from', 'image', 'node:20', 'node:20', []]]],
  ['ARGs of ARGs', 'ARG A=1\nARG B=n:${A}\nFROM $B', [['from', 'image', 'n:1', '$B', []]]],
  ['a default in braces', 'FROM ${BASE:-node}:20', [['from', 'image', 'node:20', '${BASE:-node}:20', []]]],
  ['an ARG without default', 'ARG BASE\nFROM $BASE', [['from', 'unknown', null, '$BASE', []]]],
  ['an ARG without default, default in braces', 'ARG BASE\nFROM ${BASE:-node}', [['from', 'image', 'node', 'node', []]]],
  ['an undeclared variable', 'FROM $BASE', [['from', 'unknown', null, '$BASE', []]]],
  ['an ARG of a stage is not seen by FROM', 'FROM a\nARG X=b\nFROM $X', [['from', 'image', 'a', 'a', []], ['from', 'unknown', null, '$X', []]]], // prettier-ignore
  ['stages chosen by a platform argument', 'FROM a AS base-amd64\nFROM b AS base-arm64\nFROM base-${TARGETARCH}', [['from', 'image', 'a', 'a', []], ['from', 'image', 'b', 'b', []], ['from', 'stage', null, 'base-${TARGETARCH}', [0, 1]]]], // prettier-ignore
  ['COPY --from by name, number and image', 'FROM a AS x\nFROM b\nCOPY --from=X . .\nCOPY --from=0 . .\nCOPY --from=busybox:1 . .', [['from', 'image', 'a', 'a', []], ['from', 'image', 'b', 'b', []], ['copy-from', 'stage', 'X', 'X', [0]], ['copy-from', 'stage', '0', '0', [0]], ['copy-from', 'image', 'busybox:1', 'busybox:1', []]]], // prettier-ignore
  ['quotes in --from', 'FROM a\nCOPY --from="busybox:1" . .', [['from', 'image', 'a', 'a', []], ['copy-from', 'image', 'busybox:1', 'busybox:1', []]]], // prettier-ignore
  ['a variable in --from is not expanded', 'ARG X=a\nFROM a\nCOPY --from=$X . .', [['from', 'image', 'a', 'a', []], ['copy-from', 'unknown', null, '$X', []]]], // prettier-ignore
  ['RUN --mount=from', 'FROM a AS x\nFROM b\nRUN --mount=type=bind,from=x,target=/x --mount=from=nginx:1,target=/y true', [['from', 'image', 'a', 'a', []], ['from', 'image', 'b', 'b', []], ['mount-from', 'stage', 'x', 'x', [0]], ['mount-from', 'image', 'nginx:1', 'nginx:1', []]]], // prettier-ignore
  ['a mount whose image is part of another field', 'FROM a\nRUN --mount=type=bind,from=b,target=/b true', [['from', 'image', 'a', 'a', []], ['mount-from', 'image', 'b', 'b', []]]], // prettier-ignore
  ['an image over a continuation', 'FROM no\\\nde:20', [['from', 'image', 'node:20', 'no\\\nde:20', []]]],
  ['ONBUILD COPY --from', 'FROM a\nONBUILD COPY --from=b:1 . .', [['from', 'image', 'a', 'a', []], ['copy-from', 'image', 'b:1', 'b:1', []]]], // prettier-ignore
  ['patterns', 'ARG V=v1.2.3\nFROM a:${V#v}\nFROM a:${V%.*}\nFROM a:${V//./-}\nFROM a:${V##*.}', [['from', 'image', 'a:1.2.3', 'a:${V#v}', []], ['from', 'image', 'a:v1.2', 'a:${V%.*}', []], ['from', 'image', 'a:v1-2-3', 'a:${V//./-}', []], ['from', 'image', 'a:3', 'a:${V##*.}', []]]], // prettier-ignore
];

describe('images', () => {
  it.each(imageCases)('%s', (_, text, expected) => {
    expect(images(text)).toEqual(expected);
  });

  it('maps a part of the reference into the default of its ARG', () => {
    const text = 'ARG TAG=latest\nFROM node:${TAG}';
    const [use] = parseDockerfile(text).images;
    const reference = use!.reference;
    if (reference?.invalid !== null) throw new Error('no reference');
    expect(use!.at(reference.ranges.tag!)).toEqual({ start: 8, end: 14 });
    expect(use!.at(reference.ranges.repository)).toEqual({ start: 20, end: 24 });
  });
});

describe('stages', () => {
  it('follows FROM, COPY --from and mounts to what is reachable', () => {
    const model = parseDockerfile(
      'FROM a AS a1\nFROM b AS b1\nFROM c AS c1\nFROM d AS d1\nFROM a1\nCOPY --from=b1 . .\nRUN --mount=from=c1 true',
    );
    expect(model.stages.map(stage => stage.reachable)).toEqual([true, true, true, false, true]);
    expect(model.stages.map(stage => stage.isFinal)).toEqual([false, false, false, false, true]);
    expect(model.finalStage!.base!.name).toBe('a1');
    expect(model.finalStage!.root.image.text).toBe('a');
  });

  it('survives stages that name themselves or each other', () => {
    const model = parseDockerfile(
      'FROM a AS a\nFROM a AS a\nCOPY --from=a . .\nFROM x AS b\nCOPY --from=c . .\nFROM y AS c\nCOPY --from=b . .',
    );
    expect(model.stages[1]!.base).toBe(model.stages[0]);
    expect(model.stages.map(stage => stage.reachable)).toEqual([false, false, true, true]);
  });

  const states: [string, string, unknown][] = [
    ['nothing set', 'FROM a', [null, null, null]],
    ['USER', 'FROM a\nUSER root\nUSER node', ['node', null, null]],
    ['USER through an alias', 'FROM a AS x\nUSER app\nFROM x', ['app', null, null]],
    ['USER of another stage', 'FROM a AS x\nUSER app\nFROM b', [null, null, null]],
    ['USER from an ARG', 'FROM a\nARG U=1000\nUSER $U', ['1000', null, null]],
    ['USER from a global ARG that is not declared here', 'ARG U=1000\nFROM a\nUSER $U', [null, null, null]],
    ['USER from a global ARG', 'ARG U=1000\nFROM a\nARG U\nUSER ${U}', ['1000', null, null]],
    ['USER from ENV, the last value', 'FROM a\nENV U=1 V=$U\nENV U=2\nUSER $U:$V', [null, null, null]],
    ['USER from ENV through an alias', 'FROM a AS x\nENV U=7\nFROM x\nUSER "$U"', ['7', null, null]],
    ['USER by ONBUILD of a base stage', 'FROM a AS x\nONBUILD USER 5\nFROM x', ['5', null, null]],
    ['WORKDIR absolute', 'FROM a\nWORKDIR /app', [null, '/app', null]],
    ['WORKDIR relative on an unknown base', 'FROM a\nWORKDIR app', [null, null, null]],
    ['WORKDIR relative on scratch', 'FROM scratch\nWORKDIR app', [null, '/app', null]],
    ['WORKDIR joined', 'FROM a\nWORKDIR /a/b\nWORKDIR ../c', [null, '/a/c', null]],
    ['SHELL', 'FROM a AS x\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nFROM x', [null, null, ['/bin/bash', '-o', 'pipefail', '-c']]],
  ];
  it.each(states)('state: %s', (_, text, expected) => {
    const { state } = parseDockerfile(text).finalStage!;
    expect([state.user?.value ?? null, state.workdir?.value ?? null, state.shell?.words ?? null]).toEqual(expected);
  });

  const commands: [string, string, unknown][] = [
    ['inherited', 'FROM a AS x\nENTRYPOINT ["e"]\nCMD ["c"]\nFROM x', ['ENTRYPOINT', 'CMD', false]],
    ['an ENTRYPOINT takes the inherited CMD away', 'FROM a AS x\nCMD ["c"]\nFROM x\nENTRYPOINT ["e"]', ['ENTRYPOINT', null, true]],
    ['a CMD of this stage stays', 'FROM a\nCMD ["c"]\nENTRYPOINT ["e"]', ['ENTRYPOINT', 'CMD', false]],
    ['a CMD behind ENTRYPOINT', 'FROM a\nENTRYPOINT ["e"]\nCMD ["c"]', ['ENTRYPOINT', 'CMD', false]],
    ['none', 'FROM a', [null, null, false]],
  ];
  it.each(commands)('CMD and ENTRYPOINT: %s', (_, text, expected) => {
    const { state } = parseDockerfile(text).finalStage!;
    expect([state.entrypoint?.keyword ?? null, state.cmd?.keyword ?? null, state.cmdReset]).toEqual(expected);
  });

  it('says what is in force before each instruction', () => {
    const model = parseDockerfile('FROM a\nRUN 1\nUSER x\nRUN 2\nUSER y\nRUN 3');
    expect([0, 1, 2].map(n => find(model, 'RUN', n).stateBefore!.user?.value ?? null)).toEqual([null, 'x', 'y']);
    expect(model.instructions[0]!.stateBefore!.user).toBeNull();
    expect(parseDockerfile('ARG X\nFROM a').instructions[0]!.stateBefore).toBeNull();
  });

  const windows: [string, string, boolean][] = [
    ['Linux', 'FROM node:20', false],
    ['nanoserver', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022', true],
    ['a tag', 'FROM golang:1.22-windowsservercore-ltsc2022', true],
    ['the platform', 'FROM --platform=windows/amd64 x', true],
    ['the shell', 'FROM x\nSHELL ["powershell", "-Command"]', true],
    ['pwsh may be Linux', 'FROM x\nSHELL ["pwsh", "-Command"]', false],
    ['through an alias', 'FROM mcr.microsoft.com/windows/servercore:1 AS b\nFROM b', true],
    ['the escape directive with an unknown image', '# escape=`\nARG B\nFROM $B', true],
  ];
  it.each(windows)('windows: %s', (_, text, expected) => {
    expect(parseDockerfile(text).finalStage!.windows).toBe(expected);
  });

  it('finds variables with their declaration', () => {
    const model = parseDockerfile('ARG G=1\nFROM a AS x\nARG G\nENV A=$G B="two words" C\\\n=3\nRUN true\nENV A=9\nFROM x\nRUN true');
    const run = find(model, 'RUN');
    const stage = run.stage!;
    expect(['G', 'A', 'B', 'C', 'PATH'].map(name => stage.variable(name, run)?.value)).toEqual(['1', '1', 'two words', '3', undefined]);
    expect(model.finalStage!.variable('A')).toMatchObject({ value: '9', kind: 'env' });
    expect(model.globalVariable('G')).toMatchObject({ value: '1', kind: 'arg' });
  });

  it('does not follow values that double without end', () => {
    const lines = Array.from({ length: 60 }, (_, i) => `ENV V${i + 1}=$V${i}$V${i}`).join('\n');
    const model = parseDockerfile(`FROM a\nENV V0=xx\n${lines}\nUSER $V60`);
    expect(model.finalStage!.state.user!.value).toBeNull();
  });
});
