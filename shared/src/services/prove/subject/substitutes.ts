import { findNamedSecret, findSecrets, isSecretLiteral, isSecretName, secretValueKind } from '../../../knowledge/secrets/detect';

/** Fresh random bytes: the engine has no source of its own. */
export type RandomBytes = (length: number) => Uint8Array;

/** A text of a file, and whether a random one is in it. */
export interface TrialText {
  readonly text: string;
  readonly isStandIn: boolean;
}

/**
 * Random texts in place of the secrets of a file: the same secret has the same one wherever it is written, so that containers that share it still talk to each
 * other. First every secret is learned, then texts are replaced.
 */
export interface Substitutes {
  /** The one for a secret that the file does not write: a variable, a key of a Secret. */
  of(key: string): string;
  /** Looks at a variable of a container for secrets. */
  learn(name: string, value: string): void;
  /** A variable's value without the secrets in it. */
  value(name: string, value: string): TrialText;
  /** The words of a command without the secrets in them. */
  words(words: readonly string[]): readonly string[];
}

/** Shorter texts, and those that everybody tries first, are also names of users and databases: they are replaced only where a name says what they are. */
const leastSure = 8;
/** More secrets are not looked for in other texts. */
const mostLookedFor = 100;
const switches = /^(?:yes|no|true|false|on|off|\d)$/i;
/** Options whose value is a password although their name does not say so. */
const passwordOption = /^-{1,2}(?:requirepass|masterauth)$/;

/** Whether a variable of a name is a secret, whatever its value is. */
export function isSecretVariable(name: string): boolean {
  return isSecretName(name);
}

/** Substitutes for the secrets of one trial. */
export function createSubstitutes(random: RandomBytes): Substitutes {
  const known = new Map<string, string>();
  const made = new Set<string>();
  const sure: string[] = [];
  const make = (key: string, text: () => string): string => {
    let one = known.get(key);
    if (one === undefined) {
      known.set(key, (one = text()));
      made.add(one);
    }
    return one;
  };
  // one that fills a variable is a secret by its place, too
  const substituteFor = (secret: string): string => (made.has(secret) ? secret : make(secret, () => likeness(secret, random)));
  const add = (secret: string): void => {
    if (known.has(secret) || made.has(secret)) return;
    substituteFor(secret);
    if (secret.length >= leastSure && secretValueKind(secret) === 'literal' && sure.length < mostLookedFor) sure.push(secret);
  };
  const replaced = (value: string, isWhole: boolean): string => {
    if (isWhole) return substituteFor(value);
    let text = '';
    let at = 0;
    for (const { range } of findSecrets(value)) {
      text += value.slice(at, range.start) + substituteFor(value.slice(range.start, range.end));
      at = range.end;
    }
    text += value.slice(at);
    for (const secret of sure) if (text.includes(secret)) text = text.replaceAll(secret, () => substituteFor(secret));
    return text;
  };
  const learn = (name: string, value: string): void => {
    if (isWholeSecret(name, value)) add(value);
    else for (const { range } of findSecrets(value)) add(value.slice(range.start, range.end));
  };
  return {
    of: key => make(`\0${key}`, () => randomText(24, lettersAndDigits, random)),
    learn,
    value: (name, value) => {
      const text = replaced(value, isWholeSecret(name, value));
      return { text, isStandIn: text !== value };
    },
    words: words =>
      words.map((word, index) => {
        const before = words[index - 1] ?? '';
        if (before.startsWith('-') && !word.startsWith('-') && namesSecret(before)) return replaced(word, true);
        const equals = word.startsWith('-') ? word.indexOf('=') : -1;
        if (equals > 0 && equals < word.length - 1 && namesSecret(word.slice(0, equals)))
          return word.slice(0, equals + 1) + replaced(word.slice(equals + 1), true);
        return replaced(word, false);
      }),
  };
}

const namesSecret = (option: string): boolean => passwordOption.test(option) || isSecretName(option.replace(/^-{1,2}/, ''));

function isWholeSecret(name: string, value: string): boolean {
  if (switches.test(value) || value === '') return false;
  const found = findNamedSecret(name, value);
  if (found) return found.range.start === 0 && found.range.end === value.length;
  // a value that repeats its name may be a secret all the same
  return isSecretName(name) && isSecretLiteral(value) && findSecrets(value).length === 0;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const lettersAndDigits = lower + lower.toUpperCase() + digits;

function randomText(length: number, alphabet: string, random: RandomBytes): string {
  return Array.from(random(length), byte => alphabet[byte % alphabet.length]!).join('');
}

/** A random text of the same form: programs check the length of keys, and that they are of hex digits or base 64. */
function likeness(secret: string, random: RandomBytes): string {
  const bytes = random(secret.length);
  const isHex = /^[0-9a-fA-F]+$/.test(secret) && /[0-9]/.test(secret);
  const [small, large] = isHex ? [lower.slice(0, 6), lower.slice(0, 6).toUpperCase()] : [lower, lower.toUpperCase()];
  let text = '';
  for (let at = 0; at < secret.length; at++) {
    const c = secret[at]!;
    const alphabet = /[a-z]/.test(c) ? small : /[A-Z]/.test(c) ? large : /[0-9]/.test(c) ? digits : c;
    text += alphabet[bytes[at]! % alphabet.length]!;
  }
  return text;
}
