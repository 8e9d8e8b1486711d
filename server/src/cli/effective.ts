import { masked, plain, printable, trusted } from '../../../shared/src/early';
import { effectiveText, gateOf } from '../../../shared/src/index';
import type { Attempt } from './attempt';
import { readInputs } from './inputs';
import type { Output } from './output';
import { sayProblems, startRun } from './run';
import { UsageError, type Arguments } from './usage';

/** `bulkhead explain --effective FILE[:NAME]`. Gives the exit code. */
export function explainEffective(args: Arguments, output: Output, attempt: Attempt): number {
  const [operand = ''] = args.operands;
  const whole = startRun(args, attempt, output);
  // a path may hold a colon itself
  const colon = operand.lastIndexOf(':');
  const isNamed = whole.found.found.length === 0 && colon > 0;
  const run = isNamed ? startRun(args, attempt, output, [operand.slice(0, colon)]) : whole;
  const name = isNamed ? operand.slice(colon + 1) : null;
  const read = readInputs(run.found, run.reading);
  const unreadable = sayProblems(read, run.reading, output);
  let shown = 0;
  const names: string[] = [];
  for (const input of read.inputs) {
    run.facts.prepare(input);
    const context = run.context(input);
    const opened = run.engine.open(input.file);
    const text = args.has('hardened') ? opened.harden(context).text : input.file.text;
    const all = (text === input.file.text ? opened : run.engine.open({ ...input.file, text })).effective(context);
    names.push(...all.map(one => one.name));
    const wanted = all.filter(one => name === null || one.name === name || one.name.endsWith(`/${name}`));
    if (wanted.length === 0) continue;
    shown += wanted.length;
    const gate = gateOf({ text: input.file.text, result: opened.lint(context) });
    output.print(masked`# ${printable(trusted(input.shown))}\n${effectiveText(wanted, run.words, gate)}`);
  }
  run.facts.keep();
  if (shown > 0) return unreadable ? 2 : 0;
  if (unreadable) return 2;
  if (name !== null && names.length > 0)
    throw new UsageError(`nothing here is called "${name}"; available: ${names.slice(0, 10).join(', ')}`);
  output.say(
    plain(
      'bulkhead: nothing here describes anything that runs (a pod, a Compose service, a run command or the last stage of a Dockerfile)',
    ),
  );
  return 2;
}
