/**
 * The sources of a package, which compilers take together, are asked for by one name: `cmd/web/*.go`, or `src/main/java/**` + `/*.java` with those in all folders below. What is
 * said in one file counts in the others: a program is called in `main.go`, and writes in `store.go`.
 */

/** A source of a compiled language, by its name. */
const source = /\.(?:go|java|kt|cs|rs|c|cc|cpp|h|hpp)$/;

/** Sources of tests. */
const test = /(?:_test|Tests?)\.\w+$/;

/** More files of one package are not read, of folders with all below them more, and no more of them together. */
const mostSources = 40;
const mostBelow = 120;
const longest = 100_000;

/** More sources below one folder are not looked for. */
export const mostFound = 1000;

/** Languages whose projects are compiled with all folders below one. */
const nested = /\.(?:java|kt|cs)$/;

/** Folders of tests and of what was built, below such a folder. */
const aside = /(?:^|\/)(?:src\/(?:test|it)|tests?|obj|bin|build|target|node_modules)\//i;

/** What a source says that tells where something is kept: of many files those are read. */
const telling = /[Ff]iles?\b|[Pp]ath|[Dd]ir|[Ff]older|\bget(?:Property|env)|@Value|[Pp]roperties/;

/** What else belongs to the sources of a package: declarations come first. */
const headers: Readonly<Record<string, string>> = { '.c': '.h', '.cc': '.h', '.cpp': '.hpp' };

/** The names under which the sources of packages are asked for that a file is one of; none where it is no source. */
export function packagesOf(path: string): readonly string[] {
  const ending = source.exec(path)?.[0];
  if (ending === undefined || isPackage(path)) return [];
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const own = Object.keys(headers).filter(key => headers[key] === ending);
  const beside = (own.length > 0 ? own : [ending]).map(each => `${folder}*${each}`);
  return nested.test(path) ? [...beside, ...foldersAround(folder).map(each => `${each}**/*${ending}`)] : beside;
}

/** A folder and those around it, each with a slash behind it; `''` is the outermost. */
function foldersAround(folder: string): readonly string[] {
  const found = [folder];
  for (let at = folder.length - 1; at > 0 && found.length < mostAround; at--) if (folder[at - 1] === '/') found.push(folder.slice(0, at));
  return folder === '' ? found : [...found, ''];
}

/** Folders around a source are not counted further up. */
const mostAround = 16;

/** Whether a path names the sources of a package: `cmd/web/*.go`. */
export function isPackage(path: string): boolean {
  return /(?:^|\/)\*\.\w+$/.test(path);
}

/** The folder that the sources of a package are in, `''` for the outermost; and whether they are in all folders below it too. */
export function packageFolder(path: string): { readonly folder: string; readonly isNested: boolean } {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const isNested = folder === '**' || folder.endsWith('/**');
  return { folder: isNested ? folder.slice(0, -3) : folder, isNested };
}

/** Of the names of files in a folder, or of paths below it, the sources of a package: declarations first, then what starts it. */
export function sourcesOf(name: string, files: readonly string[]): readonly string[] {
  const ending = name.slice(name.lastIndexOf('*') + 1);
  const own = files.filter(file => file.endsWith(ending) && !test.test(file) && !aside.test(file)).sort();
  if (own.length === 0) return [];
  const header = headers[ending];
  const before = header === undefined ? [] : files.filter(file => file.endsWith(header)).sort();
  const isFirst = (file: string): boolean => /(?:^|\/)(?:main|program|app|\w{0,40}application|lib|mod)\.\w+$/i.test(file);
  const most = packageFolder(name).isNested ? mostBelow : mostSources;
  return [...before, ...own.filter(isFirst), ...own.filter(file => !isFirst(file))].slice(0, most);
}

/** The texts of sources as one, as far as they are not too long together. */
export function joinSources(texts: readonly string[]): string {
  let joined = '';
  const told = texts.length > mostSources ? texts.filter(text => telling.test(text)) : texts;
  for (const text of told) if (joined.length + text.length <= longest) joined += `${text}\n`;
  return joined;
}
