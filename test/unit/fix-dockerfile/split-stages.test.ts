import { DockerfileParser } from 'dockerfile-ast';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { plainContext } from '../../../tools/lint-context';
import { askBuildkit, hasBuildkit, noBuildkit, refusalsOf } from '../../support/buildkit';

const rule = 'dockerfile/single-stage-build';
const engine = createEngine(rules.filter(({ id }) => id === rule));

if (!hasBuildkit) console.log(noBuildkit('what BuildKit says of the results'));

const findingsOf = (text: string): readonly unknown[] => engine.open({ path: 'Dockerfile', text }).lint(plainContext()).findings;

/** The file in two stages; `null` where nothing is offered. */
function split(text: string): string | null {
  const opened = engine.open({ path: 'Dockerfile', text });
  const [finding, ...others] = opened.lint(plainContext()).findings.filter(found => found.rule === rule);
  expect(others).toEqual([]);
  const [fix] = finding!.fixes;
  if (!fix) return null;
  const rendered = opened.render(finding!, fix);
  expect(rendered.ok).toBe(true);
  return applyEdits(text, rendered.ok ? rendered.edits : []);
}

const go = 'FROM golang:1.26\nWORKDIR /src\nCOPY . .\n';
const node = 'FROM node:24\nWORKDIR /app\nCOPY . .\n';

describe('a file of one stage is split behind its build', () => {
  test.each<[what: string, text: string, image: string, taken: readonly string[]]>([
    [
      'a static program',
      `${go}RUN CGO_ENABLED=0 go build -o /app .\nCMD ["/app"]\n`,
      'gcr.io/distroless/static-debian13:nonroot',
      ['/app'],
    ],
    ['a program on the path', `${go}ENV CGO_ENABLED=0\nRUN go build -o=/usr/local/bin/app\nENTRYPOINT ["app"]\nCMD ["-v"]\n`, 'gcr.io/distroless/static-debian13:nonroot', ['/usr/local/bin/app']], // prettier-ignore
    ['with the C library', `${go}RUN go build -o app .\nCMD ["./app"]\n`, 'gcr.io/distroless/base-debian13:nonroot', ['/src/app']],
    ['started by a shell', `${go}RUN go install ./...\nENTRYPOINT /go/bin/app\n`, 'debian:13-slim', ['/go/bin/app']],
    ['on Alpine', `${go.replace('1.26', '1.26-alpine3.23')}RUN go build -o app\nCMD ["./app"]\n`, 'alpine:3.23', ['/src/app']],
    ['Rust', 'FROM rust:1.98\nWORKDIR /x\nCOPY . .\nRUN cargo build --release\nCMD ["target/release/x"]\n', 'gcr.io/distroless/cc-debian13:nonroot', ['/x/target/release/x']], // prettier-ignore
    ['Gradle', 'FROM gradle:9-jdk25\nWORKDIR /x\nCOPY . .\nRUN gradle bootJar\nCMD ["java", "-Xmx1g", "-jar", "build/libs/x.jar"]\n', 'eclipse-temurin:25-jre', ['/x/build/libs/x.jar']], // prettier-ignore
    ['.NET', 'FROM mcr.microsoft.com/dotnet/sdk:10.0\nWORKDIR /x\nCOPY . .\nRUN dotnet publish --output out\nCMD ["dotnet", "out/x.dll"]\n', 'mcr.microsoft.com/dotnet/aspnet:10.0', ['/x/out']], // prettier-ignore
    ['npm', `${node}RUN npm ci && npm run build\nUSER 1000\nCMD ["npm", "start"]\n`, 'node:24-slim', ['/app']],
    ['pnpm', `${node}RUN pnpm install --frozen-lockfile && pnpm run build\nCMD ["node", "a.js"]\n`, 'node:24-slim', ['/app']],
    [
      'npm, on Alpine',
      `${node.replace('24', '24-alpine')}RUN npm ci\nRUN npm run build\nCMD ["node", "a.js"]\n`,
      'node:24-alpine',
      ['/app'],
    ],
    ['pip', 'FROM python:3.14\nWORKDIR /x\nRUN apt-get update && apt-get install -y gcc\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "a.py"]\n', 'python:3.14', ['/usr/local/lib/python3.14/site-packages', '/usr/local/bin', '/x']], // prettier-ignore
  ])('%s', (_what, text, image, taken) => {
    const after = split(text)!;
    const stages = DockerfileParser.parse(after).getFROMs();
    expect(stages.map(from => from.getImage())).toEqual([/^FROM (\S+)/.exec(text)![1], image]);
    expect(stages[0]!.getBuildStage()).toBe('build');
    expect([...after.matchAll(/^COPY --from=build (\S+) \1$/gm)].map(([, path]) => path)).toEqual(taken);
    // what starts is said once, in the stage that ships
    const start = /^(?:CMD|ENTRYPOINT) .*$/m.exec(text)![0];
    expect(after.split(start)).toHaveLength(2);
    expect(after.indexOf(start)).toBeGreaterThan(after.indexOf(`FROM ${image}`));
    expect(findingsOf(after)).toEqual([]);
    if (hasBuildkit) expect(askBuildkit([after]).flatMap(refusalsOf)).toEqual([]);
  });

  test.each<[why: string, text: string]>([
    ['files are given to a user', `${go}RUN go build -o /app . && chown 1000 /app\nCMD ["/app"]\n`],
    ['the user is one that the build creates', `${go}RUN useradd app && go build -o /app .\nUSER app\nCMD ["/app"]\n`],
    ['another program starts', `${go}RUN go build -o /app .\nCMD ["/other"]\n`],
    ['a variable says where', `${go}ARG OUT=/app\nRUN go build -o $OUT .\nCMD ["/app"]\n`],
    ['a variable is handed on', `${go}ARG V\nENV VERSION=$V\nRUN go build -o /app .\nCMD ["/app"]\n`],
    ['there is another stage', `FROM alpine:3.23 AS other\n${go}RUN go build -o /app .\nCMD ["/app"]\n`],
    ['the stage has a name', `${go.replace('1.26', '1.26 AS production')}RUN go build -o /app .\nCMD ["/app"]\n`],
    ['a shell that the image lacks asks for its health', `${go}HEALTHCHECK CMD wget -q localhost\nRUN go build -o /app .\nCMD ["/app"]\n`],
    ['packages are installed for all', `${node}RUN npm ci && npm i -g pm2 && npm run build\nCMD ["node", "a.js"]\n`],
    [
      'a library may be needed',
      'FROM python:3.14\nWORKDIR /x\nRUN apt-get install -y gcc libpq-dev && pip install psycopg2\nCMD ["python", "a.py"]\n',
    ],
  ])('nothing is offered where %s', (_why, text) => {
    expect(split(text)).toBeNull();
  });
});
