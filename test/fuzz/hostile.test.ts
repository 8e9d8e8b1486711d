import { expect, test } from 'vitest';
import { hostileInputs } from './hostile/index';
import { bundleChild, runHostile, type HostileOutcome } from './hostile/run';

/** Milliseconds of the processor for each step that an editor or the command line takes: a lint, a fix, a report. */
const limit = 2000;

/** The same for harden, which checks a file several times over: the dearest has 6,500 findings in 99 kB, each with fixes of many rules. */
const hardenLimit = 3000;

/** What the control takes on an idle machine of today. A slower one gets more, in proportion: a processor that is shared runs slower, too. */
const usualControl = 150;

/** Stands for the control in place of an input. */
const controlIndex = -1;

test('no hostile input takes two seconds of the processor for an answer, three to harden, or half a gigabyte', async () => {
  const child = bundleChild();
  const all = hostileInputs.map((_, index) => index);
  // some controls on the way, since a machine is not equally busy all the time
  const outcomes = await runHostile(
    child,
    all.flatMap(index => (index % 100 === 0 ? [controlIndex, index] : [index])),
    2,
  );
  expect(outcomes.filter(({ index }) => index !== controlIndex)).toHaveLength(all.length);
  const slowness = (of: readonly HostileOutcome[]): number =>
    Math.max(1, ...of.map(({ index, cost }) => (index === controlIndex ? (cost ?? 0) / usualControl : 0)));
  const isOver = (outcome: HostileOutcome, slow: number): boolean =>
    outcome.cost === null || outcome.cost > (outcome.step === 'harden' ? hardenLimit : limit) * slow;

  // what is over is tried again, alone and in a new process: a busy machine only ever adds to a try, and can spoil some in a row
  const over = outcomes.filter(outcome => isOver(outcome, 1)).map(({ index }) => index);
  const again: HostileOutcome[] = [];
  for (const index of over) {
    let both: readonly HostileOutcome[] = [];
    for (let tries = 0; tries < 6; tries++) {
      both = await runHostile(child, [controlIndex, index], 1);
      if (!both.some(outcome => outcome.index === index && isOver(outcome, slowness(both)))) break;
    }
    again.push(...both);
  }
  const slow = slowness(again);
  const total = outcomes.reduce((sum, outcome) => sum + (outcome.cost === null ? 0 : outcome.total), 0);
  console.log(`${all.length} hostile inputs, ${Math.round(total / 1000)} s of the processor, ${over.length} tried twice`);

  const name = (index: number): string => hostileInputs[index]?.name ?? 'the control';
  const say = (outcome: HostileOutcome): string =>
    outcome.cost === null
      ? `${name(outcome.index)}: ${outcome.flaws.join()}`
      : `${name(outcome.index)}: ${outcome.step}, ${Math.round(outcome.cost)} ms`;
  const dearest = outcomes.filter(({ index }) => index !== controlIndex).sort((a, b) => (b.cost ?? Infinity) - (a.cost ?? Infinity));
  console.log(`the dearest:\n${dearest.slice(0, 10).map(say).join('\n')}`);
  expect(again.filter(outcome => outcome.index !== controlIndex && isOver(outcome, slow)).map(say)).toEqual([]);
  const flawed = outcomes.filter(({ cost, flaws }) => cost !== null && flaws.length > 0);
  expect(flawed.map(({ index, flaws }) => `${name(index)}: ${flaws.slice(0, 3).join('; ')}`)).toEqual([]);
}, 3_600_000);
