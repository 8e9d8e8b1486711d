/** What is seen of what a container needs, by id: clauses without a full stop that messages take in, "although {seen}". */
export const evidenceTexts = {
  // what an image is
  'image-called': 'its image is called {word}: it may be {kind}',
  'container-called': 'it is called {word}: it may be {kind}',
  'starts-kind': 'it starts {word}: it may be {kind}',
  'image-later': 'which image it runs is only known later',
  'image-unknown': 'nothing is known about its image, which comes from {registry}',
  'image-configured': 'only the configuration of {image} is known, not what its program needs',
  'image-claimed': 'what is said of {image} is not verified: its reference has no digest',
  'image-differs': 'the registry says that {image} starts as another user than is known of it',
  'image-like': 'nothing but its name says that its image is made from {image}',
  'dockerfile-only': 'nothing but being the only Dockerfile here says that {path} builds its image',
  'dockerfile-unseen': 'the Dockerfile that it is built from is not known here',
  'base-unknown': 'nothing is known about {image} on which {path} builds',
  'base-unseen': 'nothing is known about the image on which {path} builds',
  'stage-silent': '{path} does not say what its stage {stage} starts',
  // as which user it runs
  'program-needs-root': '{program} needs root',
  'image-starts-as-root': '{image} starts as root',
  'image-has-twin': '{image} starts as root; {twin} does not',
  'image-needs-root': '{image} works only as root',
  'uid-unknown': 'the UID of its user is not known',
  'uid-claimed': 'only the history of its image says that its user {user} has the UID {uid}',
  'uid-of-user-unknown': 'the UID of its user {user} is not known',
  'drops-by-variable': 'its entry point changes to the user of PUID by itself',
  'drops-root': 'its image goes on as another user by itself',
  'no-such-user': 'its image has no user {uid}: a new volume at {path} belongs to root',
  'no-such-folder': 'its image has no {path}: what is mounted there belongs to root at first',
  'folder-of-host': '{path} belongs to whoever made it: root without capabilities may not write there',
  'new-folder-of-root': 'a new {path} belongs to root',
  'folder-of-root': 'it writes {path}, which belongs to root',
  'data-owner': 'at {path} {why}',
  'volume-of-others': 'its volume "{volume}" may hold files that another user cannot write',
  'low-port': 'it listens on port {port}, as programs do that start as root',
  privileged: 'it is privileged',
  'adds-capability': 'it adds {capability}, which only root can use',
  'runs-as-root': 'it runs {command}',
  'block-device': 'it uses a block device',
  'prepares-pod': 'it prepares the pod as root',
  'pod-needs-root': 'its pod sets root for every container, and another one needs it',
  'pod-may-need-root': 'its pod sets root for every container, and another one may need it',
  'mounts-node': 'it mounts {path} of its node, whose files may belong to root',
  'sees-node': 'it sees the processes of its node',
  'workload-perhaps-as-root': '{workload} may need to be root, and its image {image} may be this one',
  'listens-low': 'it listens on port {port}',
  // what a Dockerfile shows of it
  'github-action': 'GitHub runs container actions as root',
  onbuild: 'ONBUILD triggers run as the final user of the image',
  'runtime-socket': 'only root can use the container runtime socket',
  'changes-files-of-root': 'the program that it starts changes root-owned files',
  'home-of-root': 'files that the process needs are in the home directory of root',
  'windows-users': 'users of Windows have rights of their own',
  'tomcat-unpacks': 'Tomcat unpacks applications beside itself',
  'files-of-group': 'its files are for any user of group 0',
  'script-may-switch': 'its start script may switch to the user that the file creates',
  'docker-client': 'it holds a client of Docker, whose socket belongs to root',
  'cgi-programs': 'its server runs programs of a folder cgi-bin, which may write anywhere',
  'works-on-mount': 'it works on what is mounted at {path}',
  'keeps-home-of-root': '{program} keeps files in the home directory of root',
  does: 'it {does}',
  'server-refuses': '{program} {refuses}',
  'script-starts-server': 'its start script may start the server of {package}, which has a user and folders of its own',
  'corepack-home': 'Corepack puts {program} into the home directory of root',
  'built-on-as-root': 'stage {stage} is built on it, and goes on as root',
  'built-on': 'stage {stage} is built on it',
  'workload-as-root': '{workload} runs it as root, or on files of its node',
  'compose-mounts-host': 'Compose mounts a folder of the host at {path}, whose owner may be another',
  'gives-to-other': 'it gives {path} to {owner}',
  'file-of-root': 'it writes {path}, in a folder of root',
  'volume-of-root': 'its volume belongs to root',
  'written-as-root': 'the file has it run as root: what it wrote to {path} belongs to root',
  'data-of-root': '{path} belongs to root',
  'build-argument': '{path} sets its build argument {argument}',
  // what it writes
  'init-writes': 'its init, {init}, writes beside its services',
  'image-writes-own': '{image} writes among its own files at its start',
  'image-writes-settings': '{image} writes to {path} at its start, since {variable} is set',
  'image-renders-settings': '{image} writes to {path} at its start what it makes of {from}',
  'rewrites-settings': '{program} writes to {path}, its own settings',
  'file-capabilities': 'the file of its program has {capabilities}',
  'setuid-program': 'the file of its program is set-user-ID',
  'starts-other': 'it starts {program}, and not what its image does',
  'image-writes': 'the image writes to {path}',
  'image-files-of-root': 'it writes to {path}, whose files in the image belong to root',
  'left-out-beside': 'it writes beside its sources what {path} leaves out: {file}',
  'moves-between': 'it may move files between {from} and {to}, which would be volumes of their own',
  'moves-beside': 'it may move files from {from} to {to}, which would be a volume of its own',
  'fetches-home': '{program} may fetch what it starts into the home directory of its user',
  'keeps-home': '{program} keeps files in the home directory of its user',
  'project-mounted': 'the whole project is mounted into it, as for development: where its tools write nobody knows',
  // what it starts
  'start-script': 'its start script {path} {does}',
  'command-does': 'its command {does}',
  'service-does': 'the command of service {service} {does}',
  'command-writes': 'its command writes {path}',
  // what another part has seen, in its own words
  observed: '{seen}',
} as const;

/** The id of something that is seen of what a container needs. */
export type EvidenceId = keyof typeof evidenceTexts;

/** Why something is as it is, or is not certain: what is seen, without its words. */
export interface Reason {
  readonly seen: EvidenceId;
  readonly data: Readonly<Record<string, string | number>>;
}

/** A reason by its id and what fills the places of its text. */
export function reason(seen: EvidenceId, data: Reason['data'] = {}): Reason {
  return { seen, data };
}
