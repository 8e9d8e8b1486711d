import { composeShapes } from './compose';
import { directiveShapes } from './directives';
import { dockerfileShapes } from './dockerfile';
import { kubernetesShapes } from './kubernetes';
import { runShapes } from './run';
import type { HostileShape } from './types';
import { yamlShapes } from './yaml';

/** Every trick, at any length. */
export const hostileShapes: readonly HostileShape[] = [
  ...yamlShapes,
  ...kubernetesShapes,
  ...directiveShapes,
  ...composeShapes.map(shape => ({ ...shape, name: `Compose: ${shape.name}` })),
  ...runShapes.map(shape => ({ ...shape, name: `${shape.path}: ${shape.name}` })),
  ...dockerfileShapes.map(shape => ({ ...shape, name: `Dockerfile: ${shape.name}` })),
];
