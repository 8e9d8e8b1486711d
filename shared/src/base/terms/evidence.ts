/** What is seen of what a container needs, by id: clauses without a full stop that messages take in, "although {seen}". */
export const evidenceTexts = {
  // what an image is
  'image-called': 'its image name contains {word}, which suggests {kind}',
  'container-called': 'its name contains {word}, which suggests {kind}',
  'starts-kind': 'it starts {word}, which suggests {kind}',
  'image-later': 'the file does not show which image it runs',
  'image-unknown': 'nothing is known about its image, which comes from {registry}',
  'image-configured': 'only the configuration of {image} is known, not what its program needs',
  'image-claimed': 'what is known about {image} is not verified: its reference has no digest',
  'image-differs': 'the registry reports that {image} starts as a different user than Bulkhead expects',
  'image-like': 'only its image name suggests that the image is based on {image}',
  'dockerfile-only': '{path} is assumed to build its image only because the project has no other Dockerfile',
  'dockerfile-unseen': 'the Dockerfile that builds its image is not known here',
  'base-unknown': 'nothing is known about {image}, which {path} builds on',
  'base-unseen': 'nothing is known about the base image of {path}',
  'stage-silent': '{path} does not say what its stage {stage} starts',
  // as which user it runs
  'program-needs-root': '{program} needs root',
  'image-starts-as-root': '{image} starts as root',
  'image-has-twin': '{image} starts as root; {twin} does not',
  'image-needs-root': '{image} works only as root',
  'uid-unknown': 'the UID of its user is not known',
  'uid-claimed': 'only the image history indicates that its user {user} has UID {uid}',
  'uid-of-user-unknown': 'the UID of its user {user} is not known',
  'drops-by-variable': 'its entry point already switches to the user given in PUID',
  'drops-root': 'its image already switches to another user',
  'no-such-user': 'its image has no user {uid}: a new volume at {path} is owned by root',
  'no-such-folder': 'its image has no {path}, so what is mounted there is owned by root at first',
  'folder-of-host': '{path} is owned by the user who created it, so root without capabilities may be unable to write there',
  'new-folder-of-root': 'a newly created {path} is owned by root',
  'folder-of-root': 'it writes to {path}, which is owned by root',
  'data-owner': 'at {path}, {why}',
  'volume-of-others': 'its volume "{volume}" may contain files that a different user cannot write to',
  'low-port': 'it listens on port {port}, which is typical of programs that start as root',
  privileged: 'it is privileged',
  'adds-capability': 'it adds {capability}, which only root can use',
  'runs-as-root': 'it runs {command}',
  'block-device': 'it uses a block device',
  'prepares-pod': 'it runs as root to set up the pod',
  'pod-needs-root': 'its pod sets the user to root for every container, and another container needs root',
  'pod-may-need-root': 'its pod sets the user to root for every container, and another container may need root',
  'mounts-node': 'it mounts {path} from the node, and the files there may be owned by root',
  'sees-node': "it sees the node's processes",
  'workload-perhaps-as-root': '{workload} may need root, and its image {image} may be the one built here',
  'listens-low': 'it listens on port {port}',
  // what a Dockerfile shows of it
  'github-action': 'GitHub runs container actions as root',
  onbuild: 'ONBUILD triggers run as the final user of the image',
  'runtime-socket': 'only root can use the container runtime socket',
  'changes-files-of-root': 'the program that it starts changes root-owned files',
  'home-of-root': 'files that the process needs are in the home directory of root',
  'windows-users': 'Windows has its own users and permissions',
  'tomcat-unpacks': 'Tomcat unpacks applications next to its own files',
  'files-of-group': 'its files are meant for any user in group 0',
  'script-may-switch': 'its start script may switch to the user that the Dockerfile creates',
  'docker-client': 'it contains a Docker client, and the Docker socket is owned by root',
  'cgi-programs': 'its server runs programs from a cgi-bin directory, and these may write anywhere',
  'starts-shell': 'it starts a shell, and what runs in that shell is not known',
  'works-on-mount': 'it uses files mounted at {path}',
  'keeps-home-of-root': '{program} keeps files in the home directory of root',
  does: 'it {does}',
  'server-refuses': '{program} {refuses}',
  'script-starts-server': 'its start script may start the server from {package}, which has its own user and directories',
  'corepack-home': 'Corepack puts {program} into the home directory of root',
  'built-on-as-root': 'stage {stage} builds on it and continues as root',
  'built-on': 'stage {stage} builds on the image',
  'workload-as-root': '{workload} runs it as root, or mounts files from the node',
  'compose-mounts-host': 'Compose mounts a host directory at {path}, which another user may own',
  'gives-to-other': 'it makes {owner} the owner of {path}',
  'file-of-root': 'it writes {path}, which is in a root-owned directory',
  'volume-of-root': 'its volume is owned by root',
  'written-as-root': 'it has run as root until now, so what it wrote to {path} is owned by root',
  'data-of-root': '{path} is owned by root',
  'build-argument': '{path} sets its build argument {argument}',
  // what it writes
  'init-writes': 'its init, {init}, writes files next to its service definitions',
  'image-writes-own': 'at startup, {image} writes to directories that contain its own files',
  'runs-jobs': '{image} runs jobs, which may need more than the image itself',
  'image-writes-settings': '{image} writes to {path} at startup, because {variable} is set',
  'image-renders-settings': 'at startup, {image} writes files generated from {from} to {path}',
  'rewrites-settings': '{program} changes its own settings in {path}',
  'file-capabilities': 'its program file has {capabilities}',
  'setuid-program': 'its program file is setuid',
  'starts-other': 'it starts {program} instead of the program that its image starts',
  'image-writes': 'the image writes to {path}',
  'image-files-of-root': 'it writes to {path}, where the files from the image are owned by root',
  'left-out-beside': 'it writes {file} next to its sources, and {path} excludes that file',
  'moves-between': 'it may move files between {from} and {to}, which would be separate volumes',
  'moves-beside': 'it may move files from {from} to {to}, which would be a separate volume',
  'fetches-home': '{program} may download the program that it starts into the home directory of its user',
  'keeps-home': '{program} keeps files in the home directory of its user',
  'project-mounted': 'the whole project is mounted into it, as for development, so it is not known where its tools write',
  // what it starts
  'start-script': 'its start script {path} {does}',
  'command-does': 'its command {does}',
  'service-does': 'the command of service {service} {does}',
  'command-writes': 'its command writes to {path}',
  // what a trial run of it has shown
  'trial-started': 'a trial run on {date} showed that the container starts and keeps running: {digest}, {how}',
  'trial-answered': 'a trial run on {date} showed that the container starts and responds: {digest}, {how}',
  'trial-exercised': 'a trial run on {date} showed that the container works when used: {digest}, {how}',
  'claimed-started':
    'according to a trial run result supplied with the files, the container starts and keeps running: {date}, {digest}, {how}',
  'claimed-answered': 'according to a trial run result supplied with the files, the container starts and responds: {date}, {digest}, {how}',
  'claimed-exercised': 'according to a trial run result supplied with the files, the container works in use: {date}, {digest}, {how}',
  'trial-needs-user': 'a trial run on {date} found that the container does not work as a user other than root',
  'trial-needs-files': 'a trial run on {date} found that the container does not work with a read-only root filesystem',
  'trial-needs-capabilities': 'a trial run on {date} found that the container does not work with fewer capabilities',
  'trial-keeps': 'a trial run on {date} found that it needs {capabilities}',
  'trial-needs-escalation': 'a trial run on {date} found that the container does not work if its programs cannot gain privileges',
  'trial-needs-pids': 'a trial run on {date} found that the container does not work with a process limit',
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
