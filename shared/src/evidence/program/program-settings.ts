import { isModule } from './used-files';

/** Deeper objects are not followed, and more names of one line are not taken. */
const mostDeep = 12;
const mostNames = 12;

/** A line that begins an object, an array or a class, with what that is kept in: `uploads: {`, `'storage' => [`, `class Settings:`. */
const opening =
  /^(?:(?:export|public|final|abstract|static|private|const|let|var|default) ){0,4}(?:class (?<type>\w{1,60})\b[^;]{0,200}[:{]$|(?:return |(?:module\.)?exports ?= ?|default ?|["'$:]?(?<key>[\w.-]{1,60})["']?(?:: [\w.<>, ]{1,60})?\s{0,3}(?:=>|:|=)\s{0,3})(?:[\w.]{0,40}\()?[{[(]$)/;

/** A line that begins what a program does, rather than how it is set. */
const doing = /^(?:async )?(?:def|function|func|fn|sub)\b|=> ?\{$|\)[^=]{0,80}\{$|\bdo(?: \|[^|]{0,60}\|)?$/;

/** A line that begins an object that is given back, or in Go a struct: `return {`, `return &Config{`, `cfg := Config{`. */
const isReturned = /^(?:return |(?:var )?\w{1,40} :?= ?)(?:&?(?:\w{1,40}\.)?[A-Z]\w{0,40})?\{$/;

/** Files that say how a program is set, by their names. */
const settingsFile =
  /(?:config|settings?|constants?|paths?|options|defaults|env)\.\w{1,4}$|(?:^|\/)conf\.\w{1,4}$|(?:^|\/)(?:config|settings)\//i;

/** What stands in front of a setting that other files see: an export, a constant, the configuration of an application. */
const seen = /^(?:export |(?:module\.)?exports\.|define\(|set :|(?:[\w.]{0,40}\.)?(?:config|settings)[.[(])/;

/** A reader of the lines of a program, one after the other. */
export interface SettingReader {
  /**
   * Takes the next line, and tells what its settings are in, as keys with dots (`''`: nothing); `null`: what is set there is the program's own
   * business.
   */
  read(line: string): string | null;
}

/** Reads where a program says how it is set, by the indentation of its lines. */
export function createSettingReader(path: string): SettingReader {
  const open: { readonly at: number; readonly key: string | null }[] = [];
  const isSettings = settingsFile.test(path);
  return {
    read(line) {
      const at = line.search(/\S/);
      const code = line.trim();
      while (open.length > 0 && open.at(-1)!.at >= at) open.pop();
      const around = open.at(-1);
      const { type, key } = opening.exec(code)?.groups ?? {};
      const begins = opening.test(code);
      if (open.length < mostDeep) {
        if (doing.test(code) && !begins) open.push({ at, key: null });
        else if (begins || isReturned.test(code)) {
          // what a function of such a file gives back is how the program is set
          const around = isReturned.test(code) && (isSettings || /(?:Config|Settings|Options)\{$/.test(code)) ? undefined : open.at(-1);
          const own = type !== undefined ? '' : (key ?? '');
          open.push({ at, key: around?.key === null ? null : [around?.key ?? '', own].filter(part => part !== '').join('.') });
        }
      }
      if (around) return around.key;
      return isSettings || seen.test(code) || /^[A-Z][A-Z\d_]+\b/.test(code) ? '' : null;
    },
  };
}

/** The names that a line takes from another file of the project. */
export function importedNames(line: string, path: string): readonly string[] {
  const python = path.endsWith('.py') ? /^from\s+([\w.]{1,80})\s+import\s+(.{1,300})/.exec(line) : null;
  if (python) return isModule(python[1]!) ? namesIn(python[2]!, /\bas\s+/) : [];
  const script =
    /\.[cm]?[jt]sx?$/.test(path) &&
    (/^import\s+(?:\w+\s?,\s?)?\{([^}]{1,300})\}\s+from\s+["']\.{1,2}\//.exec(line) ??
      /^(?:const|let|var)\s+\{([^}]{1,300})\}\s?=\s?require\(["']\.{1,2}\//.exec(line));
  return script ? namesIn(script[1]!, /\bas\s+|:\s{0,3}/) : [];
}

/** Names with commas between them, by what they are called at home. */
function namesIn(list: string, renaming: RegExp): readonly string[] {
  return list.split(',', mostNames).flatMap(each => (renaming.test(each) ? [] : (/^[\s(]{0,9}(\w{1,60})/.exec(each)?.[1] ?? [])));
}
