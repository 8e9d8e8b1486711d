import type { PackageManagerCall, ShellWord } from './types';
import { findFlag } from './package-manager';

/** What a variable of a script holds: its value, `''` for one that nothing sets, `null` where that is not known. */
export type ShellVariableValue = (name: string) => string | null;

/** How the packages of a manager are named. */
interface Syntax {
  /** The verbs that are given packages; `''` for a manager without verbs. */
  readonly verbs: ReadonlySet<string>;
  /** Flags with which the version, or a list of them, stands elsewhere. */
  readonly elsewhere: readonly string[];
  /** Whether a package needs no version, or says one. */
  readonly pinned: (name: string, verb: string) => boolean;
  /** Whether only the first word is a package: the others are its arguments. */
  readonly single?: boolean;
}

const isPath = (name: string): boolean => /^(?:[./~\\]|[A-Za-z]:[\\/]|file:)/.test(name);
/** An address names one file; one of a repository must name a commit or tag too. */
const isUrl = (name: string): boolean => /^https?:\/\//.test(name) && !/\.git(?:$|#)/.test(name);

/** A version behind the last `@`, that of a scope left out. `latest` is none. */
function hasAtVersion(name: string): boolean {
  const at = name.lastIndexOf('@');
  return at > 0 && !/^(?:latest|next|\*|)$/.test(name.slice(at + 1));
}

/** `name-version`, `name-version-release`, where both begin with a digit or glob: `tomcat-9.2`, not `java-11-openjdk`. */
function hasRpmVersion(name: string): boolean {
  const [last = '', before = ''] = name.split('-').slice(1).reverse();
  return /^[\d*]/.test(last) || (/^\d+:/.test(before) && last !== '') || /[<>=]/.test(name);
}

/** `git+https://host/path.git@v1`: what follows the host names a revision. */
function hasRevision(name: string, sign: '@' | '#'): boolean {
  const path = name.slice(Math.max(name.indexOf('/', name.indexOf('://') + 3), 0));
  const at = path.indexOf(sign);
  return at >= 0 && at + 1 < path.length;
}

