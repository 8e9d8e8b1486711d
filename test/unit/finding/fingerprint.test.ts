import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';
import { planted } from '../../support/planted';
import { code } from '../../support/secrets';
import { spellings } from '../../support/spellings';

/** Another value of the same shape; no `xxx` comes out of it, which stands for a value that is to come. */
const other = (text: string): string => text.replace(/[a-v]/g, char => String.fromCharCode(char.charCodeAt(0) + 1));

test('a fingerprint says nothing of a credential, which could be guessed from it', () => {
  const engine = createEngine(rules);
  const context = plainContext('strict');
  let count = 0;
  for (const { name, path, text, pieces } of [...spellings, ...planted]) {
    const base64 = code(pieces[0]);
    const changed = pieces.reduce((now, piece) => now.replaceAll(piece, piece === base64 ? code(other(pieces[0]!)) : other(piece)), text);
    const [before, after] = [text, changed].map(own => engine.open({ path, text: own }).lint(context).findings.map(f => `${f.rule} ${f.fingerprint}`));
    expect(changed, name).not.toBe(text);
    expect(after, name).toEqual(before);
    count += before!.length;
  }
  expect(count).toBeGreaterThan(2000);
}); // prettier-ignore
