import { directiveInputs } from './directives';
import { dockerfileInputs } from './dockerfile';
import { kubernetesInputs } from './kubernetes';
import { nameInputs, sideFileInputs } from './side-files';
import type { HostileInput } from './types';
import { valueInputs } from './values';
import { yamlInputs } from './yaml';

/** Everything hostile that we know how to make. */
export const hostileInputs: readonly HostileInput[] = [
  ...valueInputs,
  ...yamlInputs,
  ...kubernetesInputs,
  ...dockerfileInputs,
  ...directiveInputs,
  ...sideFileInputs,
  ...nameInputs,
];
