import { fillPlaces, spoken } from '../../base/text/phrases';
import { evidenceTexts, type Reason } from '../../base/terms/evidence';
import { type EffectivePhrase, effectiveTexts } from '../../evidence/effective';
import { type Note, noteTexts } from '../../base/terms/notes';
import type { ReasonId } from '../../base/terms/reasons';
import type { FindingGroup } from '../../rule/finding/group';
import type { Finding } from '../../rule/finding/types';
import type { Assumption, Fix } from '../../rule/fix/types';
import type { Entry } from './entries';
import { maskAlone } from './gate';
import { maskSecrets } from '../../knowledge/secrets/detect';
import type { Rule } from '../../rule/define-rule';
import type { MessageData } from '../../base/terms/types';
import { trusted, type MaskedText } from './masked-text';
import { printable } from './printable';

/** Translated texts by key; see `keyOf*`. A key that is missing falls back to the rule's own English. */
export type WordBundle = Readonly<Record<string, string>>;

/** Fills `{name}` places of a template; a place without data stays as it is. */
export function fill(template: string, data: MessageData): string {
  return fillPlaces(template, /\{([A-Za-z][A-Za-z0-9]*)\}/g, name => (name in data ? shown(data[name]!, name) : null));
}

/**
 * A value in a message, which stays on its line. No secret gets into one that the value tells of by itself, whatever rule quotes the text
 * that holds it; the gate of the file masks what only the rest of the file tells of.
 */
function shown(value: string | number, place: string): string {
  const word = spoken()?.[`=${place}/${value}`];
  if (word !== undefined) return word;
  return typeof value === 'string' ? printable(value.length >= 6 ? maskAlone(maskSecrets(value)) : value) : String(value);
}

const reasons: Readonly<Record<ReasonId, string>> = {
  attended: 'needs your confirmation that it is correct',
  manual: 'has to be written by hand',
  'not-asked': 'its fix was not requested',
  'no-fix': 'no single fix is correct in every case',
  network: 'needs a network lookup',
  'needs-value': 'needs a value from the configuration',
  'needs-input': 'needs something that only you know',
  'unknown-image': 'the users and paths of the image are unknown',
  'needs-root': 'something in the container needs root',
  templated: 'the text is a template',
  syntax: 'the document has a syntax error',
  convention: 'the effect of the fix shows only in the rendered manifests',
  fragment: 'the file is a fragment: anything missing here may be in another file',
  shared: 'the text is shared through an anchor, an alias or a merge key',
  'flow-comment': 'a rewrite would lose a comment',
  encoding: 'the text is not valid Unicode',
  variable: 'the value is built from variables',
  generated: 'the file is generated: change its source instead',
  windows: 'the fix does not apply on Windows',
  conflict: 'two fixes would change the same text',
  unverified: 'the changed file did not pass verification',
  'parsers-disagree': 'a second parser reads the changed file differently',
  'not-converged': 'the fixes kept changing the file and did not settle',
  'too-large': 'the file is over the size limit',
  incomplete: 'the file is not checked, or is checked only in part',
};

