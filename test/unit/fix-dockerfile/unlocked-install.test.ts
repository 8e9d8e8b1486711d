import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);

/** The class of the fix for the last install of a Dockerfile. */
function classOf(lines: readonly string[]): string | undefined {
  const { findings } = engine.open({ path: 'Dockerfile', text: `FROM node:24\nWORKDIR /app\n${lines.join('\n')}\n` }).lint(plainContext());
  return findings.filter(({ rule }) => rule === 'dockerfile/unlocked-install').at(-1)?.fixes[0]?.class;
}

// a manifest that a step of the build makes need not be the one that the lock file was written for
test.each([
  ['both copied at once', ['COPY package.json package-lock.json ./', 'RUN npm install'], 'review'],
  ['one after the other', ['COPY package-lock.json ./', 'COPY package.json .', 'RUN npm install'], 'review'],
  ['with another name in the context', ['COPY a/package-lock.json ./', 'COPY a/package.json ./package.json', 'RUN npm install'], 'review'],
  ['by a glob', ['COPY package-lock.json ./', 'COPY *.json ./', 'RUN npm install'], 'review'],
  ['with a folder, whose own lock file it is not', ['COPY package-lock.json ./', 'COPY web ./', 'RUN npm install'], 'attended'],
  ['from another stage', ['COPY package-lock.json ./', 'COPY --from=tools /src/ ./', 'RUN npm install'], 'review'],
  ['by a command', ['COPY package-lock.json /app/dist/', 'WORKDIR dist', 'RUN cp ../package.json .', 'RUN npm install'], 'review'],
  ['made by the build', ['COPY package-lock.json /app/dist/', 'WORKDIR dist', 'RUN npm install'], 'attended'],
  [
    'made by the build, copied elsewhere',
    ['COPY package.json package-lock.json ./', 'RUN make', 'WORKDIR dist', 'COPY package-lock.json .', 'RUN npm install'],
    'attended',
  ],
])('the manifest beside the lock file, %s', (_, lines, expected) => {
  expect(classOf(lines)).toBe(expected);
});
