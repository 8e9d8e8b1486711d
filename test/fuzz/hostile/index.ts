import { directiveInputs } from './directives';
import { dockerfileInputs } from './dockerfile';
import { kubernetesInputs } from './kubernetes';
import { hostileSize } from './make';
import { policyInputs } from './policy';
import { hostileShapes } from './shapes/index';
import { nameInputs, sideFileInputs } from './side-files';
import type { HostileInput } from './types';
import { valueInputs } from './values';
import { yamlInputs } from './yaml';

/** Everything hostile that we know how to make. */
export const hostileInputs: readonly HostileInput[] = [
  ...valueInputs,
  ...yamlInputs,
  ...kubernetesInputs,
  ...policyInputs,
  ...dockerfileInputs,
  ...directiveInputs,
  ...sideFileInputs,
  ...nameInputs,
  ...hostileShapes.map(({ name, path, make }) => ({
    name: `shape: ${name}`,
    path,
    get text() {
      // half the size will do: each of them is a whole family of texts by itself
      return make(hostileSize / 2).slice(0, hostileSize);
    },
  })),
];
