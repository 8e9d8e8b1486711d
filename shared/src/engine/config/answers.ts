import { globOf, literalGlob } from '../../base/text/glob';
import type { Range } from '../../base/text/range';
import type { YamlNode } from '../../syntax/yaml/types';
import { didYouMean, keyRange, mapOf, scalarOf, type Reader } from './read';
import { answerWords, type AnswerPlace, type AnswerWord, type Config, type ConfigAnswer, type ConfigException } from './types';
import { isDate } from './values';

type Mutable<T> = { -readonly [K in keyof T]?: T[K] };

/** Reads an item of `answers`; nothing where a part could not be read: it would suppress more than was meant. */
export function readAnswer(node: YamlNode | null, at: Range, reader: Reader, rules: ReadonlySet<string>): readonly ConfigAnswer[] {
  const answer: Mutable<ConfigAnswer> = {};
  let wrong = false;
  const refuse = (range: Range, message: string): void => {
    wrong = true;
    reader.problem(range, message);
  };
  const text = (value: YamlNode | null, range: Range, what: string): string => {
    const read = reader.text(value, range, what);
    wrong ||= read === null;
    return read ?? '';
  };
  const clean = reader.map(node, at, 'the answer', {
    question: (value, range) => {
      const read = scalarOf(value) ? [text(value, range, 'question')] : (reader.texts(value, range, 'question') ?? []);
      for (const id of read) if (!rules.has(id)) refuse(range, `Unknown rule "${id}"${didYouMean(id, rules)}`);
      Object.assign(answer, { question: read, range });
    },
    where: (value, range) => {
      const places: AnswerPlace[] = [];
      reader.list(value, range, 'where', (item, place) => void places.push(...readPlace(item, place, reader)));
      wrong ||= places.length === 0 || places.length !== (value?.kind === 'sequence' ? value.items.length : 0);
      answer.where = places;
    },
    image: (value, range) => (answer.image = text(value, range, 'image')),
    answer: (value, range) => {
      const word = reader.word<AnswerWord>(value, range, 'answer', answerWords);
      wrong ||= word === null;
      if (word !== null) answer.answer = word;
    },
    reason: (value, range) => (answer.reason = text(value, range, 'reason')),
    date: (value, range) => {
      const date = text(value, range, 'date');
      if (date !== '' && !isDate(date)) refuse(range, `date must be a date such as "2026-11-24", not "${date}"`);
      else answer.date = date;
    },
  });
  const first = mapOf(node)?.entries[0];
  const missing = (['question', 'where', 'answer', 'date'] as const).find(key => answer[key] === undefined);
  if (first && !wrong && missing !== undefined) refuse(keyRange(first), `An answer needs "${missing}"`);
  else if (first && !wrong && answer.answer === 'needed' && answer.reason === undefined)
    refuse(keyRange(first), 'An answer needs "reason": why the setting must stay as it is');
  return wrong || !clean || !first ? [] : [answer as ConfigAnswer];
}

function readPlace(node: YamlNode | null, at: Range, reader: Reader): readonly AnswerPlace[] {
  const place: Mutable<AnswerPlace> = {};
  const member =
    (name: keyof AnswerPlace) =>
    (value: YamlNode | null, range: Range): void => {
      const read = reader.text(value, range, name);
      if (read !== null) place[name] = read;
    };
  const clean = reader.map(node, at, 'the place', {
    path: member('path'),
    kind: member('kind'),
    name: member('name'),
    container: member('container'),
  });
  if (place.path === undefined && mapOf(node)) reader.problem(at, 'A place in "where" needs "path": the file that contains the place');
  return place.path === undefined || !clean ? [] : [{ ...place, path: place.path }];
}

const asExceptions = new WeakMap<readonly ConfigAnswer[], readonly ConfigException[]>();

/** What answers suppress: an exception for each rule and place of those that say that it is needed. */
export function exceptionsOf({ answers = [] }: Config): readonly ConfigException[] {
  let found = asExceptions.get(answers);
  if (!found) {
    found = answers.flatMap(({ question, where, image, answer, reason, date }): readonly ConfigException[] =>
      answer !== 'needed'
        ? []
        : question.flatMap(rule =>
            where.map(({ path, name, ...place }) => ({
              rule,
              ...place,
              path: globOf(path),
              answered: date,
              ...(name !== undefined && { name: literalGlob(name) }),
              ...(image !== undefined && { image }),
              ...(reason !== undefined && { reason }),
            })),
          ),
    );
    asExceptions.set(answers, found);
  }
  return found;
}