/** Whether the name of a package of Python says a version, or is none. */
export function pythonPinned(name: string): boolean {
  if (/^(?:git|hg|svn|bzr)\+/.test(name) || /^[\w.[\],-]+ ?@ ?git\+/.test(name)) return hasRevision(name, '@');
  return /[=<>!~@]/.test(name) || name === '.' || /[\\/]/.test(name) || /\.(?:whl|zip|tgz|tar\.\w+)$/.test(name) || /^\.\[/.test(name);
}

/** The same of npm. */
export function nodePinned(name: string): boolean {
  if (/^(?:git[+:]|git@|(?:github|gitlab|bitbucket|gist):)/.test(name) || /^https?:.*\.git(?:$|#)/.test(name))
    return hasRevision(`://${name}`, '#');
  return (
    isPath(name) || isUrl(name) || /\.(?:tar|tgz|tar\.gz)$/.test(name) || hasAtVersion(name) || /^(?:link|workspace|portal):/.test(name)
  );
}

const goPinned = (name: string): boolean =>
  isPath(name) || name.endsWith('.go') || hasAtVersion(name) || /^(?:all|std|cmd)$|^cmd\//.test(name);

const verbsOf = (words: string): ReadonlySet<string> => new Set(words.split(',').map(word => word.trim()));

const rpm: Syntax = {
  verbs: verbsOf('install, in, reinstall, module install'),
  elsewhere: ['--advisory'],
  pinned: (name, verb) =>
    verb.startsWith('module') ? name.includes(':') : name.startsWith('@') || name.endsWith('.rpm') || isPath(name) || hasRpmVersion(name),
};
const python: Syntax = {
  verbs: verbsOf('install, pip install, tool install'),
  elsewhere: ['-r', '--requirement', '-c', '--constraint'],
  pinned: pythonPinned,
};
const node: Syntax = { verbs: verbsOf('install, i, in, add, global add, install-test, it'), elsewhere: ['--before'], pinned: nodePinned };

const syntaxes: Readonly<Record<string, Syntax>> = {
  'apt-get': {
    verbs: verbsOf('install, reinstall'),
    elsewhere: [],
    // A dash at the end removes, a plus there or a caret (a task) does not name a version.
    pinned: name => /[=]|.\/./.test(name) || isPath(name) || name.endsWith('.deb') || /[^-]-$/.test(name),
  },
  apk: { verbs: verbsOf('add'), elsewhere: [], pinned: name => /[=~<>]/.test(name) || name.endsWith('.apk') || name.startsWith('!') },
  dnf: rpm,
  yum: rpm,
  microdnf: rpm,
  tdnf: rpm,
  zypper: { verbs: verbsOf('install, in'), elsewhere: ['--from'], pinned: name => /[=<>]/.test(name) || name.endsWith('.rpm') || isPath(name) || isUrl(name) || /^[-!~@]|^(?:patch|pattern|product):/.test(name) }, // prettier-ignore
  pip: python,
  pipx: { ...python, single: true },
  uv: python,
  npm: node,
  yarn: { ...node, verbs: verbsOf('add, global add, dlx') },
  pnpm: { ...node, verbs: verbsOf('install, i, add') },
  bun: { ...node, verbs: verbsOf('install, i, add') },
  npx: { ...node, verbs: verbsOf(''), elsewhere: [], single: true },
  gem: {
    verbs: verbsOf('install, i'),
    elsewhere: ['-v', '--version', '-g', '--file'],
    pinned: name => /.:./.test(name) || name.endsWith('.gem') || isPath(name),
  },
  go: { verbs: verbsOf('install, get'), elsewhere: [], pinned: goPinned },
  cargo: {
    verbs: verbsOf('install, binstall'),
    elsewhere: ['--version', '--vers', '--path', '--rev', '--tag', '--branch'],
    pinned: name => hasAtVersion(name) || isPath(name),
  },
  composer: {
    verbs: verbsOf('require, global require'),
    elsewhere: [],
    pinned: name => /[:=@ ]/.test(name) || /^(?:php|ext-.*|lib-.*)$/.test(name),
  },
  conda: { verbs: verbsOf('install, create'), elsewhere: ['-f', '--file'], pinned: name => /[=<>]/.test(name) || isPath(name) || isUrl(name) || /\.(?:conda|tar\.bz2)$/.test(name) }, // prettier-ignore
};
const goRun: Syntax = { ...syntaxes['go']!, verbs: verbsOf('run'), single: true };

/**
 * The packages of an install that name no version, in the syntax of their manager; what is not a package (a file, an address, a group) needs none.
 * What only the build decides (substitutions, unknown variables as whole words) is left out.
 */
export function unpinnedPackages(call: PackageManagerCall, valueOf: ShellVariableValue): readonly ShellWord[] {
  const syntax = call.verb === 'run' && call.manager === 'go' ? goRun : syntaxes[call.manager];
  if (syntax === undefined || !syntax.verbs.has(call.verb) || call.packages.length === 0) return [];
  if (syntax.elsewhere.length > 0 && findFlag(call.flags, syntax.elsewhere)) return [];
  // `npx` runs what is installed already, unless it is asked to fetch.
  if (call.manager === 'npx' && call.program !== 'pnpx' && !findFlag(call.flags, ['--yes', '-y', '--package', '-p'])) return [];
  const words = syntax.single ? call.packages.slice(0, 1) : call.packages;
  return words.filter(word => {
    const names = expandedNames(word, valueOf);
    return names !== null && names.some(name => !syntax.pinned(name, call.verb));
  });
}

/** Where a word and the value of one of its variables multiply to more characters, what it stands for is not worked out. */
const longestExpansion = 1 << 20;

/** What a word stands for: several names where a variable holds a list; `null` where that is not known. */
function expandedNames(word: ShellWord, valueOf: ShellVariableValue): readonly string[] | null {
  if (word.text !== null) return [word.text];
  if (word.substitutions.length > 0 || word.variables.some(({ name }) => !/^\w+$/.test(name))) return null;
  const { text } = word.mapped();
  const whole = word.variables.length === 1 && /^\$(?:\w+|\{\w+\})$/.test(text);
  const values = new Map<string, string>();
  let unknown = false;
  for (const { name } of word.variables) {
    const value = values.get(name) ?? valueOf(name);
    unknown = value === null || (whole && value === '');
    if (value === null || unknown) break;
    if (text.length * value.length > longestExpansion) return null;
    values.set(name, value);
  }
  if (whole && unknown) return null;
  const filled = text.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (use: string, braced?: string, plain?: string) => values.get(braced ?? plain!) ?? use,
  );
  // What has an operator in its braces stays: a version, whatever it is.
  const names = zeroVariables(filled);
  return unknown ? names.split(' ') : names.split(/\s+/).filter(name => name !== '' && !name.startsWith('-'));
}

/** A text with `0` in place of each variable. A brace that nothing closes opens none. */
function zeroVariables(text: string): string {
  const plain = (part: string): string => part.replace(/\$\w+/g, '0');
  let zeroed = '';
  let at = 0;
  for (let open = text.indexOf('${'); open >= 0; open = text.indexOf('${', at)) {
    const close = text.indexOf('}', open);
    if (close < 0) break;
    zeroed += `${plain(text.slice(at, open))}0`;
    at = close + 1;
  }
  return zeroed + plain(text.slice(at));
}
