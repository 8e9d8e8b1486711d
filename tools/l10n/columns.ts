import { eastAsianWidth } from 'get-east-asian-width';

/** How many columns a text takes where full-width characters take two. */
export function columns(text: string): number {
  let width = 0;
  for (const character of text)
    width += /\p{Mark}|\p{Default_Ignorable_Code_Point}/u.test(character) ? 0 : eastAsianWidth(character.codePointAt(0)!);
  return width;
}
