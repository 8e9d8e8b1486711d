import { bringsProgram, type ImageFacts } from './image-facts';
import { findImageProfile, type ImageProfile } from './image-profiles';
import type { ImageReference } from '../syntax/image/reference';

/** The command of a health check: words, each an argument of its own. */
export type HealthCommand = readonly string[];

/** How servers say that they serve, with what their images bring, by the programs that start them. Sources: the images' Dockerfiles and the programs' manuals. */
const pings: readonly { readonly images: RegExp; readonly server: RegExp; readonly command: HealthCommand }[] = [
  // whatever the user is: it asks nothing that needs one
  { images: /(?:^|\/)(?:postgres|postgis|postgresql)$/, server: /^postgres$/, command: ['pg_isready', '-q', '-U', 'postgres'] },
  // an answer that asks for a password is one
  { images: /(?:^|\/)redis$/, server: /^redis-server$/, command: ['redis-cli', 'ping'] },
  { images: /(?:^|\/)valkey$/, server: /^valkey-server$/, command: ['valkey-cli', 'ping'] },
  // 0 even where access is denied: then the server runs. Over TCP: while an image sets a database up, its server listens on a socket alone
  { images: /(?:^|\/)mysql$/, server: /^mysqld$/, command: ['mysqladmin', 'ping', '-h', '127.0.0.1', '--silent'] },
  {
    images: /(?:^|\/)mariadb(?:-devel)?$/,
    server: /^(?:mariadbd|mysqld)$/,
    command: ['mariadb-admin', 'ping', '-h', '127.0.0.1', '--silent'],
  },
  { images: /(?:^|\/)rabbitmq$/, server: /^rabbitmq-server$/, command: ['rabbitmq-diagnostics', '-q', 'ping'] },
];

/**
 * The ping of the server that an image is about; `null` where it brings none.
 * @param program what starts in it, without its folder; `null`: what the image itself starts
 */
export function healthPing(profile: ImageProfile | null, program: string | null): HealthCommand | null {
  if (profile?.kind !== 'server' || profile.name.startsWith('cgr.dev/') || profile.name.startsWith('bitnami')) return null;
  return pings.find(({ images, server }) => images.test(profile.name) && (program === null || server.test(program)))?.command ?? null;
}

/**
 * Asks a port of the container for a connection, with what its system surely has: bash, which knows `/dev/tcp`, or the `nc` of busybox; `null` where it has neither.
 * Addresses are numbers: `localhost` is ::1 first on Alpine, where many programs do not listen.
 */
export function healthConnect(profile: ImageProfile | null, port: string): HealthCommand | null {
  if (profile?.os === 'alpine' || profile?.os === 'busybox') return ['nc', '-z', '127.0.0.1', port];
  return profile?.shell === 'bash' ? ['bash', '-c', `</dev/tcp/127.0.0.1/${port}`] : null;
}

/** Programs that ask for a page and fail where it is not there; what follows is a URL in place of `URL`. */
const clients = {
  curl: ['curl', '-fsS', '-o', '/dev/null', 'URL'],
  wget: ['wget', '-q', '-O', '/dev/null', 'URL'],
  // fetch is there since Node 18
  node: ['node', '-e', "fetch('URL').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"],
  python: ['python3', '-c', "import urllib.request; urllib.request.urlopen('URL', timeout=5)"],
  ruby: ['ruby', '-rnet/http', '-e', "exit Net::HTTP.get_response(URI('URL')).is_a?(Net::HTTPSuccess)"],
} as const;

/**
 * Asks for a page over HTTP; `null` where nothing is known that could.
 * @param packages what was installed with a package manager of the system
 */
