/** A function of a text that keeps its last answer: it is asked about one file for each document of that. */
export function ofLastText<T>(compute: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly value: T } | null = null;
  return text => (last?.text === text ? last : (last = { text, value: compute(text) })).value;
}
