import { range, type Range } from '../../base/text/range';

/** An action or a reusable workflow of a repository at GitHub: `owner/repo[/path]@ref`. Ranges are offsets in the parsed text. */
export interface ActionReference {
  readonly kind: 'action';
  readonly owner: string;
  readonly repo: string;
  /** The folder, or the file of a reusable workflow, without a leading slash; empty: the root of the repository. */
  readonly path: string;
  /** Tag, branch or commit, as written. */
  readonly ref: string;
  readonly ranges: { readonly name: Range; readonly ref: Range };
}

/** What a `uses` names. */
export type Uses =
  | ActionReference
  /** `./path`, and `$/path`: an action or workflow of the same repository. */
  | { readonly kind: 'local'; readonly path: string }
  /** `docker://image`. `start`: where the image's reference begins in the text. */
  | { readonly kind: 'docker'; readonly image: string; readonly start: number }
  /** Nothing that GitHub runs, or not known before an expression is replaced. */
  | { readonly kind: 'invalid' };

const namePart = /^[\w.-]{1,100}$/;
/** Of what `git check-ref-format` forbids, all that could change where a request goes. */
const refPattern = /^(?![/.-])(?!.*(?:\.\.|\/\/|@\{))[^\s\p{Cc}:?*[\\^~#%{}$]{1,250}(?<![/.])$/u;
const dockerScheme = 'docker://';

/** Takes the value of a `uses` apart. */
export function parseUses(text: string): Uses {
  if (/^(?:\.|\$)\//.test(text)) return { kind: 'local', path: text.slice(2) };
  if (text.startsWith(dockerScheme)) return { kind: 'docker', image: text.slice(dockerScheme.length), start: dockerScheme.length };
  const at = text.indexOf('@');
  const [owner = '', repo = '', ...path] = text.slice(0, Math.max(at, 0)).split('/');
  const ref = text.slice(at + 1);
  if (at < 0 || ![owner, repo].every(part => namePart.test(part) && !/^\.+$/.test(part)) || !refPattern.test(ref))
    return { kind: 'invalid' };
  return {
    kind: 'action',
    owner,
    repo,
    path: path.join('/'),
    ref,
    ranges: { name: range(0, at), ref: range(at + 1, text.length) },
  };
}

/** `owner/repo` in lower case: GitHub takes both in any case. */
export function repositoryOf({ owner, repo }: Pick<ActionReference, 'owner' | 'repo'>): string {
  return `${owner}/${repo}`.toLowerCase();
}

/** Whether a ref is the full name of a commit, by SHA-1 or SHA-256: nothing can move it. */
export function isCommit(ref: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(ref);
}

/** What is known of an action's ref where an image has a digest. */
export interface Pin {
  readonly commit: string;
  /** Tags on the commit that are versions, the one that says most first. */
  readonly versions: readonly string[];
  /** Whether it is known that no branch and no tag of the repository holds the commit, so that a fork may have made it. */
  readonly foreign: boolean;
}

/** A pin as one text: `<commit>#v4.2.2~v4`, and `<commit>!` of one that the repository itself does not hold. Names of tags have no `~`. */
export function printPin({ commit, versions, foreign }: Pin): string {
  return `${commit}${foreign ? '!' : ''}${versions.length === 0 ? '' : `#${versions.join('~')}`}`;
}

/** Reads what `printPin` wrote. */
export function parsePin(text: string): Pin {
  const [head = '', versions] = text.split('#', 2);
  const foreign = head.endsWith('!');
  return { commit: foreign ? head.slice(0, -1) : head, versions: versions?.split('~') ?? [], foreign };
}
