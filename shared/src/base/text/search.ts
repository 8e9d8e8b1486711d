/**
 * The first index below `count` for which something holds, by bisection; `count` where it holds for none. What holds for an index must hold
 * for all that follow.
 */
export function firstIndex(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  for (let high = count; low < high;) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
