/** The words of a command as Compose splits one that is written as text (github.com/mattn/go-shellwords, without variables); `null` where a quote is open. */
export function commandWords(text: string): readonly string[] | null {
  const words: string[] = [];
  let word = '';
  let isOpen = false;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (c === '\\' && quote !== "'") {
      word += text[++at] ?? '';
      isOpen = true;
    } else if (quote !== null) {
      if (c === quote) quote = null;
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      isOpen = true;
    } else if (/[ \t\r\n]/.test(c)) {
      if (isOpen) words.push(word);
      word = '';
      isOpen = false;
    } else {
      // what the shell would act on ends the command
      if (c === ';' || c === '&' || c === '|' || c === '<' || c === '>') break;
      word += c;
      isOpen = true;
    }
  }
  if (quote !== null) return null;
  return isOpen ? [...words, word] : words;
}
