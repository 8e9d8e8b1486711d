/** The path of the file of a program, from its folder, where nothing is said but that it is this file. */
export const itself = '.';

/** More steps upwards are not taken. */
const mostSteps = 6;

/** Whether a member or function of a path leads to its parent. */
export const isUp = (name: string): boolean => /^(?:parent|dirname|parentFile|getParent|getParentFile)$/.test(name);

/** Whether a member of a path leaves it what it is, or puts something behind it. */
export const isSame = (name: string): boolean =>
  /^(?:parents|resolve|absolute|absolutePath|expanduser|expand_path|realpath|cleanpath|joinpath|join|to_s|to_path|as_posix|strip|trim|to(?:File|Path|String|AbsolutePath|RealPath)|normalize|getAbsolute(?:Path|File)|getPath|clone|to_path_buf|to_owned|to_string|as_path|as_ref|as_str|into)$/.test(
    name,
  );

/** Whether a member puts something behind a path. */
export const isJoin = (name: string): boolean => /(?:^|\.)(?:join(?:path)?|resolve)$/.test(name);

/** How often a dotted name leads to a parent: `.parent.parent`, `dirname`. */
export const ups = (name: string): number => name.split(/\.|->/).filter(isUp).length;

/**
 * A path some steps upwards; `null`: that leads out of what is known.
 * @param isOfFile whether it counts from the folder of the program's file
 */
export function above(path: string, isOfFile: boolean, steps: number): string | null {
  // the file itself lies in the folder that paths count from
  let rest = path === itself ? '' : path;
  for (let at = path === itself ? 1 : 0; at < Math.min(steps, mostSteps); at++) {
    if (rest !== '' && !/(?:^|\/)\.\.$/.test(rest)) rest = rest.includes('/') ? rest.slice(0, rest.lastIndexOf('/')) || '/' : '';
    else if (isOfFile) rest = rest === '' ? '..' : `${rest}/..`;
    else return null;
  }
  return rest;
}

/** Whether a function gives a path, by its name: what reads or asks for a file gives another thing. */
export const givesPath = (name: string): boolean =>
  /(?:path|file|dir|folder|location|root|home|_for|For|Of|_of)(?:name)?$|^(?:path|file|dir|locate)/i.test(name) &&
  !/(?:^|[.:>])(?:load|read|open|parse|is|has|exists?|remove|delete|unlink|send|render|write|save|import|require|include|make|move|copy|serve|close|scan|stat|check)(?:_?file|_?dir|_|[A-Z]|$)/.test(
    name,
  );
