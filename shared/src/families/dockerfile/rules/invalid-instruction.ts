import { moveTrailingComment, replaceComment, replaceText } from '../../../rule/fix/operations';
import { defineRule } from '../../../rule/define-rule';
import { mendOf } from '../fix/mend-instruction';
import type { DockerfileProblem, Instruction } from '../model/types';
import { range, type Range } from '../../../base/text/range';
import { sourceRange } from '../../../syntax/shell/mapped-text';

/** The comment behind a JSON array, which BuildKit reads as part of it; `null` where nothing valid stands before it. */
function trailingComment(instruction: Instruction): Range | null {
  const { logical, argumentsStart, argumentsEnd } = instruction;
  const text = logical.text.slice(argumentsStart, argumentsEnd);
  for (let at = text.indexOf(']'); at >= 0; at = text.indexOf(']', at + 1)) {
    const gap = /^[ \t]*(?=#)/.exec(text.slice(at + 1));
    if (!gap || !isStrings(text.slice(text.indexOf('['), at + 1))) continue;
    return sourceRange(logical, argumentsStart + at + 1 + gap[0].length, argumentsEnd);
  }
  return null;
}

function isStrings(text: string): boolean {
  try {
    return (JSON.parse(text) as unknown[]).every(item => typeof item === 'string');
  } catch {
    return false;
  }
}

/** What was meant by an array in single, typographic or missing quotes, or with a comma too many; `null` where that is a guess. */
function requoted(instruction: Instruction): { readonly range: Range; readonly text: string } | null {
  const { logical, argumentsStart, argumentsEnd } = instruction;
  const text = logical.text.slice(argumentsStart, argumentsEnd);
  const array = /^(?:CMD\s+)?\[([^[\]\\]*)\]$/i.exec(text);
  if (!array || instruction.continuations.length > 0) return null;
  const items = array[1]!
    .replace(/,\s*$/, '')
    .split(',')
    .map(item => /^(?:"([^"]*)"|'([^'"]*)'|[“”]([^“”"]*)[“”]|([^\s"'“”]+))$/.exec(item.trim()));
  if (items.some(item => item === null)) return null;
  const start = argumentsStart + text.indexOf('[');
  return {
    range: sourceRange(logical, start, argumentsEnd),
    text: `[${items.map(i => JSON.stringify(i![1] ?? i![2] ?? i![3] ?? i![4])).join(', ')}]`,
  };
}

/** The text of `data.suggestion` where it can stand for what was written. */
function suggestion({ data }: DockerfileProblem): string | null {
  return data['suggestion'] ? String(data['suggestion']) : null;
}

/** Problems that need no message of their own. */
const reasons = {
  'line-too-long': 'a line may have at most 65535 characters',
  'heredoc-destination': 'a here-document cannot be the destination',
  'healthcheck-arguments': 'HEALTHCHECK NONE takes no arguments',
} as const;

function isPlain(code: DockerfileProblem['code']): code is keyof typeof reasons {
  return Object.hasOwn(reasons, code);
}

