import { afterAll, beforeAll, expect, test } from 'vitest';
import { rules } from '../../../shared/src/families/generated/index';
import type { MessageData } from '../../../shared/src/base/terms/types';
import { speak, translated } from '../../../shared/src/base/text/phrases';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { Assumption } from '../../../shared/src/rule/fix/types';
import { englishTables } from '../../../tools/l10n/tables';
import { isValue } from '../../../tools/l10n/values';
import { readPage } from '../../../tools/rules/catalogue';
import { prepareCase } from '../../../tools/rules/run-case';

// Every text in brackets that no file has, with its places: what is not in them has no key.
const bracketed = (table: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(table).map(([key, text]) => [key, `«${text}»`]));

beforeAll(() => speak(bracketed(englishTables(rules)['l10n/en.json']!)));
afterAll(() => speak(null));

/** The values of a message or an assumption, with those of what was seen. */
function* valuesOf(data: MessageData | Assumption['data'] = {}): Generator<string, void, void> {
  for (const value of Object.values(data)) {
    if (typeof value === 'string') yield value;
    else if (typeof value === 'object') yield* valuesOf(value.data);
  }
}

/** Whether a value says something in English that is none of the file's own words, and stays as it is. */
function isLeak(value: string, written: string): boolean {
  return isValue(value) && !written.includes(value) && translated(value) === value;
}

test('no rule puts English into its messages that a translation does not reach', { timeout: 240_000 }, () => {
  const engine = createEngine(rules);
  const leaks = new Set<string>();
  for (const rule of rules) {
    const page = readPage(rule.id);
    if (!('cases' in page)) continue;
    for (const { blocks } of page.cases) {
      const written = blocks.map(({ text, setup }) => text + JSON.stringify(setup)).join('\n');
      const prepared = prepareCase(engine, rule, blocks);
      for (const file of prepared.files) {
        const { findings } = engine.open(file.input).lint(prepared.contextOf(file));
        // of Compose, what Docker's own loader says is quoted
        for (const { rule: id, messageId, data, fixes, related } of findings) {
          const all = [data, ...related.map(one => one.data), ...fixes.flatMap(fix => [fix.data, ...fix.assumes.map(one => one.data)])];
          for (const value of all.flatMap(one => [...valuesOf(one)]))
            if (id !== 'compose/unknown-field' && isLeak(value, written)) leaks.add(`${id}/${messageId}: ${value}`);
        }
      }
    }
  }
  expect([...leaks].join('\n')).toBe('');
});
