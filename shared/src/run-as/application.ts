import type { ImageParts } from '../image/reference';
import { registryTrust } from '../knowledge/registries';
import { tellingKind } from '../knowledge/telling-images';

/** What is seen of something that runs an image of which nothing is known. */
export interface Unknown {
  /** The reference; `null` where it is no valid one. */
  readonly reference: ImageParts | null;
  /** The reference as text. */
  readonly image: string;
  /** Whether part of the reference is filled in later, as by a pipeline that builds it. */
  readonly variable: boolean;
  readonly trustedRegistries: readonly string[];
  /** What it is told to start and with what, word for word. */
  readonly words: readonly string[];
  /** A volume whose files may belong to somebody already; `null`: none. */
  readonly volume: string | null;
  /** A port below 1024; `null`: none. */
  readonly lowPort: number | null;
}

/** Registries from which everybody takes images, so that one from there may be anything; a part of the name may follow. */
const open =
  /^(?:docker\.io|index\.docker\.io|registry-1\.docker\.io|quay\.io|ghcr\.io|k8s\.gcr\.io|registry\.k8s\.io|mcr\.microsoft\.com|public\.ecr\.aws|nvcr\.io|cgr\.dev|lscr\.io|docker\.elastic\.co|container-registry\.oracle\.com|registry\.access\.redhat\.com|registry\.redhat\.io|registry\.connect\.redhat\.com|registry\.suse\.com|registry\.opensuse\.org|registry\.istio\.io|cr\.\w+\.io|docker\.\w+\.(?:io|com|org|net))$/;

/** Projects of gcr.io that publish. */
const openProjects =
  /^(?:google[-_]containers|google-samples|cloudsql-docker|distroless|kaniko-project|kubebuilder|tensorflow-serving|ml-pipeline|tekton-releases|knative-releases|istio-release|projectcontour|heptio-images|cadvisor|k8s-\w[\w-]*|cloud-builders|google\.com\/.*)(?:\/|$)/;

/** Docker Official Images of which nothing else is known here (github.com/docker-library/official-images): names without an owner that are nobody's own. */
const official: ReadonlySet<string> = new Set(
  (
    'aerospike alt api-firewall archlinux arangodb backdrop bash bonita chronograf cirros clearlinux clefos clojure composer convertigo couchbase crate dart ' +
    'eggdrop elixir emqx erlang fluentd friendica gazebo gcc geonetwork groovy haskell haxe hello-world hitch hylang ibm-semeru-runtimes ibmjava irssi joomla ' +
    'jruby julia kapacitor krakend lightstreamer liquibase mageia matomo mediawiki monica nats-streaming neurodebian notary odoo open-liberty orientdb percona ' +
    'perl photon php-zendserver plone postfixadmin pypy r-base rakudo-star redmine rethinkdb ros sapmachine satosa silverpeas spiped storm swift swipl ' +
    'teamspeak tomee unit varnish websphere-liberty xwiki yourls znc'
  ).split(' '),
);

/** A shell's own script, or one by its name. */
const script = /(?:^|\/)(?:[\w.-]*\.sh|(?:docker-)?entry-?point[\w.-]*|(?:start|run|boot|init|setup|install)(?:[-_.][\w.-]*)?)$/i;

/** What shells do to files, in a script that is given in place. */
const writes =
  /(?:^|[\s;&|(])(?:mkdir|touch|cp|mv|tee|tar|unzip|sed\s+-i|wget|curl\s+-\w*[oO]|git\s+clone|ln|install|gunzip|rsync)\s|>>?\s*\/(?!dev\/|tmp\/)/;

/**
 * Why an image of which nothing is known may be something else than an application of one's own, which as a rule only reads what it ships:
 * a sentence without a full stop, `null` where it looks like one.
 */
export function noApplication(seen: Unknown): string | null {
  const { reference, image, variable, volume, lowPort, words } = seen;
  const kind = tellingKind(reference === null ? image : reference.repository);
  if (kind !== null) return `its image is called ${kind.word}: it may be ${kind.kind}`;
  if (lowPort !== null) return `it listens on port ${lowPort}, as programs do that start as root`;
  if (volume !== null) return `its volume "${volume}" may hold files that another user cannot write`;
  const shell = /(?:^|\/)(?:sh|bash|ash|dash|zsh)$/.test(words[0] ?? '');
  const [line] = shell ? words.filter(word => /\s/.test(word)) : [];
  if (line !== undefined && writes.test(line)) return 'its start script writes files';
  const started = shell
    ? line === undefined
      ? words.slice(1)
      : line
          .slice(0, 20_000)
          .split(/[\s;&|()'"]+/)
          .filter(word => word.endsWith('.sh'))
    : words.slice(0, 1);
  const own = started.find(word => script.test(word));
  if (own !== undefined) return `its start script ${own} is not known`;
  const [first] = words;
  const program = first === undefined || first.startsWith('-') || shell ? null : tellingKind(first);
  if (program !== null) return `it starts ${program.word}: it may be ${program.kind}`;
  return isOwn(seen) || variable ? null : `nothing is known about its image, which comes from ${registryOf(reference)}`;
}

function registryOf(reference: ImageParts | null): string {
  return reference?.registry ?? 'docker.io';
}

/** Whether an image seems to be built by who runs it: it has no registry and no owner, a registry of its own, or one that the configuration trusts. */
function isOwn({ reference, image, trustedRegistries }: Unknown): boolean {
  // what ko builds from Go's sources, on an image that is not root
  if (reference === null) return image.startsWith('ko://');
  if (trustedRegistries.length > 0 && registryTrust(reference, trustedRegistries) === 'trusted') return true;
  const { registry, repository } = reference;
  if (registry === null) return !repository.includes('/') && !official.has(repository);
  if (/(?:^|\.)gcr\.io$/.test(registry) && registry !== 'k8s.gcr.io') return !openProjects.test(repository);
  return !open.test(registry);
}
