import { isSecretName } from '../../knowledge/secrets/detect';
import { packageScriptsRun } from '../../knowledge/started-tools';
import { isFilledAtRun } from '../../knowledge/folders';
import { readScript } from '../../workspace/script-facts';
import { isEnvironment } from '../../workspace/paths';
import type { ProgramFact } from '../../workspace/lone-facts';
import { createCodeReader } from './code-reader';
import { createNesting, isObjects, mayBeConfig, needsRootBy, settingsOf, steppedTo, writtenBy, type Setting } from './config-facts';
import { readPath } from './expression';
import { frameworkFolders } from './framework-folders';
import { packageSettings } from './package-json';
import { packageScripts } from './package-scripts';
import { homeCaches } from './home-caches';
import { placeOf } from './path-value';
import { plainC } from './plain-c';
import { plainLines } from './plain-code';
import { createPlaces, folderKey, settingKey, writtenKey, type Places } from './places';
import { usedFiles } from './used-files';

/** More of a program is not read: what it prepares comes first. */
const longest = 100_000;
const mostLines = 3000;
const mostColumns = 600;

/** Calls that move a file within its file system alone. */
const moving = /\b(?:os\.(?:rename|replace|renames|Rename)|(?:fs|fsp|promises)\.rename(?:Sync)?|renameSync|File\.rename|fs::rename)\(/;

/** More settings of one configuration are not kept. */
const mostSets = 60;

/** A value that may be a file or folder that is written. */
const storedAt = /^(?:[\w.@+-]*\/[\w./@+-]*|[\w-]{1,40}(?:\.(?:db|sqlite3?|log|jsonl?))?)$/;

/** Names of files that are read as programs, or that say what a program does. */
const programName =
  /\.(?:py|[cm]?[jt]sx?|rb|ru|php|go|java|kt|cs|rs|pl|c|cc|cpp|h|hpp)$|(?:^|\/)(?:package\.json|pyproject\.toml|setup\.cfg|artisan|gunicorn\.conf\.py|start|entrypoint|docker-entrypoint)$|\.sh$/;

/** A glob of the names that most programs have, for who can only watch by globs. */
export const programGlob =
  '**/{*.{py,js,cjs,mjs,ts,rb,ru,php,go,java,kt,cs,rs,pl,c,cc,cpp,h,hpp,properties,conf,cfg,ini,cnf,toml,xml,json},Caddyfile,artisan}';

/** Whether a path may be that of a program or its configuration, by its name. */
export function mayBeProgram(path: string): boolean {
  return programName.test(path) || mayBeConfig(path);
}

/** What ends a line of a call or a declaration that goes on in the next ones. */
const goesOn = /(?:\(|[(,] ?[{[])$/;

/** More lines of one call are not read. */
const mostOfCall = 12;

/** A call, or the parameters of a function, with the lines that it goes on in: comments left out. */
function wholeCall(line: string, lines: readonly string[], number: number): string {
  let call = line;
  let depth = depthOf(line);
  for (let at = number + 1; at < lines.length && at <= number + mostOfCall && depth > 0 && call.length < mostColumns; at++) {
    const next = lines[at]!.slice(0, mostColumns).trim();
    if (/^(?:#|\/\/|\*)/.test(next)) continue;
    const code = withoutComment(next);
    depth += depthOf(code);
    call += /[([{]$/.test(call) || /^[)\]}]/.test(code) ? code : ` ${code}`;
  }
  return call;
}

/** A line without the comment behind what it says. */
function withoutComment(line: string): string {
  const at = line.search(/\s(?:#|\/\/)\s/);
  return at < 0 ? line : line.slice(0, at);
}

/** How many more brackets a line opens than it closes. */
function depthOf(line: string): number {
  let depth = 0;
  for (const char of line) depth += '([{'.includes(char) ? 1 : ')]}'.includes(char) ? -1 : 0;
  return depth;
}

/** What a configuration tells, as its settings are read. */
interface Configured extends Pick<ProgramFact, 'does' | 'stepsTo' | 'sets'> {
  read(setting: Setting): void;
}

function createConfigured(path: string, places: Places): Configured {
  const sets: Record<string, string> = {};
  let serverRoot = '';
  const configured: { -readonly [key in keyof Configured]: Configured[key] } = {
    does: null,
    stepsTo: null,
    sets,
    read(setting) {
      const { key, value, inside } = setting;
      configured.does ??= needsRootBy(setting, path);
      configured.stepsTo ??= steppedTo(setting, path);
      // no secret names a file
      if (isSecretName(key)) return;
      if (isEnvironment(path)) {
        if (writtenKey.test(key) && /^[\w.@+-]*\/[\w./@+-]*$/.test(value)) sets[key] = value;
        return;
      }
      if (storedAt.test(value) && Object.keys(sets).length < mostSets) sets[settingKey(inside, key)] = value;
      if (key === 'ServerRoot') {
        serverRoot = value;
        return;
      }
      const does = writtenBy(setting);
      const isBelow = does !== null && !value.startsWith('/') && serverRoot !== '';
      const known = readPath(`'${isBelow ? `${serverRoot}/${value}` : value}'`, places.lookup);
      // the value of a variable of the server's own is not known
      if (known === null || (known.variable !== null && known.path === '' && known.rest !== '')) return;
      if (does !== null) places.write(known, does);
      else if (path.endsWith('.properties') || (folderKey.test(key) && isFilledAtRun(known.path))) places.told(key, known);
    },
  };
  return configured;
}

/** Calls that another user than root may not make, as the usual languages name them. */
const changing =
  /(?:^|[^\w"'])(?:(?:os|syscall|unix|libc|nix::unistd|unistd|process|Process(?:::\w{1,8})?|posix)[.:_]{1,2})?((?:[sS]et(?:res?|e)?[ug]id|initgroups|[sS]etgroups|[cC]hroot)) ?\(/;

/** What asks first whether the program is root's. */
const askedFirst = /\b(?:get_?e?uid|Gete?uid|is_?root)\b/i;

/** What a program does as root alone, as the end of a sentence; `null`: nothing is seen, or it asks first who it is. */
function changedUser(lines: readonly string[]): string | null {
  const call = lines.map(line => changing.exec(line.slice(0, mostColumns).trimStart())?.[1]).find(name => name !== undefined);
  return call === undefined || lines.some(line => askedFirst.test(line.slice(0, mostColumns))) ? null : `calls ${call}`;
}

/**
 * What a program writes while it runs, and the files of its own that it uses, as far as single lines tell: none of it is run. Linear.
 * @param path decides how it is read; what is no program gives no fact
 */
export function programFacts(text: string, path: string): readonly ProgramFact[] {
  if (!mayBeProgram(path) && !text.startsWith('#!')) return [];
  const first = text.slice(0, 80);
  return factsOf(text, path, `${path}${mayBeProgram(path) ? '' : endingBy(first)}`);
}

/** The usual ending of a program whose first line says what runs it; `''`: it says something else. */
function endingBy(first: string): string {
  const runs = /^#![^\n]{0,60}?\b(ruby|python|node|php|perl)/.exec(first)?.[1];
  return runs === undefined ? '' : { ruby: '.rb', python: '.py', node: '.js', php: '.php', perl: '.pl' }[runs]!;
}

/** @param path the one that decides how it is read */
function factsOf(text: string, place: string, path: string): readonly ProgramFact[] {
  const first = text.slice(0, 80);
  const isShell = path.endsWith('.sh') || /^#! ?(?:\/usr\/bin\/env )?\S*\b(?:ba|da|a|z|k)?sh\b/.test(first);
  const isC = /\.(?:c|cc|cpp|h|hpp)$/.test(path);
  const lines = plainLines(text.slice(0, longest).split('\n').slice(0, mostLines), path);
  // what tools are told says nothing of what the program does
  const isManifest = /(?:^|\/)(?:pyproject\.toml|setup\.cfg)$/.test(path);
  const nesting = mayBeConfig(path) ? createNesting(path) : null;
  const places = createPlaces();
  const configured = createConfigured(path, places);
  const readCode = createCodeReader(path, places, /\.pl$/.test(path) || /^#!.*\bperl\b/.test(first), /flask_sqlalchemy/i.test(text));
  const cut = (line: string): string => line.slice(0, mostColumns);

  (isManifest ? [] : lines).forEach((line, number) => {
    const whole = cut(line);
    const trimmed = isC ? plainC(whole.trim()) : whole.trim();
    if (trimmed === '') return;
    if (nesting && !/^(?:#(?!!)|\/\/|\*|import\b|from\b)/.test(trimmed)) {
      const inside = nesting(whole);
      for (const setting of settingsOf(trimmed.replace(/^- /, ''), path, inside)) configured.read(setting);
    }
    if (nesting && !isObjects(path)) return;
    readCode(
      trimmed.endsWith('(') ? trimmed + cut(lines[number + 1] ?? '').trim() : trimmed,
      whole,
      nesting !== null,
      nesting === null && goesOn.test(trimmed) ? cut(wholeCall(trimmed, lines, number)) : trimmed,
    );
    // what Django collects at each start goes where its settings say
    if (isShell && /\bcollectstatic\b/.test(trimmed))
      places.write({ path: '', from: 'start', variable: '.STATIC_ROOT', rest: '', isOpen: false }, 'folder', true);
  });
  const { variables, config } = path.endsWith('package.json') ? packageSettings(text.slice(0, longest)) : { variables: {}, config: {} };
  for (const [key, value] of Object.entries(config)) {
    const known = readPath(`'${value}'`, places.lookup);
    if (known) places.set(key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1), known);
  }
  const plain = lines.join('\n');
  for (const folder of frameworkFolders(plain, path)) places.write(placeOf(folder, 'file'), 'folder', true);
  for (const { folder, variable } of homeCaches(plain, path)) places.write({ ...placeOf(folder, 'home'), variable }, 'folder', true);

  const { stepsTo, sets } = configured;
  const does = isShell ? (readScript(text, path)[0]?.does ?? null) : nesting === null ? changedUser(lines) : configured.does;
  const runs = isShell ? packageScriptsRun(text.slice(0, longest).split(/[\s;&|"']+/)) : [];
  const own: ProgramFact['scripts'] = runs.length === 0 ? {} : { '': { does: null, keeper: null, runs: [...new Set(runs)], uses: [] } };
  const scripts = /(?:^|\/)package\.json$/.test(path) ? packageScripts(text) : own;
  const renames = moving.test(plain);
  const fact = { ...places.facts(), renames, does, stepsTo, scripts, uses: usedFiles(lines, path), sets: { ...sets, ...variables } };
  const isEmpty = Object.values(fact).every(part => part === null || part === false || Object.keys(part).length === 0);
  return isEmpty ? [] : [{ type: 'program', path: place, range: { start: 0, end: 0 }, ...fact }];
}
