/** The repository of git that files are in, as the host sees it. */
export interface Repository {
  /** The folder that paths are relative to, below the top of the repository: empty, or ending in `/`. */
  readonly folder: string;
  /** Who has it on its forge, by the remote `origin`; `null` where that is not known. */
  readonly owner: string | null;
}

/** Whether a name is that of the owner; forges know no case. */
export function isOwner(repository: Repository | null, name: string): boolean {
  return repository?.owner?.toLowerCase() === name.toLowerCase();
}

/** The owner of `owner/name`, in an address of a repository: `https://host/owner/name.git`, `git@host:owner/name`, or alone. */
export function ownerIn(address: string): string | null {
  return /^(?:[a-z+]{1,10}:\/\/[^/\s]{1,300}\/|[^/:\s]{1,300}:\/?)?(\w[\w.-]{0,99})\/[\w.-]{1,100}\/?$/.exec(address)?.[1] ?? null;
}

/** The address of the remote `origin` in a configuration of git. */
export function originIn(config: string): string | null {
  let isOrigin = false;
  for (const line of config.split('\n', 2000)) {
    const text = line.trim();
    if (text.startsWith('[')) isOrigin = /^\[remote "origin"\]/i.test(text);
    else if (isOrigin && /^url\s{0,9}=/i.test(text)) return text.slice(text.indexOf('=') + 1).trim();
  }
  return null;
}
