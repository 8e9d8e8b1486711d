/** How a service of Compose starts the image that it builds, as far as the service itself says so. */
export interface BuiltService {
  readonly name: string;
  /** As written; `null`: it sets none, or a variable decides. */
  readonly user: string | null;
  /** Whether it has an init process in front. */
  readonly init: boolean;
  /** Where it mounts folders that come with the project, and may write; absolute. */
  readonly hostFolders: readonly string[];
}
