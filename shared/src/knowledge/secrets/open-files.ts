import { findSecrets, isSecretLiteral, secretValueKind } from './detect';

/** Settings of npm whose values are credentials, below a registry or not: npmrc(5), "Auth related configuration", and `key` and `otp` of config(7). */
const npmCredential = /(?:^|:)(?:_\w+|key|otp)(?:\[\])?$/;

/** Whether a line of an `.npmrc` is understood and holds no credential: one that a variable gives is in its environment. */
function isOpenSetting(line: string): boolean {
  const code = line.trim();
  if (code === '' || code.startsWith('#') || code.startsWith(';')) return true;
  const equals = code.indexOf('=');
  if (equals <= 0) return false;
  return !npmCredential.test(code.slice(0, equals).trim()) || secretValueKind(code.slice(equals + 1)) === 'variable';
}

/** A password in the settings of Maven, but for one that its master password encrypts: `{...}`. */
const mavenPassword = /<(?:password|passphrase)>([^<]{0,400})</g;

/** Files of settings in which credentials may be, too, and whether a text of theirs is known to have none. */
export const mayBeOpen: ReadonlyMap<string, (text: string) => boolean> = new Map(
  Object.entries({
    '.npmrc': text => text.split('\n').every(isOpenSetting),
    // twine puts no variable into it
    '.pypirc': text => !/^[ \t]{0,40}password[ \t]{0,40}[=:]/m.test(text),
    'pip.conf': () => true,
    'settings.xml': text =>
      [...text.matchAll(mavenPassword)].every(([, value = '']) => value.trim().startsWith('{') || !isSecretLiteral(value)),
  } satisfies Readonly<Record<string, (text: string) => boolean>>).map(([name, isOpen]) => [
    name,
    text => findSecrets(text).length === 0 && isOpen(text),
  ]),
);
