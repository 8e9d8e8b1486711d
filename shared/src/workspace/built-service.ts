import type { NamedValue } from '../knowledge/folders';

/** How a service of Compose starts the image that it builds, as far as the service itself says so. */
export interface BuiltService {
  readonly name: string;
  /** As written; `null`: it sets none, or a variable decides. */
  readonly user: string | null;
  /** Whether it has an init process in front. */
  readonly init: boolean;
  /** Whether it says how its health is checked, or that it is not. */
  readonly hasHealthcheck: boolean;
  /** Whether it runs once, when it is asked for: it is not started again, and publishes nothing. */
  readonly isOnce: boolean;
  /** Where it mounts folders that come with the project, and may write; absolute. */
  readonly hostFolders: readonly string[];
  /** What it starts in place of the command of the image, word for word, a text as the script of a shell; `null`: nothing. */
  readonly command: readonly string[] | null;
  /** What it sets of variables, as written. */
  readonly environment: readonly NamedValue[];
}
