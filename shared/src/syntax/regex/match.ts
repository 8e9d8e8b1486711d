import type { Effort } from '../../base/text/automaton';
import type { Program, Step } from './parse';

/** Where a match is: pairs of offsets, of the whole and of each group; -1 where a group took no part. */
export type Found = readonly number[];

/** A way through the program, with the places that it has noted. */
interface Thread {
  readonly at: number;
  readonly slots: Found;
}

const isWord = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;

function holds(what: Extract<Step, { is: 'ask' }>['what'], text: string, at: number): boolean {
  switch (what) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length;
    case 'line-start':
      return at === 0 || text[at - 1] === '\n';
    case 'line-end':
      return at === text.length || text[at] === '\n';
    default: {
      const isBorder = (at > 0 && isWord(text.charCodeAt(at - 1))) !== (at < text.length && isWord(text.charCodeAt(at)));
      return isBorder === (what === 'word');
    }
  }
}

/**
 * The first match at or after a place, as RE2 finds it; `null`: none. All ways go forward together, so that it costs (steps of the program) x (length of the text)
 * and never more; where `effort` is used up, nothing is found, and its `left` is below zero.
 */
export function findMatch({ steps, groups }: Program, text: string, from = 0, effort?: Effort): Found | null {
  const none: Found = new Array<number>(2 * groups + 2).fill(-1);
  const seen = new Int32Array(steps.length).fill(-1);
  let found: Found | null = null;
  /** Adds a thread and all that it leads to without a character, the preferred ones first. */
  const add = (list: Thread[], start: Thread, at: number): void => {
    const stack = [start];
    while (stack.length > 0) {
      const thread = stack.pop()!;
      if (seen[thread.at] === at) continue;
      seen[thread.at] = at;
      if (effort) effort.left--;
      const step = steps[thread.at]!;
      if (step.is === 'fork') {
        if (step.or >= 0) stack.push({ at: step.or, slots: thread.slots });
        stack.push({ at: step.to, slots: thread.slots });
      } else if (step.is === 'note') {
        const slots = thread.slots.slice();
        slots[step.slot] = at;
        stack.push({ at: thread.at + 1, slots });
      } else if (step.is === 'ask') {
        if (holds(step.what, text, at)) stack.push({ at: thread.at + 1, slots: thread.slots });
      } else list.push(thread);
    }
  };
  let current: Thread[] = [];
  for (let at = from; ;) {
    if (!found) {
      const slots = none.slice();
      slots[0] = at;
      add(current, { at: 0, slots }, at);
    }
    const code = text.codePointAt(at);
    const width = code !== undefined && code > 0xffff ? 2 : 1;
    const next: Thread[] = [];
    for (const thread of current) {
      const step = steps[thread.at]!;
      if (step.is === 'done') {
        const slots = thread.slots.slice();
        slots[1] = at;
        found = slots;
        // what is preferred less is dropped
        break;
      }
      if (effort && effort.left-- < 0) return null;
      if (step.is === 'take' && code !== undefined && step.takes(code)) add(next, { at: thread.at + 1, slots: thread.slots }, at + width);
    }
    if (code === undefined || (found && next.length === 0)) return found;
    current = next;
    at += width;
  }
}
