import { isWithinPath } from './host-paths';
import { resolvePath } from '../base/text/path';

/** What folders are called that a program fills while it runs; those that a build fills are none. */
const filledAtRun =
  /^(?:\.?cache|data|db|database|files|instance|logs?|media|outputs?|pids?|reports?|run|sessions?|sockets?|spool|state|storage|te?mp|uploads?|var|work)$/i;

/** Whether the last part of a path is what folders are called that a program fills while it runs. */
export function isFilledAtRun(path: string): boolean {
  return filledAtRun.test(path.slice(path.lastIndexOf('/') + 1));
}

/** A variable of a process. `value`: `null` where it is not known. */
export interface NamedValue {
  readonly name: string;
  readonly value: string | null;
}

/** Variables whose folder programs write to: the home, caches and temporary files, and what is called a folder. */
const folderVariable =
  /^(?:HOME|TMPDIR|TMP|TEMP|TEMPDIR|HF_HOME|TORCH_HOME|MPLCONFIGDIR|XDG_\w+_(?:HOME|DIR)|PGDATA|\w*(?:_|^)(?:CACHE|DIR))$/;

/** Variables that name the folder of a program of one's own, if the folder is called what a program fills. */
const homeVariable = /^\w+_(?:HOME|FOLDER|PATH|ROOT)$/;

/** Variables that name a file in such a folder. */
const fileVariable = /^\w*(?:PID_?FILE|LOG_?FILE|LOG_PATH|SOCKET_PATH)$/;

/** What is read, in names of variables and options: a volume there would hide it. */
const isRead =
  /(?:^|[-_.])(?:conf|config|configs|cfg|cert|certs|certificate|key|keys|tls|ssl|ca|secret|secrets|token|static|template|templates|public|assets?|plugins?|modules?|lib|libs|libexec|bin|src|source|app|web|www|html|docroot|root|rootfs|model|models|migrations?|scripts?|kube|kubeconfig|manifests?|proc|sys|host|install|java|node|python|gem|bundle|go|input|import|read|base|working|work-?dir|schema|locale|dictionary|rules)(?:$|[-_.])/i;

/** Whether a name of a variable, in any spelling, says that what it leads to is read. */
export function isReadName(name: string): boolean {
  return isRead.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'));
}

/** Options whose value is a file or folder that a program writes. */
const option =
  /(?:^|[-_.])(?:data|storage|store|db|dbpath|database|wal|state|statedb|schedule|cache|log|logs|logfile|logging|pid|pidfile|sock|socket|te?mp|tmpdir|dir|directory|folder|upload|uploads|output|spool|persist(?:ence)?)(?:$|[-_.])|(?:dir|file|path)$/i;

/** Places of what programs leave behind while they run. */
const running = /^\/(?:run|var\/(?:run|lock|log|cache|tmp|spool|lib))\/./;

/** Folders that belong to the system, in which no process that is not root has anything to write; sources are built below /usr/src. */
export function isSystemFolder(path: string): boolean {
  return /^\/(?:(?:bin|boot|dev|etc|lib\w*|proc|root|sbin|sys|usr(?!\/src\/[^/]+\/.))(?:\/.*)?)?$/.test(path);
}

/** Folders that hold those of programs, and are none themselves. */
const shared = /^\/(?:home|opt|srv|var|var\/lib|mnt|media)$/;

/** Names of files, so that the folder is the one around: a dot in the last part, behind a letter. */
const file = /\w\.[a-z][\w-]*$/i;

/**
 * The folders that variables and arguments of a process name for what it writes: absolute, each once, in order. Left out is what the system
 * owns, and any folder in which a word of the command lies, since its program may.
 * @param words what it starts, arguments included
 * @param workdir where it starts, so that a file below that may be named; `null`: not known
 */
export function namedFolders(variables: readonly NamedValue[], words: readonly string[], workdir: string | null = null): readonly string[] {
  const found = new Set<string>();
  const add = (path: string, isFile: boolean): void => {
    if (!/^\/[\w./@+-]*$/.test(path)) return;
    const clean = resolvePath(path);
    const folder = isFile ? clean.slice(0, Math.max(1, clean.lastIndexOf('/'))) : clean;
    const own = /^\/usr\//.test(folder)
      ? /^\/usr\/(?:src|share|local)\/[^/]+\/./.test(folder) && isFilledAtRun(folder)
      : !isSystemFolder(folder) && !shared.test(folder);
    if (own) found.add(folder);
  };
  for (const { name, value } of variables) {
    if (value === null) continue;
    if (fileVariable.test(name)) add(value, true);
    else if (homeVariable.test(name) && isFilledAtRun(value)) add(value, false);
    else if (folderVariable.test(name) && (/CACHE$/.test(name) || !isRead.test(name))) add(value, file.test(value));
  }
  const programs = new Set<string>();
  words.forEach((word, at) => {
    const [, flag, inline] = /^(-[^=\s]*)=(.*)$/.exec(word) ?? [];
    const before = words[at - 1] ?? '';
    const told = inline ?? word;
    const name = flag ?? (before.startsWith('-') && !before.includes('=') ? before : '');
    // a file in a folder beside the program: `logs/web.log`
    const beside = workdir !== null && name !== '' && /^(?:\.\/)?[\w-]+\/[\w./-]*\.(?:log|pid|db|sqlite3?|sock)$/.test(told);
    const value = beside ? `${workdir}/${told}` : told;
    if (!value.startsWith('/')) return;
    if (name !== '' && option.test(name) && !isRead.test(name)) add(value, file.test(value));
    else if (running.test(value) && name !== '' && !isRead.test(name)) add(value, file.test(value));
    else programs.add(resolvePath(value));
  });
  return [...found].filter(folder => ![...programs].some(program => isWithinPath(program, folder)));
}
