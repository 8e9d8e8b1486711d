import { describe, expect, it } from 'vitest';
import { provable, refusedIn, subjectIn } from '../../support/trials';

describe('what no build of a trial does, one at a time', () => {
  it.each([
    ['# syntax=example.com/frontend\nFROM alpine', 'refused-build: syntax=example.com/frontend'],
    ['# syntax=docker/dockerfile-upstream:master\nFROM alpine', 'refused-build: syntax=docker/dockerfile-upstream:master'],
    ['// syntax=example.com/x\nFROM alpine', 'refused-build: syntax'],
    ['{"syntax": "example.com/x"}', 'refused-build: syntax'],
    ['FROM alpine\nADD https://example.com/x /x', 'refused-build: ADD https://example.com/x'],
    ['FROM alpine\nADD --checksum=sha256:0 http://example.com/x /x', 'refused-build: ADD http://example.com/x'],
    ['FROM alpine\nADD git@example.com:x.git /x', 'refused-build: ADD git@example.com:x.git'],
    ['FROM alpine\nARG URL=https://example.com/x\nADD $URL /x', 'refused-build: ADD https://example.com/x'],
    ['FROM alpine\nADD $UNKNOWN /x', 'refused-build: ADD $UNKNOWN'],
    ['FROM alpine AS a\nONBUILD ADD https://example.com/x /x\nFROM a', 'refused-build: ADD https://example.com/x'],
    ['FROM alpine\nRUN --mount=type=secret,id=x cat /run/secrets/x', 'refused-build: --mount=type=secret'],
    ['FROM alpine\nRUN --mount=type=ssh ssh x', 'refused-build: --mount=type=ssh'],
    ['FROM alpine\nRUN --mount=type=$T x', 'refused-build: --mount=type=$t'],
    ['FROM alpine\nRUN --security=insecure x', 'refused-build: --security=insecure'],
    ['FROM alpine\nRUN --network=host x', 'refused-build: --network=host'],
    ['FROM $NOWHERE', 'unclear: $NOWHERE'],
    ['FROM mcr.microsoft.com/windows/nanoserver:ltsc2022', 'engine: windows'],
    ['RUN x', 'unclear: no-stage'],
    ['FROM alpine\nFOO x', 'unclear: unknown-instruction'],
    ['', 'unclear: no-instructions'],
  ])('%j', (text, reason) => {
    expect(refusedIn(subjectIn('dockerfile', `${text}\n`)).join('\n')).toContain(reason);
  });

  it('refuses a stage that is not there, and names that are options', () => {
    for (const name of ['nowhere', '--secret', ''])
      expect(refusedIn(subjectIn('dockerfile', 'FROM alpine AS x\n', { name }))).toEqual([`not-here: stage ${name}`]);
  });
});

it('takes what an unknown variable cannot make an address of', () => {
  expect(
    provable('dockerfile', 'FROM alpine\nADD bin/$NAME ./$NAME /x/\nARG BUILDKIT_SBOM_SCAN_CONTEXT=true\n').container.image,
  ).toMatchObject({ images: ['alpine'] });
});

it('builds a stage with what is here, and says which images it needs', () => {
  const text = `# syntax=docker/dockerfile:1
ARG TAG=3.22
FROM golang:1 AS build
RUN --mount=type=cache,target=/go --network=none go build
FROM alpine:$TAG AS run
EXPOSE 8080 53/udp
COPY --from=build /x /x
COPY --from=example.com/tools:1 /y /y
FROM run AS test
FROM example.com/later
`;
  const { container, platform } = provable('dockerfile', text, { name: 'run' });
  expect(platform).toBe('engine');
  expect(container).toMatchObject({
    name: 'run',
    image: {
      dockerfile: 'deploy/Dockerfile',
      context: 'deploy',
      target: 'run',
      args: [],
      frontend: 'docker/dockerfile:1',
      images: ['golang:1', 'alpine:3.22', 'example.com/tools:1'],
    },
    ports: [8080],
    command: null,
  });
});
