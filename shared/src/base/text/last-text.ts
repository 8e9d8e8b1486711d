/** A function of a text that keeps its last answer: it is asked about one file for each document of that. */
export function ofLastText<T>(compute: (text: string) => T): (text: string) => T {
  let last: { text: string; readonly value: T } | null = null;
  return text => {
    if (last?.text !== text) last = { text, value: compute(text) };
    // A file that was read twice is two strings. To compare those takes as long as they are; with itself a string is compared at once.
    else last.text = text;
    return last.value;
  };
}
