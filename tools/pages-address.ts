/** How hosts of git show a file of a tag. */
const folders: ReadonlyMap<string, string> = new Map([
  ['github.com', 'blob/'],
  ['gitlab.com', '-/blob/'],
  ['codeberg.org', 'src/tag/'],
]);

/** What of a package.json decides where its pages are. */
interface Manifest {
  readonly version: string;
  readonly repository?: string | { readonly url?: string } | undefined;
}

/**
 * The address of the folder `docs/rules` at the tag of a version, with a final slash. Takes a package.json; `null` where its `repository` is not given, or lies
 * on a host of which it is not known how it shows files: a link that leads nowhere is worse than none.
 */
export function pagesAddress({ repository, version }: Manifest): string | null {
  const url = (typeof repository === 'string' ? repository : (repository?.url ?? ''))
    .replace(/\/$/, '')
    .replace(/\.git$/, '')
    .replace(/^(?:github:)?([\w.-]+\/[\w.-]+)$/, 'https://github.com/$1')
    .replace(/^gitlab:/, 'https://gitlab.com/')
    .replace(/^(?:git\+)?ssh:\/\/git@/, 'https://')
    .replace(/^git@([\w.-]+):/, 'https://$1/')
    .replace(/^git(?:\+https)?:\/\//, 'https://');
  const match = /^https:\/\/([\w.-]+)\/([\w.-]+(?:\/[\w.-]+)+)$/.exec(url);
  const folder = folders.get(match?.[1] ?? '');
  return match === null || folder === undefined ? null : `https://${match[1]}/${match[2]}/${folder}v${version}/docs/rules/`;
}
