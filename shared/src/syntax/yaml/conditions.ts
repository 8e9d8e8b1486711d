import type { Action } from './mask';
import type { TemplateCondition, ValueTest } from './types';

/** `.Values.a.b`, from the root of a template's data or from wherever it stands. */
const operand = /^\$?\.Values\.(\w+(?:\.\w+)*)$/;
const keyword = /^(?:else[ \t]{1,9})?(?:if|with|range)\b/;

/** The words of an expression: what stands in brackets or quotes is one of them. `null` where it is no plain list of words. */
function wordsOf(text: string): readonly string[] | null {
  const words: string[] = [];
  let start = -1;
  let depth = 0;
  for (let at = 0; at <= text.length; at++) {
    const char = text.charAt(at);
    if ((char === '|' || char === ',') && depth === 0) return null;
    if (char === '"' || char === '`') {
      if (start < 0) start = at;
      at = text.indexOf(char, at + 1);
      if (at < 0) return null;
      continue;
    }
    if (char === '(') depth++;
    if (char === ')' && --depth < 0) return null;
    const isBlank = char === '' || char === ' ' || char === '\t' || char === '\n' || char === '\r';
    if (isBlank && depth === 0 && start >= 0) {
      words.push(text.slice(start, at));
      start = -1;
    } else if (!isBlank && start < 0) start = at;
  }
  return depth === 0 && words.length > 0 ? words : null;
}

/** A default that is nothing itself changes nothing about whether a value is set, nor about which text it has. */
const emptyDefault = /[ \t]{0,9}\|[ \t]{0,9}default[ \t]{1,9}(?:false|""|0|dict|list|\(dict\)|\(list\))$/;

/** The value that a word names, in brackets or not. */
function valueOf(word: string): string | null {
  const inner = word.startsWith('(') && word.endsWith(')') ? word.slice(1, -1).trim() : word;
  return operand.exec(inner.replace(emptyDefault, ''))?.[1] ?? null;
}

/** The text of a literal; `null`: the word is none. */
function literalOf(word: string): string | null {
  const quoted = /^(?:"([^"\\]*)"|`([^`]*)`)$/.exec(word);
  if (quoted) return quoted[1] ?? quoted[2]!;
  return /^(?:true|false|-?\d{1,15})$/.test(word) ? word : null;
}

/** What `eq` and `ne` ask of one value: to have one of several texts, or not to have one. */
function compared(name: string, words: readonly string[]): Tests | null {
  const value = words.map(valueOf).find(known => known !== null);
  const texts = words.map(literalOf).filter(text => text !== null);
  if (value === undefined || value === null || texts.length === 0 || texts.length !== words.length - 1) return null;
  if (name === 'ne') return texts.length === 1 ? { mode: 'all', tests: [{ value, set: false, text: texts[0]! }] } : null;
  // the first is compared with each of the others
  if (texts.length > 1 && valueOf(words[0]!) === null) return null;
  return { mode: 'any', tests: texts.map(text => ({ value, set: true, text })) };
}

type Tests = Pick<TemplateCondition, 'mode' | 'tests'>;

/** What an expression asks of values; `null`: nothing that can be told. `deep` bounds brackets within each other. */
function read(text: string, deep = 4): Tests | null {
  const words = wordsOf(text.replace(emptyDefault, ''));
  const [first, ...rest] = words ?? [];
  if (first === undefined || deep === 0) return null;
  if (rest.length === 0) {
    if (first.startsWith('(')) return read(first.slice(1, -1), deep - 1);
    const value = operand.exec(first)?.[1];
    return value === undefined ? null : { mode: 'all', tests: [{ value, set: true }] };
  }
  if (first === 'eq' || first === 'ne') return compared(first, rest);
  const parts = rest.map(word => read(word, deep - 1));
  if (first === 'not') return rest.length === 1 ? negated(parts[0]!) : null;
  // of several conditions that must all hold, those that are not known say nothing
  if (first === 'and') return { mode: 'all', tests: parts.flatMap(part => (part && isPlain(part) ? part.tests : [])) };
  if (first === 'or' && parts.every(part => part !== null && part.tests.length === 1))
    return { mode: 'any', tests: parts.flatMap(part => part!.tests) };
  return null;
}

const isPlain = ({ mode, tests }: Tests): boolean => mode === 'all' || tests.length === 1;

function negated(part: Tests | null): Tests | null {
  const turn = (test: ValueTest): ValueTest => ({ ...test, set: !test.set });
  return part && part.tests.length > 0 ? { mode: part.mode === 'all' ? 'any' : 'all', tests: part.tests.map(turn) } : null;
}

/** What a branch asks of values, by the action in front of it and what the branch above asks. */
function testsOf({ words }: Action, above: Tests | null): Tests | null {
  if (keyword.test(words))
    return read(
      words
        .replace(keyword, '')
        .replace(/-?\}\}$/, '')
        .trim(),
    );
  return /^else\b/.test(words) ? negated(above) : null;
}

/** The parts of a template that are printed only where values say so: branches of `if`, `with` and `range`, in the order of their ends. */
export function conditionsOf(actions: readonly Action[]): readonly TemplateCondition[] {
  const found: TemplateCondition[] = [];
  const open: { action: Action; tests: Tests | null; turns: number }[] = [];
  const close = (end: number): void => {
    const last = open.at(-1);
    if (last?.tests && last.tests.tests.length > 0) found.push({ start: last.action.end, end, ...last.tests });
  };
  for (const action of actions) {
    if (action.flow === null) continue;
    if (action.flow !== 'opens') close(action.start);
    const last = action.flow === 'opens' ? undefined : open.pop();
    // behind `else if` the last `else` is told apart from the branch above it alone
    if (action.flow === 'opens') open.push({ action, tests: testsOf(action, null), turns: 0 });
    else if (action.flow === 'turns' && last)
      open.push({ action, tests: testsOf(action, last.turns === 0 ? last.tests : null), turns: last.turns + 1 });
  }
  return found;
}
