import type { Question } from '../../engine/questions';
import { severities, type Severity } from '../../base/terms/types';
import type { Gate } from './gate';
import { joined, masked, type MaskedText, plain } from './masked-text';
import type { Words } from './words';

/** So many containers are named. */
const mostNamed = 4;

/** A question about one file, and what lets the texts of that file out. */
interface FileQuestion {
  readonly path: string;
  readonly question: Question;
  readonly gate: Gate;
}

/** What a question says, over all files that it is about. */
interface QuestionWords {
  /** "web, worker: drop all capabilities". */
  readonly title: MaskedText;
  /** What has to be so for the fixes to be right. */
  readonly rightIf: readonly MaskedText[];
  readonly rules: readonly string[];
  readonly severity: Severity;
  readonly findings: number;
}

/** Puts a question into words. */
export function questionWords(asked: readonly FileQuestion[], words: Words): QuestionWords {
  const unique = (texts: readonly MaskedText[]): readonly MaskedText[] => [...new Set(texts)];
  const all = asked.flatMap(({ question, ...file }) => question.groups.map(group => ({ group, ...file })));
  const findings = all.flatMap(({ group, ...file }) => group.answers.map(finding => ({ finding, ...file })));
  const who = unique(
    findings.flatMap(({ finding: { object }, gate, path }) => {
      // the number of a stage says nothing beside those of other files
      const isNumber = object?.kind === 'stage' && /^\d{1,9}$/.test(object.name ?? '');
      const name = object?.container ?? (isNumber ? path : object?.name);
      return name == null ? [] : [gate.mask(name)];
    }),
  );
  const fixes = all.flatMap(({ group, gate }) => group.fixes.map(({ rule, fix }) => ({ rule, fix, gate })));
  const does = unique(fixes.map(({ rule, fix, gate }) => gate.words(words.fixTitle(rule, fix))));
  return {
    title: who.length === 0 ? short(does, 3) : masked`${short(who, mostNamed)}: ${short(does, 3)}`,
    rightIf: unique(fixes.flatMap(({ rule, fix, gate }) => fix.assumes.map(assumption => gate.words(words.assumption(rule, assumption))))),
    rules: [...new Set(findings.map(({ finding }) => finding.rule))].sort(),
    severity: findings.reduce<Severity>(
      (worst, { finding: { severity } }) => (severities.indexOf(severity) > severities.indexOf(worst) ? severity : worst),
      'hint',
    ),
    findings: findings.length,
  };
}

function short(list: readonly MaskedText[], most: number): MaskedText {
  const more = list.length > most ? masked`, +${list.length - most}` : plain('');
  return masked`${joined(list.slice(0, most), ', ')}${more}`;
}
