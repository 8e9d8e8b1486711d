import { expect, test } from 'vitest';
import { arrangeInserts } from '../../../shared/src/families/dockerfile/fix/arrange';
import { renderDockerfile } from '../../../shared/src/families/dockerfile/fix/render';
import { verifyDockerfile } from '../../../shared/src/families/dockerfile/fix/verify';
import { insertLines } from '../../../shared/src/rule/fix/operations';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { fc } from '../../support/property';

type Short = readonly ['before' | 'after', number, string];

/** A file with lines inserted, as they are rendered and verified together. */
function insert(text: string, shorts: readonly Short[]): string {
  const model = parseDockerfile(text);
  const operations = shorts.map(([at, instruction, lines]) => insertLines(at, instruction, lines));
  const rendered = renderDockerfile(model, operations);
  if (!rendered.ok) return `refused: ${rendered.reason}`;
  const result = applyEdits(text, rendered.edits);
  const ranges = rendered.edits.map(({ range }) => range);
  expect(verifyDockerfile(model, parseDockerfile(result), operations, ranges)).toBeNull();
  return result;
}

test.each<[what: string, text: string, inserted: Short[], expected: string]>([
  [
    'installs as root, then changes the user, then says how it starts',
    'FROM a\nCOPY a .\nCMD x\n',
    [
      ['before', 2, 'CMD y\nHEALTHCHECK CMD z'],
      ['before', 2, 'ENTRYPOINT ["tini", "--"]'],
      ['before', 2, 'RUN mkdir /b\nUSER 1'],
      ['before', 2, 'HEALTHCHECK CMD y'],
      ['before', 2, 'RUN apk add tini'],
      ['after', 1, 'WORKDIR /a'],
      ['before', 2, 'STOPSIGNAL SIGINT'],
    ],
    'FROM a\nCOPY a .\nWORKDIR /a\nCMD y\nHEALTHCHECK CMD z\nRUN mkdir /b\nRUN apk add tini\nUSER 1\nSTOPSIGNAL SIGINT\nHEALTHCHECK CMD y\nENTRYPOINT ["tini", "--"]\nCMD x\n',
  ],
  [
    'installs in front of a user that is set further up, as long as nothing is prepared between them',
    'FROM a\nCMD x\nEXPOSE 1\nENTRYPOINT y\nFROM a\nCMD x\nCOPY a .\nENTRYPOINT y\nFROM a\nENTRYPOINT z\n',
    [
      ['before', 1, 'USER 1'],
      ['before', 3, 'RUN a \\\n  && b'],
      ['before', 5, 'USER 2'],
      ['before', 7, 'RUN c'],
      ['before', 9, 'RUN d'],
    ],
    'FROM a\nRUN a \\\n  && b\nUSER 1\nCMD x\nEXPOSE 1\nENTRYPOINT y\nFROM a\nUSER 2\nCMD x\nCOPY a .\nRUN c\nENTRYPOINT y\nFROM a\nRUN d\nENTRYPOINT z\n',
  ],
  [
    'keeps what one operation inserts in its order, where that changes the user for a while or begins a stage',
    'FROM a\nCMD x\n',
    [
      ['before', 1, 'USER 1'],
      ['before', 1, 'USER 0\nRUN a\nUSER 2'],
      ['after', 0, 'COPY b .\n\nFROM c\nUSER 3'],
    ],
    'FROM a\nCOPY b .\n\nFROM c\nUSER 3\nUSER 0\nRUN a\nUSER 2\nUSER 1\nCMD x\n',
  ],
  [
    'keeps a heredoc whole, with the escape of the file',
    '# escape=`\nFROM a\nCMD x\n',
    [
      ['before', 1, 'USER 1'],
      ['before', 1, 'RUN <<E\nUSER 7\nE\nRUN a `\n  && b'],
    ],
    '# escape=`\nFROM a\nRUN <<E\nUSER 7\nE\nRUN a `\n  && b\nUSER 1\nCMD x\n',
  ],
  [
    'puts several inserts into one paragraph',
    'FROM a\n\n# run\nCMD x\n',
    [
      ['before', 1, 'USER 1'],
      ['before', 1, 'RUN a'],
    ],
    'FROM a\n\nRUN a\nUSER 1\n\n# run\nCMD x\n',
  ],
])('%s', (_, text, inserted, expected) => expect(insert(text, inserted)).toBe(expected));

test('any order of the same operations comes to a file in which nothing is installed behind an inserted USER', () => {
  const text = 'FROM a\nCMD x\nLABEL b=c\nENTRYPOINT y\nEXPOSE 1\n';
  const lines = fc.constantFrom('RUN a', 'RUN b\nUSER 1', 'USER 1', 'HEALTHCHECK CMD c', 'ENTRYPOINT d', 'STOPSIGNAL SIGINT', 'ENV e=f');
  const short = fc.tuple(fc.constantFrom('before' as const, 'after' as const), fc.integer({ min: 1, max: 4 }), lines);
  fc.assert(
    fc.property(fc.array(short, { minLength: 1, maxLength: 6 }), inserted => {
      const after = insert(text, inserted);
      const [front, ...behind] = after.split('USER 1\n');
      expect(front).toMatch(/^FROM a\n/);
      expect(behind.join('')).not.toContain('RUN');
      const model = parseDockerfile(text);
      const places = arrangeInserts(
        model,
        inserted.map(([at, i, line]) => insertLines(at, i, line)),
      );
      expect(new Set(places.map(place => JSON.stringify([place.type, 'at' in place && [place.at, place.instruction]]))).size).toBe(
        places.length,
      );
    }),
    { numRuns: 500 },
  );
});
