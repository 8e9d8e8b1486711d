/** What the fixes of a workload take for granted, by id: rules declare those that their fixes name. */

/** What is taken for granted where an image has the name of a known one. */
const derived = { 'derived-image': 'The image of container "{container}" keeps users and paths of {image}, whose name it has' } as const;

/** Assumptions about the user that a container gets. */
export const userAssumptions = {
  ...derived,
  twin: '{image} does what container "{container}" is for, at ports and paths that Services, probes and volumes know',
  'guessed-user': 'Container "{container}" starts as user {uid}: nothing is known of its image',
  'explicit-root': 'Container "{container}" runs as root for no reason that the manifest shows',
  'volume-group': 'Files in the volumes of container "{container}" may belong to group {gid}',
  'low-port': 'Ports below 1024 are opened to every user of the pod, since container "{container}" listens on {port}',
} as const;

/** Assumptions about capabilities that are dropped. */
export const capabilityAssumptions = {
  ...derived,
  'no-capabilities': 'Container "{container}" needs no capability beyond those that it adds, not even to change its user at start',
  'root-capabilities': 'As root, the image of container "{container}" needs {capabilities} and no other capability',
} as const;

/** Assumptions about paths that are written to. */
export const fileAssumptions = {
  ...derived,
  'writes-only': 'Apart from its volumes, container "{container}" writes below {paths} alone',
  'shipped-path': 'Container "{container}" need not change the files that its image ships in {paths}',
} as const;
