/** What a host answers: at once, as the command line does, or later, as an editor may. */
export type Answer<T> = T | Promise<T>;

/** A decision that asks its host one thing after the other. Written once, it is the same wherever files are and however long they take. */
export type Deciding<T> = Generator<Answer<unknown>, T, unknown>;

/** Asks one thing. A promise that fails is thrown where it was asked. */
export function* ask<T>(answer: Answer<T>): Deciding<T> {
  return (yield answer) as T;
}

/** Decides with a host that answers everything at once. */
export function decideNow<T>(deciding: Deciding<T>): T {
  let next = deciding.next();
  while (!next.done) next = deciding.next(next.value);
  return next.value;
}

/** Decides with a host that may take its time. */
export async function decideLater<T>(deciding: Deciding<T>): Promise<T> {
  let next = deciding.next();
  while (!next.done) {
    let answer: unknown;
    try {
      answer = await next.value;
    } catch (error) {
      next = deciding.throw(error);
      continue;
    }
    next = deciding.next(answer);
  }
  return next.value;
}
