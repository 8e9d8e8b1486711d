import { downloadsOf, isDownloader } from './downloads';
import { sourceRange, type MappedText } from './mapped-text';
import type { ShellCommand, ShellWord } from './types';
import type { Range } from '../../base/text/range';

/** A plain address of another machine, with what may be in front of it in a word. */
const plain =
  /^(?:-[\w-]*=?|git\+)?(http):\/\/(?!(?:localhost|127\.|0\.0\.0\.0|\[::1\]|host\.docker\.internal|[\w.-]+\.(?:local|localhost|internal|test|invalid)(?![\w.-])))/i;
/** Programs that fetch, unpack or trust what is at an address; apt and apk check signatures of their own. */
const fetchers = new Set('git svn hg pip pip3 pipx uv npm yarn pnpm gem bundle go cargo rpm dnf yum microdnf zypper composer conda fetch http xh axel apt-key'.split(' ')); // prettier-ignore

/** Whether a text is a plain HTTP address of another machine. */
export const isPlainHttp = (text: string): boolean => plain.test(text);

/** The words of a command that are fetched, but for what is saved under a name that `isVerified` says is looked at afterwards. */
export function fetchedWords(command: ShellCommand, isVerified: (file: string | null) => boolean): readonly ShellWord[] {
  const { name, args, inner } = command;
  if (!isDownloader(name)) return name !== null && fetchers.has(name) && !inner ? args : [];
  return downloadsOf(command).flatMap(({ url, file }) => (url && !isVerified(file) ? [url] : []));
}

/** A plain HTTP address in a text: its host, its range (scheme and host), and where its scheme ends. */
export interface PlainAddress {
  readonly host: string;
  readonly range: Range;
  readonly schemeEnd: number;
}

/** The plain HTTP address that a text begins with; `null`: none. */
export function plainAddress(mapped: MappedText): PlainAddress | null {
  const match = plain.exec(mapped.text);
  if (!match) return null;
  const hostStart = match[0].length;
  const start = hostStart - 'http://'.length;
  const [host] = /^[^/?#\s]*/.exec(mapped.text.slice(hostStart))!;
  return {
    host: host.slice(host.lastIndexOf('@') + 1),
    range: sourceRange(mapped, start, hostStart + host.length),
    schemeEnd: sourceRange(mapped, start, start + 'http'.length).end,
  };
}
