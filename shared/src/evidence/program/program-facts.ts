import { packageScriptsRun } from '../../knowledge/started-tools';
import type { ProgramFact, ProgramPlace } from '../../workspace/unkeyed-facts';
import { isEnvironment } from '../../workspace/paths';
import { readScript } from '../../workspace/script-facts';
import { readCode } from './code/parse';
import type { Code } from './code/tree';
import { configFacts, mayBeConfig } from './config-facts';
import { frameworkFolders, manifestsOf } from './framework-folders';
import { homeCaches } from './home-caches';
import { usedFiles } from './imported-files';
import { packageParts } from './package-scripts';
import { commandFiles, startedFiles } from './script-files';

/** More of a file is not looked at. */
const longest = 100_000;

/** Languages that are known by the endings of their files, and not read: what is written in them is asked for. */
const unread: Readonly<Record<string, string>> = {
  ...{ rb: 'Ruby', ru: 'Ruby', php: 'PHP', artisan: 'PHP', pl: 'Perl' },
};

/** The language that a file is written in and that is not read; `undefined`: none. */
function unreadLanguage(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = name.slice(name.lastIndexOf('.') + 1);
  return Object.hasOwn(unread, ending) && (name.includes('.') || name === 'artisan') ? unread[ending] : undefined;
}

/** Names of files that are read as programs, or that say what a program does. */
const programName =
  /\.(?:py|[cm]?[jt]sx?|rb|ru|php|pl)$|(?:^|\/)(?:package\.json|composer\.json|Gemfile|pyproject\.toml|setup\.cfg|artisan|start|entrypoint|docker-entrypoint)$|\.sh$/;

/** A glob of the names that most programs have, for who can only watch by globs. */
export const programGlob = '**/{*.{py,js,cjs,mjs,ts,rb,ru,php,pl,conf,cfg,ini,cnf,toml,json},Caddyfile,Gemfile,artisan}';

/** Whether a path may be that of a program or its configuration, by its name. */
export function mayBeProgram(path: string): boolean {
  return programName.test(path) || mayBeConfig(path);
}

/** What runs a file by its first line, as the usual ending of its programs; `''`: nothing that is known. */
function endingBy(text: string): string {
  const runs = /^#![^\n]{0,60}?\b(ruby|python|node|php|perl)/.exec(text.slice(0, 80))?.[1];
  return runs === undefined ? '' : { ruby: '.rb', python: '.py', node: '.js', php: '.php', perl: '.pl' }[runs]!;
}

const place = (folder: string, from: ProgramPlace['from'], variable: string | null = null): ProgramPlace => ({
  path: folder,
  from,
  variable,
  does: 'folder',
});

/**
 * What a file tells of what an image writes while it runs, and the files of its own that it uses: none of it is run.
 * @param path decides how it is read; what is no program gives no fact
 */
export function programFacts(text: string, path: string): readonly ProgramFact[] {
  if (!mayBeProgram(path) && !text.startsWith('#!')) return [];
  const name = mayBeProgram(path) ? path : path + endingBy(text);
  const start = text.slice(0, longest);
  const parts = { ...nothing, ...(text.length > longest && !mayBeConfig(name) ? { unread: '' } : readFile(start, name)) };
  const fact = { ...parts, places: [...frameworkFolders(start, name).map(folder => place(folder, 'file')), ...parts.places] };
  const isEmpty = Object.values(fact).every(part => part === null || (part !== '' && Object.keys(part).length === 0));
  return isEmpty ? [] : [{ type: 'program', path, range: { start: 0, end: 0 }, ...fact }];
}

/** The tree of a program; `null`: the file is none, or in a language that is not read. */
export function codeOf(fact: ProgramFact): Code | null {
  let code = codes.get(fact);
  if (code === undefined) codes.set(fact, (code = fact.code && readCode(fact.code.text, fact.code.name)));
  return code;
}

/** Facts are plain data: what is worked out of one cannot be kept in it. Nothing in a tree leads back to its fact. */
const codes = new WeakMap<ProgramFact, Code | null>();

type Parts = Omit<ProgramFact, 'type' | 'path' | 'range'>;

const nothing: Parts = { code: null, unread: null, places: [], does: null, stepsTo: null, uses: [], scripts: {}, sets: {} };

function readFile(text: string, path: string): Partial<Parts> {
  const language = unreadLanguage(path);
  // its framework may be named beside it
  if (language !== undefined) return { unread: language, uses: manifestsOf[language] ?? [] };
  const isShell = path.endsWith('.sh') || /^#! ?(?:\/usr\/bin\/env )?\S*\b(?:ba|da|a|z|k)?sh\b/.test(text.slice(0, 80));
  if (isShell) return shellParts(text, path);
  if (/(?:^|\/)package\.json$/.test(path)) return packageParts(text);
  if (/(?:^|\/)(?:pyproject\.toml|setup\.(?:cfg|py))$/.test(path)) return { uses: startedFiles(text, path) };
  if (mayBeConfig(path) || isEnvironment(path)) return { ...configFacts(text, path), uses: startedFiles(text, path) };
  const code = readCode(text, path);
  if (!code) return /\.(?:py|[cm]?[jt]sx?)$/.test(path) ? { unread: '' } : {};
  const places = homeCaches(code).map(({ folder, variable }) => place(folder, 'home', variable));
  return { code: { text, name: path }, places, uses: usedFiles(code, path) };
}

/** What a shell script does before its program, and what it starts. */
function shellParts(text: string, path: string): Partial<Parts> {
  const runs = packageScriptsRun(text.split(/[\s;&|"']+/));
  const scripts: ProgramFact['scripts'] = runs.length === 0 ? {} : { '': { does: null, keeper: null, runs: [...new Set(runs)], uses: [] } };
  const does = readScript(text, path)[0]?.does ?? (/\bcollectstatic\b/.test(text) ? 'runs collectstatic' : null);
  return { does, scripts, uses: commandFiles(text, path) };
}
