import { defaultConfig } from '../shared/src/engine/config/effective';
import type { LintContext } from '../shared/src/engine/types';
import type { Profile } from '../shared/src/base/terms/types';
import { emptyWorkspace } from '../shared/src/workspace/workspace-index';

/** What a file is linted with that nobody knows anything about: no configuration, no other files, no digests; on a day that stays, so that results do. */
export function plainContext(profile: Profile = defaultConfig.profile): LintContext {
  return { config: { ...defaultConfig, profile }, today: '2026-11-24', workspace: emptyWorkspace, digest: () => null };
}