export function healthRequest(profile: ImageProfile | null, packages: readonly string[], url: string): HealthCommand | null {
  const own = profile?.kind === 'runtime' && profile.os !== 'distroless' && profile.os !== 'wolfi' ? profile.name : '';
  const client = packages.includes('curl')
    ? 'curl'
    : packages.includes('wget') || profile?.os === 'alpine' || profile?.os === 'busybox'
      ? 'wget'
      : own === 'node' || own === 'python' || own === 'ruby'
        ? own
        : null;
  return client && clients[client].map(word => word.replace('URL', url));
}

/** Options of curl and wget that change nothing about a request and its success. */
const plainOption = /^-[fsSLq]{1,5}$|^--(?:fail|silent|show-error|location|spider|quiet|no-verbose|tries=\d)$|^-nv$|^-q?O-$/;

/** The HTTP request that a command makes of a server on its own machine, which fails unless the answer is good; `null`: it does something else. */
export function requestOf(command: readonly string[]): { readonly port: number; readonly path: string } | null {
  const script = command[0] === '/bin/sh' ? (command[2] ?? '') : command.join(' ');
  const plain = script.replace(/ ?\|\| ?exit \d$/, '').replace(/ ?(?:1?>|-O|-o) ?\/dev\/null(?: 2>&1)?| -q?O -(?= )/, '');
  const [program = '', ...words] = plain.split(/\s+/).map(word => word.replace(/^["']|["']$/g, ''));
  const tool = program.slice(program.lastIndexOf('/') + 1);
  const options = words.filter(word => word.startsWith('-'));
  const [url, ...more] = words.filter(word => !word.startsWith('-') && word !== '');
  if (!['curl', 'wget'].includes(tool) || more.length > 0 || !options.every(option => plainOption.test(option))) return null;
  // curl takes any answer for a good one unless it is told not to
  if (tool === 'curl' && !options.some(option => option === '--fail' || /^-[a-zA-Z]*f/.test(option))) return null;
  const match = /^http:\/\/(?:localhost|127\.0\.0\.1)(?::(\d{1,5}))?(\/[\w./?=&%-]{0,200})?$/.exec(url ?? '');
  return match && { port: Number(match[1] ?? 80), path: match[2] ?? '/' };
}

/** What small images leave out, by name and tag. Sources: docker-library's Dockerfiles of each image, which purge what they fetched with; distroless's lists of packages. */
const leftOut: readonly { readonly image: RegExp; readonly tag: RegExp; readonly programs: readonly string[] }[] = [
  { image: /^alpine$/, tag: /^/, programs: ['curl'] },
  { image: /^(?:node|python|golang|rust)$/, tag: /alpine/, programs: ['curl'] },
  { image: /^(?:node|python)$/, tag: /slim/, programs: ['curl', 'wget'] },
  { image: /^(?:debian|ubuntu)$/, tag: /^/, programs: ['curl', 'wget'] },
  { image: /^gcr\.io\/distroless\//, tag: /^(?!.*debug)/, programs: ['curl', 'wget'] },
];

/**
 * Whether a container may have programs that its image lacks: what it starts may install or unpack them, or they are mounted.
 * @param folders where something is mounted; `null`: it is not known where
 */
export function mayBringPrograms(words: readonly string[], folders: readonly (string | null)[]): boolean {
  return (
    words.some(word => /\b(?:apk|apt|apt-get)\b|\.sh\b|\//.test(word)) ||
    folders.some(folder => folder === null || /^\/(?:usr|s?bin|opt)?(?:\/|$)/.test(folder))
  );
}

/** Whether an image is known to lack a program, by its own files or else by what is known of its name. */
export function lacksProgram(reference: ImageReference, facts: ImageFacts | null, program: string): boolean {
  const brings = bringsProgram(facts, program);
  if (brings !== null) return !brings;
  const profile = findImageProfile(reference);
  const tag = reference.tag ?? 'latest';
  if (profile?.shell === 'none' && /^(?:ba)?sh$/.test(program)) return true;
  const rows = leftOut.filter(({ image, tag: tags }) => profile !== null && image.test(profile.name) && tags.test(tag));
  return rows.some(({ programs }) => programs.includes(program));
}
