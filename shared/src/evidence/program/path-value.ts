/** Where a relative path counts from: the folder that the program starts in, that of its own file, or the home directory of its user. */
export type Origin = 'start' | 'file' | 'home';

/** A path that an expression of a program gives, as far as it is written down. */
export interface PathValue {
  /** As written, joined with `/`; `''` for the folder itself that it counts from. */
  readonly path: string;
  readonly from: Origin;
  /** The variable of the environment, with a dot in front the setting, or with `@` the parameter, whose value stands for the path, or for its beginning up to `rest`; `null`: none. */
  readonly variable: string | null;
  /** What follows the variable's value: below it with a slash in front, else its name goes on, `.tmp`; `''`: nothing. */
  readonly rest: string;
  /** The path, as `path`, that a relative value of the variable is put behind; absent: it counts from `from`. */
  readonly under?: string;
  /** Whether a slash is at its end, so that what is put behind it lies in it. */
  readonly isFolder?: true;
  /** Whether something follows that is not known: `path` is a folder then. */
  readonly isOpen: boolean;
}

/** Whether a variable is none of the environment, but a setting or a parameter: what it names is a whole path, and nothing to put behind another. */
export function isPlace(variable: string | null): boolean {
  return variable !== null && /^[.@]/.test(variable);
}

/** Looks up what a name of the program stands for. */
export type Lookup = (name: string) => PathValue | null;

/** A path that is written down as it is. */
export const placeOf = (path: string, from: Origin = 'start'): PathValue => ({ path, from, variable: null, rest: '', isOpen: false });
