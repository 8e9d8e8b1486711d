/**
 * Characters that nobody sees and that change what is seen: they move the cursor, change colours, turn the direction of text, or hide text in it. Joiners
 * (U+200C, U+200D) are not among them: words of Persian and emoji are made with them.
 */
const unseen =
  // eslint-disable-next-line no-control-regex
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
/** What the parsers put in the place of what is filled in later. */
const filledIn = /\ue000+/g;

/** Text that may be shown anywhere, whatever a file holds: what nobody would see in it is `\ufffd`. Blanks and line breaks stay. */
export function visible(text: string): string {
  return text.replace(unseen, '\ufffd').replace(filledIn, '…');
}

/** JSON in which what nobody would see is written as numbers, which changes nothing of what it says. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(unseen, char => {
    const codes = Array.from({ length: char.length }, (_, i) => char.charCodeAt(i).toString(16).padStart(4, '0'));
    return codes.map(code => `\\u${code}`).join('');
  });
}
