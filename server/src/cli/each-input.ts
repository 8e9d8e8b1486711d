import { masked, type MaskedText, trusted } from '../../../shared/src/early';
import { createGate } from '../../../shared/src/index';
import { Overdue, type Attempt } from './attempt';
import { configReports } from './config-report';
import { readInput, type Input, type InputProblem } from './inputs';
import type { Output } from './output';
import { sayNotes, type Run } from './run';

/** What went wrong while inputs were worked on. */
export interface Troubles {
  readonly problems: readonly InputProblem[];
  readonly trouble: readonly MaskedText[];
}

/**
 * Does something with each input of a run that can be read, one after the other; should it throw, that file is lost and not the run. `visit` gives what is
 * wrong with one.
 */
export function eachInput(run: Run, attempt: Attempt, output: Output, visit: (input: Input) => MaskedText | null | void): Troubles {
  const { found } = run.found;
  const problems: InputProblem[] = [...run.found.problems];
  const trouble: MaskedText[] = [];
  for (const [index, one] of found.entries()) {
    output.progress(index, found.length);
    const input = readInput(one, run.reading);
    if (!input) continue;
    if (!('file' in input)) {
      problems.push(input);
      continue;
    }
    run.facts.prepare(one);
    const wrong = guard(input, trouble, () => visit(input));
    if (wrong) trouble.push(wrong);
  }
  run.facts.keep();
  trouble.push(...configReports(found.map(({ scope }) => scope)).problems);
  return { problems, trouble };
}

/** Says what went wrong, a line each; gives whether anything did. */
export function sayTroubles({ problems, trouble }: Troubles, run: Run, output: Output): boolean {
  for (const { shown, message } of problems) output.say(masked`bulkhead: ${trusted(shown)}: ${trusted(message)}`);
  sayNotes({ ...run.found, problems }, run.reading, output);
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  return problems.length > 0 || trouble.length > 0;
}

/** Runs something about one file; should it throw, that file is lost and not the run. */
export function guard<T>(input: Input, trouble: MaskedText[], action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (error instanceof Overdue) throw error;
    const message = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
    const gate = createGate({ text: input.file.text, findings: [] });
    trouble.push(masked`${trusted(input.shown)}: internal error: ${gate.mask(message)}`);
    return null;
  }
}