/** Words for findings of the engine itself, whose ids start with `bulkhead/`. */
const engineMessages: Readonly<Record<string, string>> = {
  'bulkhead/internal-error/crash': 'Rule {rule} failed on this file and was skipped: {error}',
  'bulkhead/off-by-default': ' (off by default: {offByDefault})',
  'bulkhead/invalid-config/problem': '{problem}',
  'bulkhead/unused-suppression/unused': 'Suppression of {rule} suppresses nothing',
  'bulkhead/unused-suppression/answer': 'Answer from {date} in .bulkhead.yaml suppresses nothing: {rule} no longer occurs here',
  'bulkhead/unused-suppression/answer-of': 'Answer from {date} in .bulkhead.yaml suppresses nothing: {rule} no longer occurs in {of}',
  'bulkhead/unused-suppression/misplaced': 'Directive has no effect here: {hint}',
  'bulkhead/unused-suppression/peer': 'Suppression of {id} suppresses nothing: {peer} cannot report this rule here',
  'bulkhead/unused-suppression/peer-file': '{file} suppresses {id} in this file, where {peer} cannot report it',
  'bulkhead/unused-suppression/peer-line': '{file} suppresses {id} on line {line}, where {peer} cannot report it',
  'bulkhead/unknown-suppression/unknown': 'Unknown rule {rule}',
  'bulkhead/unknown-suppression/did-you-mean': 'Unknown rule {rule}; did you mean {suggestion}?',
  'bulkhead/unexplained-suppression/directive': 'Suppression of {rule} gives no reason',
  'bulkhead/unexplained-suppression/peer': 'Suppression for {peer} gives no reason',
  'bulkhead/unexplained-suppression/exception': 'Exception for {rule} gives no reason',
  'bulkhead/incomplete/too-large': 'File is not checked: {size} is over the limit of {limit} (maxFileSize)',
  'bulkhead/incomplete/unreadable': 'File is not checked: it {problem}',
  'bulkhead/incomplete/not-utf8': 'File is not checked: it {problem}',
  'bulkhead/incomplete/not-regular': 'File is not checked: it is not a regular file',
  'bulkhead/incomplete/outside': 'File is not checked: it is a link that points outside the folder',
  'bulkhead/incomplete/beside': '{name} is not in effect: it {problem}',
  'bulkhead/incomplete/aliases':
    'Partly checked: {count} aliases are not followed, since they expand beyond {limit} or refer to themselves',
  'bulkhead/incomplete/depth': 'Document is not checked: it is nested deeper than {limit} levels',
  'bulkhead/incomplete/unparsed': 'Document is not checked: it could not be parsed',
  'bulkhead/incomplete/script': 'Script is not checked: it is too long or too deeply nested',
  'bulkhead/incomplete/views': 'Only the first {limit} objects, containers, instructions and commands are checked',
  'bulkhead/incomplete/project':
    'Partly checked: the project includes more than {files} files, or its services inherit more than {values} values',
  'bulkhead/incomplete/directives': 'Only the first {limit} rule names in suppression directives are read: the others have no effect',
  'bulkhead/incomplete/findings': 'Only the {limit} most severe findings are shown; {count} others are not',
  'bulkhead/incomplete/timeout': 'File was not checked: the check took more than {seconds} s',
  'bulkhead/incomplete/memory': 'File was not checked: the check took more than {megabytes} MB of memory',
  'bulkhead/vulnerable-image/fixable': '{image}: {counts} with a fix; {count} in all ({scanner})',
  'bulkhead/vulnerable-image/fixable-builder': '{image}, used only in the build: {counts} with a fix; {count} in all ({scanner})',
  'bulkhead/vulnerable-image/unfixable': '{image}: {counts}, none with a fix yet ({scanner})',
  'bulkhead/vulnerable-image/unfixable-builder': '{image}, used only in the build: {counts}, none with a fix yet ({scanner})',
  'bulkhead/vulnerable-image/contents': '{image}: {checks} ({scanner})',
  'bulkhead/vulnerable-image/left-out': '{image}: {id} in {package} is ignored by {by}',
  'bulkhead/vulnerable-image/package': '{package} {installed}: {severity} {id}, fixed in {fixed}',
};

/** Words for rules of configurations, whose ids start with `custom/`. */
const customMessages: Readonly<Record<string, string>> = {
  'custom/broken': '{said}',
  'custom/failed': '{said} ({error})',
  'custom/unjudged': 'Rule not evaluated from here on: {missing}',
};
const customTitle = 'Rule from .bulkhead.yaml';
const isCustom = (rule: string): boolean => rule.startsWith('custom/');

/** The titles of the engine's own rules. */
const engineTitles: Readonly<Record<string, string>> = {
  'bulkhead/incomplete': 'Not checked, or only partly',
  'bulkhead/internal-error': 'Internal error in a rule',
  'bulkhead/invalid-config': 'Invalid configuration',
  'bulkhead/unexplained-suppression': 'Suppression without a reason',
  'bulkhead/unknown-suppression': 'Suppression of a rule that does not exist',
  'bulkhead/unused-suppression': 'Suppression that suppresses nothing',
  'bulkhead/vulnerable-image': 'Image with known vulnerabilities',
};

/** The rules of the engine itself, sorted. */
export const engineRules: readonly string[] = Object.keys(engineTitles).sort();

/** What follows the message of a finding in a part of a template that is not printed unless somebody asks for it. */
const offKey = 'bulkhead/off-by-default';

/** How a list is put together. */
const nextInList = ['list/next', '{list}, {item}'] as const;
const lastInList = ['list/last', '{list} and {item}'] as const;

const groupKey = ({ id }: FindingGroup): string => `${id}/group`;
const phraseKey = (rule: string): string => `${rule}/in-group`;

const engineFixes: Readonly<Record<string, string>> = {
  'bulkhead/unused-suppression/remove': 'Remove the suppression of {rule}',
  'bulkhead/unknown-suppression/remove': 'Remove {rule} from the suppression',
  'bulkhead/unknown-suppression/replace': 'Replace the rule id with {suggestion}',
};

/** What fixes assume whatever rule they are of. */
const engineAssumptions: Readonly<Record<string, string>> = {
  generated: 'The source of this generated file is changed, too: otherwise, regenerating the file would undo this fix',
};

/** Renders what findings, fixes and reasons say, in one language. What may quote the file is a plain string: a gate lets it out. */
export interface Words {
  /** The message of a finding, under 100 characters, without a final full stop. */
  message(finding: Pick<Finding, 'rule' | 'messageId' | 'data'>): string;
  /** What an entry says: the message of its finding; of several, what they come to together, in one sentence. */
  entry(entry: Entry): string;
  /** The title of a fix as the light bulb shows it, the class left out. */
  fixTitle(rule: string, fix: Pick<Fix, 'id' | 'data'>): string;
  assumption(rule: string, assumption: Assumption): string;
  /** What is seen, as a clause without a full stop. */
  evidence(reason: Reason): string;
  reason(reason: ReasonId): MaskedText;
  /** A label or a value of what really runs, or where it comes from. */
  effective(part: EffectivePhrase): string;
  ruleTitle(rule: string): MaskedText;
  /** What a conversion says beside its text, without a final full stop. */
  note(note: Pick<Note, 'id' | 'data'>): string;
}

