/** What a file's name alone says. */
export type NameKind = 'dockerfile' | 'named-for' | 'yaml' | 'json' | 'helper' | 'other' | 'unknown';

/** Suffixes behind `Dockerfile.` that make the file about a Dockerfile, not one. */
const notDockerfile = new Set(
  (
    'dockerignore md markdown mdx txt rst adoc html htm pdf json jsonc yaml yml toml xml ini cfg csv ' +
    'lock log orig rej swp patch diff tar gz tgz zip png jpg svg snap sum sha256 sig asc'
  ).split(' '),
);

/** Suffixes that say what `Dockerfile.go` builds, or that `dockerfile.go` is written in. */
const languages = new Set(
  'js cjs mjs ts tsx jsx go py rb java kt scala sh bash zsh fish ps1 bat cmd c h cc cpp hpp rs php cs lua pl swift'.split(' '),
);

/** What files are called that say how to build an image. */
const buildFiles = ['dockerfile', 'containerfile'];

/** Extensions of generators: the name below them says what comes out. */
const generators = new Set(['j2', 'jinja', 'jinja2', 'tmpl', 'tpl', 'template', 'gotmpl', 'erb', 'in', 'mustache', 'hbs', 'ejs']);

/** The last part of a path or URI, with `/` or `\` between parts. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), path.lastIndexOf(':')) + 1);
}

/** Whether one of the folders of `path` has this name. */
export function hasFolder(path: string, folder: string): boolean {
  const parts = path.split(/[\\/]/);
  return parts.lastIndexOf(folder, parts.length - 2) >= 0;
}

const vendored = /(?:^|[\\/])(?:vendor|vendored|node_modules|bower_components|third[-_]party)[\\/]/;

/** Whether a path lies in a folder that holds what others have written: no forge looks there for pipelines, nor Dependabot for what it updates. */
export function isVendored(path: string): boolean {
  return vendored.test(path);
}

/** Judges a file by its last name. `unknown`: the name has no extension, so only the content can tell; `named-for`: neither can `Dockerfile.go`. `helper`: a `.tpl` of a Helm chart. */
export function kindOfName(base: string): { readonly kind: NameKind; readonly generator: boolean } {
  const parts = base.toLowerCase().split('.');
  let generator = false;
  let last = parts[parts.length - 1] ?? '';
  if (parts.length > 1 && generators.has(last)) {
    if (last === 'tpl' && parts.length === 2) return { kind: 'helper', generator: true };
    parts.pop();
    last = parts[parts.length - 1] ?? '';
    generator = true;
  }
  const first = parts[0] ?? '';
  if (isBuildFile(first) && parts.length > 1 && languages.has(last)) return { kind: 'named-for', generator };
  if (isBuildFile(first) && (parts.length === 1 || !notDockerfile.has(last))) return { kind: 'dockerfile', generator };
  if (parts.length === 1) return { kind: generator ? 'other' : 'unknown', generator };
  if (buildFiles.includes(last)) return { kind: 'dockerfile', generator };
  if (last === 'yaml' || last === 'yml') return { kind: 'yaml', generator };
  if (last === 'json' || last === 'jsonc') return { kind: 'json', generator };
  return { kind: 'other', generator };
}

/** `Dockerfile`, `Containerfile`, and the same with a suffix behind `-` or `_`. */
function isBuildFile(first: string): boolean {
  for (const name of buildFiles) {
    if (first === name || (first.startsWith(name) && '-_'.includes(first.charAt(name.length)))) return true;
  }
  return false;
}
