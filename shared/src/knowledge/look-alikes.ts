import { editDistance } from '../base/text/closest';
import { knownActions } from './action-roles';

/** Actions that many workflows use, beside those whose roles are known (zizmor, popular-actions.txt at 11bbf7e, 2026-08: names only). */
const popular =
  '8398a7/action-slack dependabot/fetch-metadata gradle/actions mikefarah/yq ncipollo/release-action pypa/gh-action-pypi-publish ' +
  'release-drafter/release-drafter shivammathur/setup-php styfle/cancel-workflow-action tj-actions/changed-files';

/** Owners whose every action is used so much that any name a letter away is one to look at twice: long enough not to be near to others by chance. */
const wide: readonly string[] = [
  'actions',
  'docker',
  'github',
  'aws-actions',
  'google-github-actions',
  'hashicorp',
  'sigstore',
  'aquasecurity',
];

const known = [...knownActions(), ...popular.split(' ')].map(name => name.split('/') as [owner: string, repository: string]);
const owners = new Set(known.map(([owner]) => owner));
const byRepository = new Map<string, readonly string[]>();
for (const [owner, repository] of known) byRepository.set(repository, [...(byRepository.get(repository) ?? []), owner]);

/**
 * The owner that the one of an action was mistaken for, if another has an action of this very name, or is known by all of its actions, and their names differ by
 * one character more, less, other or swapped. Within an account only its owner takes names.
 */
export function lookAlike(owner: string, repository: string): string | null {
  const name = owner.toLowerCase();
  if (owners.has(name)) return null;
  const candidates = [...(byRepository.get(repository.toLowerCase()) ?? []), ...wide];
  return candidates.find(one => editDistance(name, one, 1) === 1) ?? null;
}
