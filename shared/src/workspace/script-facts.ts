import { reason, type Reason } from '../base/terms/evidence';
import type { ScriptFact } from './unkeyed-facts';

/** Commands that change files or users, or need root, and are no news in a start script. */
const changing =
  /(?:^|[;&|({]|\b(?:then|do|else)\b)[ \t]*(?:exec[ \t]{1,9})?(mkdir|touch|cp|mv|ln|tee|chown|chmod|install|useradd|adduser|usermod|groupmod|apt-get|apk|gosu|su-exec|setpriv|setcap|runuser|su|sudo|service|cron|crond|iptables|sysctl|mount|update-ca-certificates|sed[ \t]+-i|(?:pip3?|npm|bundle|composer|yarn|poetry)[ \t]+install|npm[ \t]+ci)(?![\w-])/;

/** A script that is started from this one, and not read. */
const other = /^(?:bash|sh|ash|run-parts)[ \t]{1,9}(?:-[a-z]{1,3}[ \t]{1,9})?["']?((?:[\w.${}-]{0,60}\/)[\w./${}-]{1,100})/;

/** A redirection into a file. */
const redirection = /(?:^|[^<>=&\d-])[13-9]?>{1,2}[ \t]*["']?([\w./${}-]+)/;

/** Where every user may write, or where nothing is kept. */
const harmless = /^(?:\/dev\/|\/proc\/|\/tmp\/|\$\{?(?:TMPDIR|tmp|TMP)\b)/;

/** A line that runs something as another user. */
const switching = /^[ \t]{0,40}(?:exec[ \t]{1,9})?(?:gosu|su-exec|setpriv|runuser|chpst|s6-setuidgid)[ \t]/m;

/** A line by which a script becomes the command that it is given. */
const becoming = /^exec[ \t]{1,9}"\$@"[ \t\r]{0,9}$/gm;

/** Whether a shell script runs something as another user, and where it becomes its command at last; `null`: it does not. */
export function endOfScript(text: string): { readonly drops: boolean; readonly becomes: number | null } {
  return { drops: switching.test(text), becomes: [...text.matchAll(becoming)].at(-1)?.index ?? null };
}

/** The mark of a heredoc. */
const heredoc = /<<-?[ \t]*["']?(\w+)/;

/** More lines of a script are not looked at: what it prepares comes first. */
const most = 400;

/** What is seen of a start script. */
export function scriptDoubt({ path, does }: ScriptFact): Reason {
  return reason('start-script', { path, does });
}

/**
 * What a shell script does that another user than root may not be able to, as far as single lines tell: no fact where nothing is seen. Texts of
 * heredocs and comments are left out.
 */
export function scriptFacts(text: string, path: string): readonly ScriptFact[] {
  return path.endsWith('.sh') ? readScript(text, path) : [];
}

/** The same of a text that is known to be a shell script. */
export function readScript(text: string, path: string): readonly ScriptFact[] {
  let at = 0;
  let end: string | null = null;
  let unread: ScriptFact | null = null;
  for (const line of text.split('\n').slice(0, most)) {
    const start = at;
    at += line.length + 1;
    const code = line.trim().slice(0, 1000);
    if (end !== null) {
      if (code === end) end = null;
      continue;
    }
    if (code.startsWith('#')) continue;
    const target = redirection.exec(code)?.[1];
    const command = changing.exec(code)?.[1]?.replace(/[ \t]+/, ' ');
    const does =
      target !== undefined && !harmless.test(target)
        ? `writes ${target.slice(0, 60)}`
        : command !== undefined && !/[ \t]\/tmp\//.test(code)
          ? `runs ${command}`
          : null;
    const started = other.exec(code)?.[1];
    if (does !== null || (unread === null && started !== undefined)) {
      const { drops, becomes } = endOfScript(text);
      const handsOn = becomes === null ? null : { start: becomes, end: becomes };
      const eol = line.endsWith('\r') ? '\r\n' : '\n';
      const fact: Omit<ScriptFact, 'does'> = { type: 'script', path, range: { start, end: start + line.length }, drops, handsOn, eol };
      if (does !== null) return [{ ...fact, does }];
      unread = { ...fact, does: `runs ${started}` };
    }
    end = heredoc.exec(code)?.[1] ?? null;
  }
  return unread === null ? [] : [unread];
}
