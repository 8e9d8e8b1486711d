import { resolvePath } from '../base/text/path';

/** How much of a script in place is read. */
const longest = 20_000;

/** Commands that write what they are given last. */
const toLast = new Set(['cp', 'mv', 'ln', 'rsync', 'install']);

/** Commands that write all that they are given. */
const toAll = new Set(['mkdir', 'touch', 'tee', 'truncate']);

/** Where a redirection leads. */
const redirected = /(?:^|[^<>=&\d-])[013-9]?>{1,2}\s{0,9}["']?([^\s"'&|;<>()]{1,200})/g;

/** Where every user may write, or where nothing is kept. */
const harmless = /^(?:\/dev\/|\/proc\/|\/(?:var\/)?tmp(?:\/|$)|\$\{?(?:TMPDIR|tmp|TMP)\b)/;

/**
 * The first thing that a shell script in place writes where its container may not, as it stands there, as far as single commands tell; `null`: nothing is
 * seen. Linear.
 * @param workdir where it starts
 * @param isOpen whether an absolute path may be written
 */
export function inlineWrite(script: string, workdir: string, isOpen: (path: string) => boolean): string | null {
  for (const part of script.slice(0, longest).split(/\n|;|&&|\|/)) {
    // of a text with tags in it nothing is a redirection
    const command = part
      .trim()
      .slice(0, 1000)
      .replace(/"[^"]*"|'[^']*'/g, quoted => (quoted.includes('<') ? 'text' : quoted));
    if (command.startsWith('#')) continue;
    const targets = [...command.matchAll(redirected)].map(match => match[1]!);
    const words = command
      .replace(redirected, ' ')
      .split(/\s+/)
      .map(word => word.replace(/^["']|["']$/g, ''));
    const at = words.findIndex(word => !/^(?:exec|then|do|else|\(|\{|!|\w+=.*)?$/.test(word));
    const name = words[at]?.replace(/^.*\//, '') ?? '';
    const given = words.slice(at + 1).filter(word => word !== '' && !word.startsWith('-'));
    if (toAll.has(name)) targets.push(...given);
    else if (toLast.has(name)) targets.push(...given.slice(-1));
    else if (name === 'sed' && /\s-\w*i/.test(command)) targets.push(...given.slice(-1));
    const closed = targets.find(
      target => !harmless.test(target) && !isOpen(resolvePath(target.startsWith('/') ? target : `${workdir}/${target}`)),
    );
    if (closed !== undefined) return closed;
  }
  return null;
}
