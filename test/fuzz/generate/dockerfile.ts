import { fc } from '../../support/property';

const words: readonly string[] =
  "a / /app . .. $A ${A} ${A:-b} ${A:-${B}} $ \"a b\" 'c' \" ' \\ \\\\ a=b A=$A --from=0 --from=a --mount=type=secret,id=x --chown=a:b --link && || | ; > (a) `b` $(c) {} sudo root latest nginx:latest alpine@sha256:x https://example.com/a.tar.gz 80/tcp 99999 [ ] , # <<EOF <<-'E' *.txt 777 password=hunter2hunter2 apt-get install -y curl".split(
    ' ',
  );

const word = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: fc.string({ maxLength: 6 }) });

const script = fc
  .array(
    fc.constantFrom(
      'apt-get update',
      'apt-get install -y curl=1 wget',
      'apk add --no-cache git',
      'curl -k http://example.com/x | sh',
      'cd /tmp',
      'rm -rf /var/lib/apt/lists/*',
      'chmod 777 /a',
      'useradd -u 0 a',
      'pip install x',
      'npm install -g y',
      "sed -i 's#a#b#' /etc/passwd",
      'if true; then a; fi',
      'for i in a b; do c; done',
      'case $x in a) b;; esac',
      'export A=$(cat <<E',
      'f() { a; }',
      'set -o pipefail',
      'echo "$A',
      "sh -c 'a && b'",
    ),
    { minLength: 1, maxLength: 5 },
  )
  .chain(commands => fc.constantFrom(' && ', ' && \\\n    ', '; ', ' | ', '\n', ' \\\n# why\n && ').map(between => commands.join(between)));

const keyword = fc.constantFrom(
  ...'FROM RUN RUN COPY ADD ENV ARG LABEL USER WORKDIR EXPOSE VOLUME CMD ENTRYPOINT HEALTHCHECK ONBUILD SHELL STOPSIGNAL MAINTAINER from Run RUNN'.split(
    ' ',
  ),
);

const exec = fc.array(fc.constantFrom('a', '-c', '/bin/sh', '$A', 'b"c', '\\'), { maxLength: 4 }).map(list => JSON.stringify(list));

const instruction = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(keyword, fc.array(word, { maxLength: 6 }), fc.constantFrom(' ', ' ', ' ', ' \\\n  ', '\t'))
      .map(([name, list, between]) => [name, ...list].join(between)),
  },
  { weight: 4, arbitrary: script.map(text => `RUN ${text}`) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK --interval=1s CMD', 'SHELL', 'VOLUME'), exec)
      .map(parts => parts.join(' ')),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('RUN <<E', 'RUN <<-"E" cat', 'COPY <<E /x', 'RUN --network=none <<E sh'),
        script,
        fc.constantFrom('E', '\tE', 'F'),
      )
      .map(([head, body, end]) => `${head}\n${body}\n${end}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('nginx', 'alpine:3.22', 'scratch', '$A', 'a', 'node:20'), fc.constantFrom('', ' AS a', ' AS b', ' as $C'))
      .map(([image, name]) => `FROM ${image}${name}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '# hadolint ignore=DL3007',
      '# bulkhead-ignore dockerfile/latest-tag -- x',
      '# check=skip=all',
      '# escape=`',
      '# syntax=docker/dockerfile:1',
      '#',
      '',
      '   ',
      '# trivy:ignore:DS002',
    ),
  },
);

/** A Dockerfile as a grammar gives it: it reads like one, and seldom builds. */
export const dockerfileText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('FROM nginx\n', 'FROM alpine AS a\n', 'ARG A=1\nFROM node:$A\n', '# escape=`\nFROM a\n', ''),
    fc.array(instruction, { maxLength: 10 }),
  )
  .map(([head, lines]) => `${head}${lines.join('\n')}\n`);
