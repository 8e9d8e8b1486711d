import { imageKey } from '../../syntax/image/name';

/** What people put beside a name, or beside each other, where a password need not be one: `devpassword`, `shop-secret`, `root_1234`. */
const usual: readonly string[] = [
  ...'password passwd pass pwd secret token key api dev devel development test testing demo local example sample default database db user root admin app'.split(
    ' ',
  ),
  ...['my', 'the', 'change', 'me', 'not', 'for', 'only', 'use', 'insecure', 'prod', 'production', 'e2e', '123', '1234', '12345', '123456'],
];

/** A longer value is none that people try. */
const longest = 60;

/** Whether a text is made of words alone, one after the other or with signs between them. */
function isMadeOf(text: string, words: readonly string[]): boolean {
  if (text.length > longest) return false;
  const reached = [true];
  for (let at = 0; at < text.length; at++) {
    if (!reached[at]) continue;
    if (/[-_.@!]/.test(text[at]!)) reached[at + 1] = true;
    for (const word of words) if (text.startsWith(word, at)) reached[at + word.length] = true;
  }
  return reached[text.length] === true;
}

/** Whether a password is the name of its user, alone or with the usual words: `shop:shop_password`. */
export function isNamedAfter(user: string, password: string): boolean {
  const [name, value] = [user.toLowerCase(), password.toLowerCase()];
  return value === name || isMadeOf(value, name.length > 2 ? [...usual, name] : usual);
}

/**
 * Says what everybody tries first as the password of a container: its name, that of its image, its users and databases, alone and with the usual words.
 * @param image its reference; `null`: not known
 */
export function obviousValues(
  name: string,
  image: string | null,
  variables: readonly { readonly name: string; readonly value: string | null }[],
): (value: string) => boolean {
  const repository = imageKey(image ?? '') ?? '';
  const named = variables.flatMap(variable => (/(?:user|name|db|database)$/i.test(variable.name) ? (variable.value ?? '') : []));
  const names = [name, repository.slice(repository.lastIndexOf('/') + 1), ...named].map(text => text.toLowerCase());
  // a name of one or two letters is part of many a word
  const words = [...usual, ...names.filter(({ length }) => length > 2)];
  return value => names.includes(value.toLowerCase()) || isMadeOf(value.toLowerCase(), words);
}
