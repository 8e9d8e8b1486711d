import { directiveShapes } from './directives';
import { dockerfileShapes } from './dockerfile';
import { kubernetesShapes } from './kubernetes';
import type { HostileShape } from './types';
import { yamlShapes } from './yaml';

/** Every trick, at any length. */
export const hostileShapes: readonly HostileShape[] = [
  ...yamlShapes,
  ...kubernetesShapes,
  ...directiveShapes,
  ...dockerfileShapes.map(shape => ({ ...shape, name: `Dockerfile: ${shape.name}` })),
];
