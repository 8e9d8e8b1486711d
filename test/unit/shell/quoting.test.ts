import { expect, it } from 'vitest';
import { quotingAt } from '../../../shared/src/syntax/shell/quoting';

it.each([
  ['echo @ "a @ b" \'c @ d\' # e @', 'bare double single comment'],
  ['x=$(echo "@" @) @', 'double bare bare'],
  ['cat <<EOF\na @ b\nEOF\necho @', 'here bare'],
  ['cat <<EOF\n$(echo @)\nEOF\n@', 'unclear bare'],
  ["cat <<-'EOF'\n\ta @\n\tEOF\n@", 'here-quoted bare'],
  ['cat <<A <<"B"\n@\nA\n@\nB\n@', 'here here-quoted bare'],
  ['echo $((1+@)) @ `echo @` ${a:-@} @', 'unclear bare unclear unclear bare'],
  ['(( a + @ )) && [[ "@" == x ]]', 'unclear double'],
  ["echo $'@' '@'", 'unclear single'],
  ['echo "it\'s @" @', 'double bare'],
  ["echo 'a'\\''b @'", 'single'],
  ['a=$(case $x in a) echo @;; esac); echo @', 'unclear unclear'],
  ['case $x in a) echo @;; esac; echo @', 'bare bare'],
  ['echo "$(echo "@") @"', 'double double'],
  ['echo <<< "@" a#@', 'double bare'],
  ['echo "@', 'double'],
  ['( echo @', 'bare'],
])('%j: %s', (text, quotings) =>
  expect(
    quotingAt(
      text,
      [...text].flatMap((character, i) => (character === '@' ? [i] : [])),
    ).join(' '),
  ).toBe(quotings),
);
