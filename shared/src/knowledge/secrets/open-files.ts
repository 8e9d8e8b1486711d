import { findSecrets, secretValueKind } from './detect';

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

/** Files that hold credentials by custom but are there for other settings too, and whether a text of theirs is known to have none. */
export const mayBeOpen: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['.npmrc', text => findSecrets(text).length === 0 && text.split('\n').every(isOpenSetting)],
]);
