/** More values of one object are not read. */
const most = 30;

/** Scripts of a package that start it, by name. */
const starts = /^(?:start|serve|server|prod|production|web|worker|app)(?::\w+)?$/;

/** What tells a script of a package which variables a program has: `UPLOADS=/srv/in node server.js`. */
const variable = /^([A-Za-z_]\w{0,60})=([\w./@+-]{1,200})$/;

/** Objects of a package.json that are told npm and other tools. */
const ofTools =
  /^(?:scripts|(?:\w{1,20}D|d)ependencies|engines|repository|bugs|directories|exports|imports|author|publishConfig|overrides|resolutions|browserslist|jest|eslintConfig|prettier|nodemonConfig|babel|husky|lint-staged|pnpm|bin|browser|volta|nx|turbo|ts-node|c8|nyc|ava|mocha)$/;

/** What a package.json tells its programs: variables of the scripts that start them, and what stands in `config` and objects of its own, by their keys with a dot between. */
export interface PackageSettings {
  readonly variables: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, string>>;
}

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** Reads what a package.json tells its programs; nothing where it is no JSON. Linear. */
export function packageSettings(text: string): PackageSettings {
  const variables: Record<string, string> = {};
  const config: Record<string, string> = {};
  try {
    const manifest: unknown = JSON.parse(text);
    const entries = entriesOf(manifest);
    const scripts = entries.find(([name]) => name === 'scripts')?.[1];
    for (const [name, script] of entriesOf(scripts)) {
      if (!starts.test(name) || typeof script !== 'string') continue;
      for (const word of script.slice(0, 500).split(' ')) {
        const [, key, value] = variable.exec(word) ?? [];
        if (key !== undefined) variables[key] ??= value!;
        else if (word !== 'cross-env' && word !== 'env') break;
      }
    }
    for (const [name, object] of entries) {
      if (ofTools.test(name) || Array.isArray(object)) continue;
      for (const [key, value] of entriesOf(object).slice(0, most)) {
        if (typeof value !== 'string' || value.length > 200) continue;
        config[`${name}.${key}`] = value;
        // a script of npm sees it as a variable
        if (name === 'config') variables[`npm_package_config_${key}`] = value;
      }
    }
  } catch {
    // a file that is being written
  }
  return { variables, config };
}
