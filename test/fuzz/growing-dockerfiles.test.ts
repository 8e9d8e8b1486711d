import type { Finding } from '../../shared/src/rule/finding/types';
import { describe, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { LintContext } from '../../shared/src/engine/types';
import { rules } from '../../shared/src/families/generated/index';
import { plainContext } from '../../tools/lint-context';
import { expectProportional, expectProportionalAt, type Make } from './growth';
import { patience, unseenPath } from '../support/growth';

const engine = createEngine(rules.filter(rule => rule.family === 'dockerfile'));

/** Every rule, its build context known: an ignore file, and secrets beside it. */
const context: LintContext = {
  ...plainContext('strict'),
  sizeLimit: 1 << 24,
  buildContext: () => ({
    ignore: { path: '.dockerignore', text: 'node_modules\n*.md\n' },
    untracked: { path: '.gitignore', text: '/uploads/\n*.db\n' },
    secrets: ['.env', 'id_rsa'],
    open: [],
  }),
};

const many = (n: number, make: (i: number) => string): string => Array.from({ length: n }, (_, i) => make(i)).join('');

/** A stage that ends in `inside`. */
const stage =
  (inside: Make): Make =>
  n =>
    `FROM debian:12 AS build\nFROM debian:12\n${inside(n)}CMD ["/app"]\n`;

/** A stage of `n` instructions. */
const lines = (make: (i: number) => string): Make => stage(n => many(n, i => `${make(i)}\n`));

/** One RUN of `n` commands. */
const chain = (make: (i: number) => string): Make =>
  stage(n => `RUN ${Array.from({ length: n }, (_, i) => make(i)).join(' && \\\n    ')}\n`);

/** `n` stages; the last one is plain. */
const stages =
  (make: (i: number, n: number) => string): Make =>
  n =>
    `${many(n, i => make(i, n))}FROM debian:12\nCMD ["/app"]\n`;

/** `n` stages, each from the one before. */
const chained =
  (inside: string): Make =>
  n =>
    `FROM debian:12 AS s0\n${many(n, i => `FROM s${i} AS s${i + 1}\n${inside.replaceAll('#', `${i}`)}`)}CMD ["/app"]\n`;

/** Texts that grow with `n`, each a way to cost more than its length. */
const growing: Readonly<Record<string, Make>> = {
  'stages, each from the one before': chained(''),
  'stages, each from the one before, with settings': chained('ARG A#=$A\nENV E#=$E X=$X:#\nUSER $X\nWORKDIR sub#\n'),
  'stages, each from the one before, with scripts': chained('RUN useradd u# && apt-get install -y p# && echo $A | tee f#\n'),
  'stages, each from the one before, with ports and folders': chained('EXPOSE #\nVOLUME /v#\nCOPY . /d#\n'),
  'stages, each from the one before, with servers': chained('ENTRYPOINT ["/entrypoint.sh", "--", "s#"]\nCMD ["run#"]\nHEALTHCHECK CMD x\n'),
  'stages from one stage': stages((i, n) =>
    i === 0 ? 'FROM debian:12 AS s\nRUN apt-get update\n' : `FROM s AS s${i % n}\nRUN apt-get install -y p\n`,
  ),
  'stages of one name': stages(() => 'FROM debian:12 AS s\nRUN x\n'),
  'stages that copy from each other in a circle': stages((i, n) => `FROM debian:12 AS s${i}\nCOPY --from=s${(i + 1) % n} /a /b\n`),
  'stages that copy from all before': n =>
    `${many(n, i => `FROM debian:12 AS s${i}\nRUN make\n`)}FROM debian:12\n${many(n, i => `COPY --from=s${i} /a /b${i}\n`)}CMD ["/app"]\n`,
  'stages by number': n => `${many(n, () => 'FROM debian:12\n')}${many(n, i => `COPY --from=${i} /a /b\n`)}CMD ["/app"]\n`,
  'stages chosen by a variable': n => `${many(n, i => `FROM debian:12 AS s-${i}\n`)}FROM s-\${TARGETARCH}\nCMD ["/app"]\n`,
  'stages that share a cache': stages(i => `FROM node:20 AS s${i}\nRUN --mount=type=cache,target=/c,id=x npm ci\n`),
  'triggers of one base': n => `FROM debian:12 AS b\n${many(n, i => `ONBUILD RUN make ${i}\n`)}FROM b\nCMD ["/app"]\n`,
  'triggers of many bases': chained('ONBUILD COPY . /app#\n'),
  'arguments before FROM': n => `${many(n, i => `ARG A${i}=$A${i + 1}\n`)}FROM debian:$A0\nCMD ["/app"]\n`,
  'variables that name those before': lines(i => `ENV V${i}=$V${i - 1} X=$X:${i}`),
  'variables that double': lines(i => `ENV V${i}=$V${i - 1}$V${i - 1}`),
  'variables of one ENV': stage(n => `ENV ${many(n, i => `V${i}=$V${i + 1} `)}\n`),
  'variables of one name': lines(() => 'ENV V=$V'),
  'variables that nothing gives': lines(i => `RUN echo $V${i} \${W${i}:-$X${i}}`),
  'variables and who uses them': stage(
    n => many(n, i => `ARG TOKEN${i}\n`) + many(n, i => `RUN curl -H "Authorization: $TOKEN${i}" https://a.example\n`),
  ),
  'labels of one LABEL': stage(n => `LABEL ${many(n, i => `a${i}="b" `)}\n`),
  'copies with a variable': lines(i => `COPY $A$B/a${i} "/b c/$D"`),
  'copies of the context': lines(i => `COPY . /app${i}`),
  'sources of one COPY': stage(n => `COPY ${many(n, i => `a${i} `)}/b\n`),
  'copies and who changes their owner': stage(n => many(n, i => `COPY a /d${i}\n`) + many(n, i => `RUN chown -R 1 /d${i}\n`)),
  'copies and who deletes them': stage(n => many(n, i => `COPY .env /d${i}/.env\n`) + many(n, i => `RUN rm /d${i}/.env\n`)),
  'copies and who unpacks them': stage(n => many(n, i => `COPY a${i}.tar /d/\n`) + many(n, i => `RUN tar xf /d/a${i}.tar\n`)),
  'archives of one ADD each': lines(i => `ADD https://a.example/a${i}.tar.gz /x${i}`),
  flags: stage(n => `RUN ${'--mount=type=cache,target=/c '.repeat(n)}true\n`),
  'fields of one mount': stage(n => `RUN --mount=type=cache${',target=/c'.repeat(n)} true\n`),
  'secrets that are mounted and printed': lines(i => `RUN --mount=type=secret,id=s${i} cat /run/secrets/s${i} > /f${i}`),
  'RUN after RUN': lines(i => `RUN apt-get install -y a${i}`),
  'updates, each alone': lines(() => 'RUN apt-get update'),
  'updates and installs': stage(n => 'RUN apt-get update\n'.repeat(n) + many(n, i => `RUN apt-get install -y a${i}\n`)),
  'commands of one RUN': chain(i => `apt-get install -y a${i}`),
  'packages of one install': stage(n => `RUN apt-get install -y ${many(n, i => `a${i} `)}\n`),
  'installs and removals': chain(i => `apk add a${i} && apk del b${i}`),
  'installs of pip, each with a cache': chain(i => `pip install a${i}`),
  'caches that are cleaned': chain(() => 'yum install -y a && yum clean all'),
  'npm, each before what it is for': stage(n => 'COPY . .\n' + 'RUN npm ci --production\n'.repeat(n) + 'RUN npm run build\n'.repeat(n)),
  'downloads and their checks': chain(i => `curl -o f${i} https://a.example/f${i} && echo "x f${i}" | sha256sum -c`),
  'downloads that are run': chain(i => `curl -o f${i} https://a.example/f${i} && sh f${i}`),
  'downloads of one curl': stage(n => `RUN curl ${many(n, i => `-O https://a.example/f${i} `)}\n`),
  'downloads of many RUNs': lines(i => `RUN wget http://a.example/f${i}.tgz`),
  'a pipe of many': stage(n => `RUN ${'cat a | '.repeat(n)}sh\n`),
  'pipes of one RUN': chain(() => 'curl https://a.example | sh'),
  'changes of folder': chain(i => `cd d${i} && make`),
  'changes of folder in RUN after RUN': lines(i => `RUN cd d${i} && make`),
  'folders in folders': lines(i => `WORKDIR d${i}`),
  'users by the thousand': stage(n => many(n, i => `RUN useradd u${i}\n`) + many(n, i => `USER u${i}\n`)),
  'users that none makes': lines(i => `USER u${i}`),
  'ports by the thousand': lines(i => `EXPOSE ${i}`),
  'ports of one EXPOSE': stage(n => `EXPOSE ${many(n, i => `${i} `)}\n`),
  'folders of one VOLUME': stage(n => `VOLUME [${many(n, i => `"/v${i}", `)}"/w"]\n`),
  'shells that change': lines(i => `SHELL ["/bin/bash", "-o", "${i}", "-c"]\nRUN a | b`),
  'starts by the thousand': lines(i => `CMD run ${i}`),
  'health checks': lines(() => 'HEALTHCHECK CMD curl -f http://localhost'),
  'rights of one chmod': stage(n => `RUN chmod 777 ${many(n, i => `/a${i} `)}\n`),
  'credentials and who may read them': stage(
    n => many(n, i => `COPY k${i}/id_rsa /k${i}/\n`) + many(n, i => `RUN chmod 600 /k${i}/id_rsa\n`),
  ),
  'rights by the thousand': chain(i => `chmod u+s /a${i}`),
  'words of one echo': stage(n => `RUN echo ${many(n, i => `trusted=yes${i} "a" `)} > /etc/apt/sources.list\n`),
  'sub-shells in each other': stage(n => `RUN ${'('.repeat(n)}true${')'.repeat(n)}\n`),
  'substitutions in each other': stage(n => `RUN echo ${'$(echo '.repeat(n)}a${')'.repeat(n)}\n`),
  'strings of sh -c': chain(i => `sh -c "echo ${i} && curl https://a.example | sh"`),
  'wrappers in front of a command': stage(n => `RUN ${'sudo env A=b '.repeat(n)}true\n`),
  'ifs in a row': chain(() => 'if a; then b; else c; fi'),
  'a script in a heredoc': stage(n => `RUN <<E\n${'apt-get install -y foo\n'.repeat(n)}E\n`),
  'heredocs by the thousand': lines(i => `COPY <<E /f${i}\n#!/bin/sh\nuseradd u\npassword=abc${i}\nE`),
  'heredocs of one COPY': stage(n => `COPY ${many(n, i => `<<E${i} `)}/d/\n${many(n, i => `a\nE${i}\n`)}`),
  'heredocs without an end': stage(n => `RUN ${'<<E '.repeat(n)}\n`),
  'an exec form': stage(n => `RUN ["a"${', "b\\\\c"'.repeat(n)}]\n`),
  'half an exec form': stage(n => `RUN ["a"${', "b'.repeat(n)}\n`),
  'a long word': stage(n => `RUN echo ${'ghp_abcdefgh'.repeat(n)}${'eyJhbGci.'.repeat(n)}\n`),
  'a long line of settings': stage(n => `RUN echo "${many(n, i => `password=a1b2c${i} key: `)}"\n`),
  'addresses with a password': chain(i => `git clone https://u:p4ss${i}@a.example/r`),
  'quotes that do not end': lines(i => `ENV A${i}="b'`),
  'braces that do not end': lines(() => 'ENV A=${B:-${C:-'),
  'continued lines': stage(n => `RUN true${' \\\n  a'.repeat(n)}\n`),
  'comments and blank lines within': stage(n => `RUN true \\\n${'# c\n\n'.repeat(n)}  a\n`),
  'comments with directives': lines(
    i => `# hadolint ignore=DL3008\n# bulkhead-ignore: dockerfile/latest-tag\nRUN apt-get install -y a${i}`,
  ),
  'directives that ignore nothing': stage(n => '# bulkhead-ignore: dockerfile/latest-tag\n'.repeat(n)),
  'comments above the first FROM': n => `${'# syntax = a\n'.repeat(n)}FROM debian:12\n`,
  'unknown instructions': lines(i => `COPPY${i} a b`),
  'flags that none knows': stage(n => `COPY ${many(n, i => `--frm${i}=a `)}a b\n`),
  'nothing but FROM': n => 'FROM node:latest\n'.repeat(n),
};

const lint = (text: string): readonly Finding[] => {
  const opened = engine.open({ path: unseenPath('Dockerfile'), text });
  opened.facts();
  return opened.lint(context).findings;
};

describe('Dockerfiles that grow cost in proportion, with their facts', () => {
  test.each(Object.keys(growing))('%s', name => expectProportional(name, growing[name]!, lint), patience);

  test.each([
    ['stages, each from the one before', 5000],
    ['stages that copy from each other in a circle', 5000],
    ['stages that copy from all before', 5000],
    // a megabyte
    ['commands of one RUN', 33_000],
  ])('%s, %i of them', (name, n) => expectProportionalAt(n, name, growing[name]!, lint), patience);
});
