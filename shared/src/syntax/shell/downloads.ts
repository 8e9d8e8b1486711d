import type { ShellCommand, ShellWord } from './types';

/** A file that a command fetches from the network. */
export interface Download {
  readonly command: ShellCommand;
  /** Where it is fetched from; `null` where the command line does not say. */
  readonly url: ShellWord | null;
  /** The name under which it is kept, without folders and as `plainName` writes it; `null` for standard output. */
  readonly file: string | null;
  /** Where it is kept as the command spells it, relative to its folder; `null` for standard output, and where that is not told by one word. */
  readonly path: string | null;
}

interface Downloader {
  /** Options whose value is the next word, or the rest of theirs for a letter. */
  readonly values: ReadonlySet<string>;
  /** Those of them that name the file. */
  readonly output: readonly string[];
  /** Those of them that name a folder for it. */
  readonly folder: readonly string[];
  /** Whether the file gets the name that the address ends with, unless an option says otherwise. */
  readonly keepsName: boolean;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const downloaders: Readonly<Record<string, Downloader>> = {
  curl: {
    values: words(
      '-A -b -c -C -d -D -e -E -F -h -H -K -m -o -P -Q -r -t -T -u -U -w -x -X -y -Y -z --user-agent --cookie --cookie-jar --continue-at --data ' +
        '--data-raw --data-ascii --data-binary --data-urlencode --dump-header --referer --cert --key --cacert --capath --form --header --config --max-time ' +
        '--output --output-dir --quote --range --upload-file --user --write-out --proxy --preproxy --proxy-user --request --retry --retry-delay ' +
        '--retry-max-time --connect-timeout --resolve --connect-to --interface --limit-rate --max-redirs --noproxy --ciphers --tls-max --proto ' +
        '--proto-redir --proto-default --aws-sigv4 --oauth2-bearer --pinnedpubkey --speed-limit --speed-time --unix-socket --json',
    ),
    output: ['-o', '--output'],
    folder: ['--output-dir'],
    keepsName: false,
  },
  wget: {
    values: words(
      '-O -P -U -e -o -a -t -T -w -Q -i -B -A -R -D -X -I -l --output-document --directory-prefix --user-agent --header --execute --output-file ' +
        '--append-output --tries --timeout --post-data --post-file --body-data --body-file --method --referer --input-file --user --password --http-user ' +
        '--http-password --ca-certificate --load-cookies --wait --limit-rate --progress --waitretry --read-timeout --connect-timeout --dns-timeout --level',
    ),
    output: ['-O', '--output-document'],
    folder: ['-P', '--directory-prefix'],
    keepsName: true,
  },
  aria2c: {
    values: words('-o -d -x -s -j -k --out --dir --checksum --max-connection-per-server --split'),
    output: ['-o', '--out'],
    folder: ['-d', '--dir'],
    keepsName: true,
  },
};

function spelled(word: ShellWord): string {
  return word.text ?? word.mapped().text;
}

/** A word's value with its variables in one spelling: `${X}` as `$X`. */
export function plainText(word: ShellWord): string {
  return plainVariables(spelled(word));
}

/** Writes `${X}` as `$X`. */
export function plainVariables(text: string): string {
  return text.includes('${') ? text.replace(/\$\{(\w+)\}/g, '$$$1') : text;
}

/** What follows the last slash, the query of an address left out. */
export function plainName(path: string): string {
  const end = path.indexOf('://') > 0 ? path.search(/[?#]/) : -1;
  const name = end < 0 ? path : path.slice(0, end);
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}

/** A number of a version, the start of a commit, or a variable that may hold either. */
const version = /\d\.\d|\bv?\d\d|\b[0-9a-f]{7}|\$/;

/** Whether an address names the version of what is there, so that it is the same file for good: the host and its port tell nothing. */
export function namesVersion(address: string): boolean {
  return version.test(address.replace(/^[a-z]{1,9}:\/\/[^/]*/i, ''));
}

/** Whether a name is that of a program that downloads what its command line says. */
export function isDownloader(name: string | null): boolean {
  return name !== null && Object.hasOwn(downloaders, name);
}

/** What a call of curl, wget or aria2c fetches; more than one where it names several addresses. Empty for other commands, and where nothing is fetched. */
export function downloadsOf(command: ShellCommand): readonly Download[] {
  const { name, args, redirections } = command;
  if (name === null || !Object.hasOwn(downloaders, name)) return [];
  const facts = downloaders[name]!;
  const urls: ShellWord[] = [];
  let kept: string | undefined;
  let keptAs: string | null | undefined;
  let moved = false;
  let { keepsName } = facts;
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const text = plainText(word);
    if (!text.startsWith('-') || text === '-') {
      urls.push(word);
      continue;
    }
    const equals = text.startsWith('--') ? text.indexOf('=') : -1;
    const flag = equals < 0 ? text : text.slice(0, equals);
    let option: string | null = null;
    let value: string | null = equals < 0 ? null : text.slice(equals + 1);
    if (flag.startsWith('--')) {
      if (flag === '--remote-name' || flag === '--remote-name-all') keepsName = true;
      if (facts.values.has(flag)) option = flag;
      if (flag === '--url' && args[at + 1] && equals < 0) urls.push(args[++at]!);
    } else {
      for (let letter = 1; letter < text.length && option === null; letter++) {
        if (name === 'curl' && text[letter] === 'O') keepsName = true;
        if (!facts.values.has(`-${text[letter]}`)) continue;
        option = `-${text[letter]}`;
        if (letter + 1 < text.length) value = text.slice(letter + 1).replace(/^=/, '');
      }
    }
    if (option === null) continue;
    if (value === null) {
      const next = args[++at];
      value = next ? plainText(next) : '';
      if (next && facts.output.includes(option)) keptAs = spelled(next);
    } else if (facts.output.includes(option)) keptAs = text === spelled(word) ? value : null;
    if (facts.output.includes(option)) kept = value;
    if (facts.folder.includes(option)) moved = true;
  }
  const redirected = redirections.find(r => /^>[>|]?$/.test(r.operator) && (r.descriptor ?? 1) === 1 && r.target)?.target;
  const named = kept ?? (keepsName ? undefined : ((redirected && plainText(redirected)) ?? '-'));
  const fileOf = (url: ShellWord | null): string | null => {
    if (named === '-' || named === '/dev/stdout') return redirected ? plainName(plainText(redirected)) : null;
    return named !== undefined ? plainName(named) : url ? plainName(plainText(url)) : null;
  };
  const pathOf = (url: ShellWord): string | null => {
    if (moved || fileOf(url) === null) return null;
    // wget keeps the query of an address in the name, curl does not
    if (named === undefined) return name !== 'curl' && spelled(url).includes('?') ? null : plainName(spelled(url));
    return kept === undefined || kept === '-' || kept === '/dev/stdout' ? spelled(redirected!) : (keptAs ?? null);
  };
  return urls.map(url => ({ command, url, file: fileOf(url), path: pathOf(url) }));
}
