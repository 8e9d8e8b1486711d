import type { Earlier } from '../../agents/port';
import { commitOf, openGit, readTexts, type RunGit } from './git';

/** Where a default branch may be: that of the forge first. */
const defaultBranches = ['remotes/origin/HEAD', 'remotes/origin/main', 'remotes/origin/master', 'heads/main', 'heads/master'].map(
  name => `refs/${name}`,
);

/**
 * Finds out from where the work in a repository is counted: where its branch has left the default one, else its last commit. `null`: that is not known, for example
 * without git, or before the first commit.
 *
 * The commands are those that read objects and refs alone: none looks at the index or the working tree, runs a hook or a filter, or converts a text. What the
 * repository configures can have git fetch a missing object from a remote, by a program of its choice: `GIT_ALLOW_PROTOCOL` forbids that to every version.
 * @param top the folder that holds `.git`
 * @param outside folders of which no program is run
 */
export async function openEarlier(top: string, outside: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Earlier | null> {
  const run = openGit(top, outside, env);
  if (run === null) return null;
  try {
    const [refs, head] = await Promise.all([
      run(['for-each-ref', '--format=%(refname)', ...defaultBranches]),
      commitOf(run, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']),
    ]);
    const known = refs.toString('utf8').split('\n');
    const branch = defaultBranches.find(name => known.includes(name));
    const base = branch === undefined ? null : await commitOf(run, ['merge-base', 'HEAD', branch]);
    const commit = base ?? head;
    if (commit === null) return null;
    return {
      since: base === null || base === head ? 'HEAD' : `the merge base with ${branch!.replace(/^refs\/(?:remotes|heads)\//, '')}`,
      read: async paths => {
        const texts = await readTexts(run, commit, paths);
        // what such a clone has left on its remote is missing as well
        if ([...texts.values()].includes(null) && (await isPartial(run))) throw new Error('a partial clone');
        return texts;
      },
    };
  } catch {
    return null;
  }
}

async function isPartial(run: RunGit): Promise<boolean> {
  try {
    return (await run(['config', '--get-regexp', '^(extensions\\.partialclone|remote\\..*\\.promisor)$'])).length > 0;
  } catch {
    // there is no such setting
    return false;
  }
}
