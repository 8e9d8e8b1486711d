import { resolvePath } from '../base/text/path';
import { startedScript } from './program/started-command';

/** Commands that write what they are given last, or all that they are given. */
const toLast = new Set(['cp', 'mv', 'ln', 'rsync', 'install', 'sed']);
const toAll = new Set(['mkdir', 'touch', 'tee', 'truncate']);

/** Where every user may write, or where nothing is kept. */
const harmless = /^(?:\/dev\/|\/proc\/|\/(?:var\/)?tmp(?:\/|$)|\$\{?(?:TMPDIR|tmp|TMP)\b)/;

/**
 * The first thing that a shell script in place writes where its container may not, as it stands there, as far as single commands tell; `null`: nothing is
 * seen. Linear.
 * @param workdir where it starts
 * @param isOpen whether an absolute path may be written
 */
export function inlineWrite(script: string, workdir: string, isOpen: (path: string) => boolean): string | null {
  for (const { name, args, redirections } of startedScript(script).commands) {
    const given = args.map(({ text, raw }) => text ?? raw.replaceAll('"', ''));
    const paths = given.filter(word => word !== '' && !word.startsWith('-'));
    const isLast = toLast.has(name ?? '') && (name !== 'sed' || given.some(word => /^-\w*i/.test(word)));
    const targets = [
      ...redirections.flatMap(({ operator, target }) =>
        target && /^(?:>|&>)/.test(operator) && operator !== '>&' ? (target.text ?? target.raw.replaceAll('"', '')) : [],
      ),
      ...(toAll.has(name ?? '') ? paths : isLast ? paths.slice(-1) : []),
    ];
    const closed = targets.find(
      target => !harmless.test(target) && !isOpen(resolvePath(target.startsWith('/') ? target : `${workdir}/${target}`)),
    );
    if (closed !== undefined) return closed;
  }
  return null;
}
