import { copied } from './copy';
import { budgets } from './budgets';

/** A word of the file as findings quote it: whole as long as anybody would read it. Thousands of findings may quote a name of a megabyte. */
export function short(text: string): string {
  if (text.length <= budgets.quotedLength) return text;
  return `${copied(text.slice(0, budgets.quotedLength))}…`;
}

/** The data of a message, each text short. */
export function shortData<D extends Readonly<Record<string, string | number>>>(data: D): D {
  for (const name in data) {
    const value = data[name];
    if (typeof value !== 'string' || value.length <= budgets.quotedLength) continue;
    return Object.fromEntries(Object.entries(data).map(([key, word]) => [key, typeof word === 'string' ? short(word) : word])) as D;
  }
  return data;
}
