import { createFullEngine, exercise } from '../exercise';
import { describeError } from '../run/check-file';
import { processorTime, startWatchdog } from '../run/watchdog';
import { hostileInputs } from './index';

/**
 * A process that works through hostile inputs whose numbers it is sent, and answers for each with what it cost. Costs are those of the
 * processor, for the whole process: its threads collect garbage and compile for nobody else. A thread of its own ends the process where
 * an input does not end. One engine serves all inputs, as it does in an editor.
 */

/** What the process answers. */
export interface HostileCost {
  /** Of the input; -1 for the control. */
  readonly index: number;
  /** Milliseconds of the processor that the dearest step took. */
  readonly cost: number;
  /** Which step that was. */
  readonly step: string;
  /** What all steps took. */
  readonly total: number;
  readonly flaws: readonly string[];
}

/** Milliseconds of the processor after which a step is given up. */
const patience = 20_000;

/** Work that has nothing to do with us, and takes about 150 ms of an idle core of today: what it takes more, the machine is slower. */
function control(): readonly string[] {
  const counts = new Map<string, number>();
  for (let i = 0; i < 2_000_000; i++) {
    const key = `k${i % 5000}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const text = JSON.stringify([...counts].sort((a, b) => b[1] - a[1]));
  for (let i = 0; i < 30; i++) JSON.parse(text);
  return [];
}

/** How many fixes of each input are rendered: 20 with `BULKHEAD_FULL_SWEEP`. They are much alike, and each of a large file costs a tenth of a second. */
const most = process.env['BULKHEAD_FULL_SWEEP'] ? 20 : 6;

const watchdog = startWatchdog(patience);
const engine = createFullEngine();
process.on('message', (index: number) => {
  const input = hostileInputs[index];
  let dearest = { name: '', cost: 0 };
  const begin = processorTime();
  const step = <T>(name: string, take: () => T): T => {
    watchdog.start();
    try {
      return take();
    } finally {
      const cost = watchdog.stop();
      if (cost > dearest.cost) dearest = { name, cost };
    }
  };
  let flaws: readonly string[];
  try {
    flaws = input ? exercise({ engine, thorough: false, most, step }, { path: input.path, text: input.text }) : step('control', control);
  } catch (error) {
    flaws = [describeError(error)];
  }
  const { name, cost } = dearest;
  process.send!({ index, cost, step: name, total: processorTime() - begin, flaws } satisfies HostileCost);
});
