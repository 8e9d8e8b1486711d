/** Scripts of a package that start it, by name. */
const starts = /^(?:start|serve|server|prod|production|web|worker|app)(?::\w+)?$/;

/** What tells a script of a package which variables a program has: `UPLOADS=/srv/in node server.js`. */
const variable = /^([A-Za-z_]\w{0,60})=([\w./@+-]{1,200})$/;

/** What the scripts of a package.json that start it set of variables; nothing where it is no JSON. Linear. */
export function packageVariables(text: string): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [name, script] of Object.entries(scriptsOf(text))) {
    if (!starts.test(name)) continue;
    for (const word of script.slice(0, 500).split(' ')) {
      const [, key, value] = variable.exec(word) ?? [];
      if (key !== undefined) variables[key] ??= value!;
      else if (word !== 'cross-env' && word !== 'env') break;
    }
  }
  return variables;
}

/** The scripts of a package.json by name, as far as they are text; `{}` of what is none. */
export function scriptsOf(text: string): Readonly<Record<string, string>> {
  try {
    const { scripts } = JSON.parse(text) as { scripts?: unknown };
    if (typeof scripts !== 'object' || scripts === null) return {};
    return Object.fromEntries(Object.entries(scripts).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
  } catch {
    // a file that is being written
    return {};
  }
}
