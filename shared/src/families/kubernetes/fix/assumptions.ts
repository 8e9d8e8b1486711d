import { provedAssumptions } from '../../../rule/fix/proved';

/** What the fixes of a workload take for granted, by id: rules declare those that their fixes name. */

/** What is taken for granted where an image has the name of a known one, or its configuration was looked up. */
const derived = {
  ...provedAssumptions,
  'derived-image': 'The image of container "{container}" has not only the same name as {image}, but also the same users and paths',
  'image-facts': 'The image of container "{container}" has the configuration recorded for {digest} (trust level: {level})',
  'built-image': 'The image of container "{container}" is built from {path}',
} as const;

/** Assumptions about the user that a container gets. */
export const userAssumptions = {
  ...derived,
  twin: '{image} can replace the image of container "{container}", and has the ports and paths that Services, probes and volumes use',
  'guessed-user': 'Container "{container}" can run as user {uid}, although nothing is known about its image',
  'other-user': 'Container "{container}" can run as user {uid}, although {seen}',
  'any-user': 'Container "{container}" can run as user {uid}, although {image} defines no user for it',
  'planned-user': 'The image that {path} builds for container "{container}" can run as user {uid}',
  'explicit-root': 'Container "{container}" runs as root for no reason visible in the manifest',
  'volume-group': 'Group {gid} can own the files in the volumes of container "{container}"',
  'root-group': 'Container "{container}" needs no file that only group 0 can access, and can run with group {gid}',
  'low-port': 'It is acceptable that any user in the pod can open ports below 1024: container "{container}" listens on {port}',
} as const;

/** What a container that is privileged no longer is taken to do without. */
export const nodeAssumptions = {
  'no-node-access': "Nothing in the container needs the node's devices, mounts or kernel settings",
} as const;

/** Assumptions about capabilities that are dropped. */
export const capabilityAssumptions = {
  ...derived,
  'no-capabilities': 'Container "{container}" needs no capability beyond those it adds, not even to change its user at startup',
  'unread-capabilities': 'Container "{container}" needs no capability beyond those it adds, although {seen}',
  'root-capabilities': 'When run as root, the image of container "{container}" needs {capabilities} and no other capability',
} as const;

/** Assumptions about paths that are written to. */
export const fileAssumptions = {
  ...derived,
  'writes-only': 'Apart from its volumes, container "{container}" writes only under {paths}',
  'writes-nothing': 'Container "{container}" writes to no path outside its mounts, although {seen}',
  'shipped-path': 'Container "{container}" does not need to change the files that its image ships in {paths}',
} as const;

/** What is in doubt where the workspace shows a client of a cloud: `seen` is what shows it, `path` the file that it stands in. */
export const cloudAssumptions = {
  'cloud-user': '{object} needs nothing from the cloud metadata service, despite {seen} in {path}',
} as const;

/** Assumptions about tokens that are not mounted; `seen` and `path` as above. */
export const tokenAssumptions = {
  'no-api': 'No container in the pod talks to the API server',
  'api-user': 'No container in the pod talks to the API server, despite {seen} in {path}',
  'chosen-account': 'No container in the pod talks to the API server as the service account "{account}" that was chosen for the pod',
  'unseen-account': 'No container in the pod talks to the API server as the service account "{account}", which no file here defines',
} as const;