/** The rule that declares a fix or an assumption, and its name there: what another rule lends has that before it. */
function ownerOf(rule: string, id: string): readonly [rule: string, id: string] {
  const end = id.lastIndexOf('/');
  return end < 0 ? [rule, id] : [id.slice(0, end), id.slice(end + 1)];
}

/** Words for a set of rules, from an optional translation. */
export function createWords(rules: readonly Rule[], bundle: WordBundle = {}): Words {
  const byId = new Map(rules.map(rule => [rule.id, rule]));
  const look = (key: string, english: string | undefined, data: MessageData): string => fill(bundle[key] ?? english ?? key, data);
  const clause = ({ seen, data }: Reason): string => look(`evidence/${seen}`, evidenceTexts[seen], data);
  const lookMessage = (key: string, english: string | undefined, data: MessageData): string =>
    look(key, english, data) + (data['offByDefault'] === undefined ? '' : look(offKey, engineMessages[offKey], data));
  const message: Words['message'] = ({ rule, messageId, data }) => {
    const key = `${isCustom(rule) ? 'custom' : rule}/${messageId}`;
    return lookMessage(key, byId.get(rule)?.messages[messageId]?.text ?? customMessages[key] ?? engineMessages[key], data);
  };
  return {
    message,
    entry: ({ finding, members, group }) => {
      if (!group) return message(finding);
      const phrases = [...new Set(members.map(({ rule }) => rule))].map(rule => look(phraseKey(rule), group.rules[rule], {}));
      const list = phrases.reduce((before, item, i) => {
        const [key, english] = i < phrases.length - 1 ? nextInList : lastInList;
        return look(key, english, { list: before, item });
      });
      return lookMessage(groupKey(group), group.text, { ...finding.data, list });
    },
    fixTitle: (of, fix) => {
      const [rule, id] = ownerOf(of, fix.id);
      return look(`${rule}/fix/${id}`, byId.get(rule)?.fixes[id]?.title ?? engineFixes[`${rule}/${id}`], fix.data);
    },
    assumption: (of, { id: name, data = {} }) => {
      const [rule, id] = ownerOf(of, name);
      const said = Object.entries(data).map(([name, value]) => [name, typeof value === 'object' ? clause(value) : value] as const);
      const english = byId.get(rule)?.assumptions[id];
      const shared = english === undefined ? engineAssumptions[id] : undefined;
      return look(shared === undefined ? `${rule}/assumes/${id}` : `assumes/${id}`, shared ?? english, Object.fromEntries(said));
    },
    evidence: clause,
    effective: ({ phrase, data = {} }) => look(`effective/${phrase}`, effectiveTexts[phrase], data),
    reason: reason => trusted(look(`reason/${reason}`, reasons[reason], {})),
    ruleTitle: rule =>
      isCustom(rule)
        ? trusted(look('custom/title', customTitle, {}))
        : trusted(look(`${rule}/title`, byId.get(rule)?.title ?? engineTitles[rule], {})),
    note: ({ id, data }) => look(`convert/${id}`, noteTexts[id].text, data),
  };
}

/** Every English text by its key: what the generated `l10n/en.json` holds and a translation replaces. */
export function englishWords(rules: readonly Rule[], groups: readonly FindingGroup[] = []): WordBundle {
  const words: Record<string, string> = {};
  for (const [reason, text] of Object.entries(reasons)) words[`reason/${reason}`] = text;
  for (const [id, text] of Object.entries(evidenceTexts)) words[`evidence/${id}`] = text;
  for (const [id, text] of Object.entries(effectiveTexts)) words[`effective/${id}`] = text;
  for (const [id, { text }] of Object.entries(noteTexts)) words[`convert/${id}`] = text;
  Object.assign(words, engineMessages, customMessages, { 'custom/title': customTitle }, Object.fromEntries([nextInList, lastInList]));
  for (const group of groups) {
    words[groupKey(group)] = group.text;
    for (const [rule, phrase] of Object.entries(group.rules)) words[phraseKey(rule)] = phrase;
  }
  for (const [rule, title] of Object.entries(engineTitles)) words[`${rule}/title`] = title;
  for (const [key, text] of Object.entries(engineFixes)) words[key.replace(/\/([^/]+)$/, '/fix/$1')] = text;
  for (const [id, text] of Object.entries(engineAssumptions)) words[`assumes/${id}`] = text;
  for (const rule of rules) {
    words[`${rule.id}/title`] = rule.title;
    for (const [id, message] of Object.entries(rule.messages)) words[`${rule.id}/${id}`] = message.text;
    for (const [id, fix] of Object.entries(rule.fixes)) words[`${rule.id}/fix/${id}`] = fix.title;
    for (const [id, text] of Object.entries(rule.assumptions)) words[`${rule.id}/assumes/${id}`] = text;
  }
  return words;
}
