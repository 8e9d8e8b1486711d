import type { ComposeImage } from './image';
import type { ComposeView, ServiceView } from './types';

/** The targets of Compose rules. */
export const targets = ['project', 'container', 'image'] as const satisfies readonly (keyof ComposeTargets)[];

/** What a Compose rule may look at. */
export interface ComposeTargets {
  /** The file, for what shows only when its services are seen together. */
  readonly project: ComposeView;
  /** Each service, and each map below an `x-` key that services merge in. */
  readonly container: ServiceView;
  /** Each image that a service pulls. */
  readonly image: ComposeImage;
}