export const rule = defineRule({
  id: 'dockerfile/invalid-instruction',
  title: 'Instruction that BuildKit rejects or warns about',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  peers: {
    hadolint: ['DL1000', 'DL3061'],
    buildkit: ['NoEmptyContinuation'],
    tally: ['tally/unknown-instruction', 'tally/invalid-json-form', 'tally/require-stages', 'tally/syntax-directive-typo'],
    'dockerfile-utils': ['JSON_IN_SINGLE_QUOTES', 'EMPTY_CONTINUATION_LINE'],
    dockerfilelint: ['from_first'],
  },
  messages: {
    'no-instructions': { text: 'The file has no instructions' },
    'invalid-escape': { text: 'The escape character must be \\ or `, not "{value}"' },
    'repeated-directive': { text: 'Directive "{name}" is set twice' },
    'unterminated-heredoc': { text: 'Heredoc "{name}" is not terminated' },
    'unknown-instruction': { text: 'Unknown instruction {keyword}' },
    'before-from': { text: 'Only ARG may precede the first FROM, not {keyword}' },
    'no-stage': { text: 'The file has no FROM, so there is nothing to build on' },
    part: { text: 'The file has no FROM, so it can be built only as part of another file', severity: 'info' },
    'from-arguments': { text: 'FROM takes an image, optionally followed by "AS name"' },
    'invalid-stage-name': { text: 'Stage name "{name}" is invalid: use only letters, digits, "-", "_" and "."' },
    'missing-arguments': { text: '{keyword} needs an argument' },
    'missing-destination': { text: '{keyword} needs at least one source and a destination' },
    'pair-without-equals': { text: '"{word}" has no equals sign, but {keyword} takes name=value pairs' },
    'pair-without-value': { text: '{keyword} needs a value' },
    'blank-name': { text: 'The name before the equals sign is empty' },
    'not-strings': { text: 'Every element of the exec form must be a string' },
    'shell-not-json': { text: 'SHELL takes a JSON array of strings' },
    'unknown-flag': { text: '{keyword} has no flag --{flag}' },
    'repeated-flag': { text: 'Flag --{flag} is set twice' },
    'flag-without-value': { text: 'Flag --{flag} needs a value' },
    'invalid-flag-value': { text: '"{value}" is not a valid value for --{flag}' },
    'flag-not-allowed': { text: '{keyword} takes no flags, so --{flag} fails' },
    'healthcheck-type': { text: 'HEALTHCHECK takes CMD or NONE, not "{type}"' },
    'bad-substitution': { text: 'A variable or quote in {word} is not closed' },
    'variable-in-from': { text: '--from does not expand variables, so "{value}" refers to nothing' },
    'unknown-signal': { text: 'STOPSIGNAL does not accept "{value}"' },
    'invalid-json-form': { text: 'Not a valid JSON array, so {keyword} uses shell form' },
    'trailing-comment': { text: 'A comment after the array turns {keyword} into shell form' },
    refused: { text: 'BuildKit rejects this: {why}' },
    'empty-continuation': { text: 'Empty line inside an instruction, which a future version of BuildKit will reject', severity: 'warning' },
  },
  fixes: {
    'move-comment': { title: 'Move the comment to its own line', class: 'safe' },
    requote: { title: 'Change to {text}', class: 'review' },
    rename: { title: 'Use {suggestion}', class: 'review' },
    'remove-flag': { title: 'Remove --{flag}, which BuildKit does not accept here', class: 'attended' },
    complete: { title: 'Add the missing argument to {keyword}', class: 'attended' },
    command: { title: 'Add CMD before the command', class: 'review' },
    close: { title: 'Remove the spaces around the equals sign', class: 'review' },
    'remove-line': { title: 'Remove the empty line', class: 'safe' },
  },
  on: {
    file(file, report, { path, workspace }) {
      // files of other names are appended to one that has a FROM, or named by a build
      const mayBePart =
        workspace.complete && !/(?:^|\/)(?:Docker|Container)file$/i.test(path) && workspace.contextsOf(path, 'any').length === 0;
      const first = file.problems.find(({ code }) => code === 'no-stage');
      for (const problem of file.problems) {
        const { code, instruction } = problem;
        // What ONBUILD triggers is the matter of invalid-onbuild.
        if (code === 'onbuild-trigger' || (code === 'unknown-instruction' && instruction?.onbuildParent)) continue;
        const isPart = code === 'no-stage' && mayBePart;
        // of a part only that; and a line that is a variable is filled in before it is built
        if (
          (first && mayBePart && problem !== first) ||
          (code === 'unknown-instruction' && /^[$%@{<]/.test(String(problem.data['keyword'])))
        )
          continue;
        const better = suggestion(problem);
        const comment = code === 'invalid-json-form' ? trailingComment(instruction!) : null;
        const mend = mendOf(problem);
        const meant = code === 'invalid-json-form' && !comment ? requoted(instruction!) : null;
        report(
          comment ?? problem.range,
          comment ? 'trailing-comment' : isPlain(code) ? 'refused' : isPart ? 'part' : code,
          isPlain(code) ? { why: reasons[code] } : problem.data,
          comment && report.fix('move-comment', () => [moveTrailingComment(instruction!.index, comment)]),
          meant && report.fix('requote', () => [replaceText(meant.range, meant.text)], { data: { text: meant.text } }),
          better !== null &&
            report.fix('rename', () => [replaceText(problem.range, better)], {
              data: { suggestion: better },
            }),
          ...(mend ? report.remedy(mend.id, { fix: mend.proposal, noFix: null }, mend.data) : []),
          // To the tree an empty line is what a comment is: nothing.
          code === 'empty-continuation' &&
            report.fix('remove-line', () => [replaceComment(range(problem.range.start, problem.range.end), '')]),
        );
      }
    },
  },
});
