import { matchGlob } from '../base/text/glob';

/** The folder of a path with `/`; empty for a file at the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Whether a name or a glob by which a pipeline takes in files means one of them, wherever their repository begins. */
export function isIncluded(glob: string, from: string, path: string): boolean {
  for (let folder = folderOf(from); ; folder = folderOf(folder)) {
    const prefix = folder === '' ? '' : `${folder}/`;
    if (path.startsWith(prefix) && matchGlob(`/${glob}`, path.slice(prefix.length))) return true;
    if (folder === '') return false;
  }
}

/** Joins a folder and a relative path, `.` and `..` taken out; `null` where the result is outside the root or the path is absolute. */
export function joinPath(folder: string, relative: string): string | null {
  if (relative.startsWith('/') || /^[a-z]+:/i.test(relative)) return null;
  const parts: string[] = folder === '' ? [] : folder.split('/');
  for (const part of relative.split(/[\\/]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}

const sources = /^(?:tiltfile|makefile|gnumakefile|jenkinsfile|justfile|docker-bake\.(?:\w+\.)?hcl)$|\.(?:ya?ml|sh|mk|tiltfile)$/;

/** Globs of the names that `mayHaveFacts` takes, for who can only search by globs. */
export const factNames: readonly string[] = [
  '*.yaml',
  '*.yml',
  '*.sh',
  '*.mk',
  'Makefile',
  'GNUmakefile',
  'Tiltfile',
  'Jenkinsfile',
  'justfile',
  'docker-bake*.hcl',
  '*.tiltfile',
  '*[dD]ockerfile*',
  '*[cC]ontainerfile*',
  '.gitignore',
  '.dockerignore',
  '*.dockerignore',
  '.env',
  '.gitkeep',
  '.keep',
];

/** Whether a file is the one in which Compose looks for variables: `COMPOSE_FILE` among them. */
export function isEnvironment(path: string): boolean {
  return path === '.env' || path.endsWith('/.env');
}

/** Names of ignore files, in lower case. */
export const ignoreFile = /^\.gitignore$|\.dockerignore$/;

/** Whether a file may be there so that its folder is, by its name: of an ignore file that depends on its text. */
export function keepsFolder(name: string): boolean {
  return /^\.(?:gitkeep|keep|gitignore)$/.test(name);
}

/** The ignore files of which one may speak of a Dockerfile's sources: the first that is there, and says something, counts. */
export function ignoreFilesBeside(dockerfile: string): readonly string[] {
  const folder = dockerfile.slice(0, dockerfile.lastIndexOf('/') + 1);
  return [`${folder}.gitignore`, `${dockerfile}.dockerignore`, `${folder}.dockerignore`];
}

/** Whether a file of this name may hold facts: manifests, Dockerfiles, what builds images, and what it leaves out. */
export function mayHaveFacts(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    sources.test(lower) ||
    ignoreFile.test(lower) ||
    isEnvironment(name) ||
    /^\.(?:git)?keep$/.test(lower) ||
    (/(?:docker|container)file/.test(lower) && !/ignore$|\.(?:md|txt|json|ts|js|py|go)$/.test(lower))
  );
}

/** How many folders of two paths are the same. */
export function sharedDepth(a: string, b: string): number {
  const [x, y] = [folderOf(a).split('/'), folderOf(b).split('/')];
  let depth = 0;
  while (depth < x.length && x[depth] === y[depth]) depth++;
  return depth;
}
