/**
 * The sources of a package, which compilers take together, are asked for by one name: `cmd/web/*.go`. What is said in one file counts in the others: a
 * program is called in `main.go`, and writes in `store.go`.
 */

/** A source of a compiled language, by its name. */
const source = /\.(?:go|java|kt|cs|rs|c|cc|cpp|h|hpp)$/;

/** Sources of tests. */
const test = /(?:_test|Tests?)\.\w+$/;

/** More files of one package are not read, and no more of them together. */
const mostSources = 40;
const longest = 100_000;

/** What else belongs to the sources of a package: declarations come first. */
const headers: Readonly<Record<string, string>> = { '.c': '.h', '.cc': '.h', '.cpp': '.hpp' };

/** The names under which the sources of packages are asked for that a file is one of; none where it is no source. */
export function packagesOf(path: string): readonly string[] {
  const ending = source.exec(path)?.[0];
  if (ending === undefined || isPackage(path)) return [];
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const own = Object.keys(headers).filter(key => headers[key] === ending);
  return (own.length > 0 ? own : [ending]).map(each => `${folder}*${each}`);
}

/** Whether a path names the sources of a package: `cmd/web/*.go`. */
export function isPackage(path: string): boolean {
  return /(?:^|\/)\*\.\w+$/.test(path);
}

/** Of the names of files in a folder, the sources of a package: declarations first, then what starts it. */
export function sourcesOf(name: string, files: readonly string[]): readonly string[] {
  const ending = name.slice(name.lastIndexOf('*') + 1);
  const own = files.filter(file => file.endsWith(ending) && !test.test(file)).sort();
  if (own.length === 0) return [];
  const header = headers[ending];
  const before = header === undefined ? [] : files.filter(file => file.endsWith(header)).sort();
  const isFirst = (file: string): boolean => /^(?:main|program|app|application|lib|mod)\./i.test(file);
  return [...before, ...own.filter(isFirst), ...own.filter(file => !isFirst(file))].slice(0, mostSources);
}

/** The texts of sources as one, as far as they are not too long together. */
export function joinSources(texts: readonly string[]): string {
  let joined = '';
  for (const text of texts) if (joined.length + text.length <= longest) joined += `${text}\n`;
  return joined;
}
