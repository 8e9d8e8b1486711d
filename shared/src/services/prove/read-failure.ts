import type { TrialSettings } from './contract';

/** What a log says a start to lack. */
export type Lack =
  /** `path`: what it could not write; `isFolder`: a folder that it wanted to make. */
  | { readonly kind: 'folder'; readonly path: string; readonly isFolder: boolean }
  | { readonly kind: 'capabilities'; readonly names: readonly string[] }
  | { readonly kind: 'user' }
  | { readonly kind: 'low-ports' }
  | { readonly kind: 'pids' }
  | { readonly kind: 'escalation' };

const owners: readonly string[] = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'];
const identities: readonly string[] = ['SETGID', 'SETUID'];

/** The absolute paths of a text; what follows the colon of a URL is none. */
const pathsOf = (text: string): readonly string[] =>
  [...text.matchAll(/[/\w.@+~-]+/g)].map(([run]) => run.replace(/[.-]$/, '')).filter(run => /^\/[^/]/.test(run));

/** The path that a message is about: the last one before the words of the failure, else the first one after them. */
function pathIn(line: string, at: number, workdir: string): string | null {
  const before = pathsOf(line.slice(0, at)).at(-1);
  // a shell names its script first: `/entry.sh: 3: cannot create log/x: Read-only file system`
  const relative = /(?:create|open|touch|mkdir|directory|file)[: ]+['"`‘]?([\w.@+-][\w./@+-]*)['"`’]?:? *$/i.exec(line.slice(0, at))?.[1];
  if (relative !== undefined && !/^(?:directory|file)$/.test(relative))
    return `${workdir === '/' ? '' : workdir}/${relative.replace(/^\.\//, '')}`;
  return before ?? pathsOf(line.slice(at))[0] ?? null;
}

const makesFolder = /mkdir|makedirs|create (?:the )?directory|creating directory/i;
const changesUser = /\b(?:setgid|setuid|setgroups|setresuid|setresgid|initgroups|su-exec|gosu|setpriv|chpst)\b|switching to/i;
const changesOwner = /\bch(?:own|grp|mod)\b|changing (?:ownership|permissions)/i;
const escalates =
  /no new privileges|must be setuid|effective uid is not 0|must be owned by uid 0 and have the setuid bit|must be suid|setuid root/i;
const bindsPort = /\bbind(?:ing)?\b|\blisten(?:ing)?\b|could not bind|make_sock/i;
const denied = /permission denied|eacces|operation not permitted|eperm|not permitted/i;
const exhausted = /resource temporarily unavailable|eagain|can't start new thread|unable to create (?:new )?(?:native )?thread/i;

/** What the new lines of a log say that a start lacks under its settings, each with those before it. Each once, in the order in which they are read. */
export function readFailure(lines: readonly string[], settings: TrialSettings, workdir: string): readonly Lack[] {
  const found = new Map<string, Lack>();
  const add = (lack: Lack): void => void found.set(JSON.stringify(lack), lack);
  for (const line of lines) for (const lack of lacksOf(shortened(line), settings, workdir)) add(lack);
  return [...found.values()];
}

/** The paths that a log says could not be written, with the folders that they are in: what of them the image has decides what is mounted. */
export function foldersInLog(lines: readonly string[], settings: TrialSettings, workdir: string): readonly string[] {
  const paths = readFailure(lines, settings, workdir).flatMap(lack => (lack.kind === 'folder' ? [lack.path] : []));
  return [...new Set(paths.flatMap(path => [path, path.slice(0, path.lastIndexOf('/'))]))].filter(path => path !== '').slice(0, 20);
}

const shortened = (text: string): string =>
  text
    .split('\n')
    .map(line => line.slice(0, 2000))
    .join('\n');

function lacksOf(text: string, settings: TrialSettings, workdir: string): readonly Lack[] {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  if (escalates.test(line) && settings.noNewPrivileges) return [{ kind: 'escalation' }];
  const readOnly = /read-only file ?system|erofs/i.exec(line);
  if (readOnly && settings.readOnly) {
    const path = pathIn(line, readOnly.index, workdir);
    return path === null ? [] : [{ kind: 'folder', path, isFolder: makesFolder.test(line) }];
  }
  if (exhausted.test(line) && settings.pids !== null && /\bfork|thread|clone|spawn|process/i.test(line)) return [{ kind: 'pids' }];
  const refused = denied.exec(line);
  if (!refused) return [];
  if (bindsPort.test(text) && !changesOwner.test(text))
    return settings.lowPorts ? byCapability(settings, ['NET_BIND_SERVICE']) : [{ kind: 'low-ports' }];
  if (changesUser.test(text)) return byCapability(settings, identities);
  if (changesOwner.test(text)) return byCapability(settings, owners);
  // a file that root alone may touch
  return settings.user === null ? byCapability(settings, owners) : [{ kind: 'user' }];
}

/** A capability helps root alone: who runs as somebody else has to be root again first. */
function byCapability(settings: TrialSettings, names: readonly string[]): readonly Lack[] {
  if (settings.capabilities === null || names.every(name => settings.capabilities?.includes(name)))
    return settings.user === null ? [] : [{ kind: 'user' }];
  const more: Lack = { kind: 'capabilities', names };
  return settings.user === null ? [more] : [{ kind: 'user' }, more];
}
