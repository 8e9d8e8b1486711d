import type { Range } from '../base/text/range';
import type { BuildArguments } from './build-arguments';
import type { BuiltService } from './built-service';

/** What builds an image, as read. `dockerfile` and `context` are relative to the file, or to the root for `fromRoot`. */
export interface Build {
  /** With or without tag; may hold variables in the tag. `''`: it goes by a name that Compose makes. */
  readonly image: string;
  readonly dockerfile: string | null;
  readonly context: string;
  readonly target: string | null;
  readonly args?: BuildArguments;
  readonly range: Range;
  /** Whether `dockerfile` counts from the context (Compose, Skaffold) or from the working directory (`docker build -f`). */
  readonly inContext: boolean;
  /** Whether our own configuration tells of it, which names a Dockerfile and no context. */
  readonly isOurs?: true;
  /** Where Compose mounts volumes into its container; absolute. */
  readonly mounts?: readonly string[];
  /** The service of Compose that starts it. */
  readonly service?: BuiltService;
}
