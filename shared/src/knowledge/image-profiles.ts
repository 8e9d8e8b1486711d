import { familiarName, parseImageReference, type ImageReference } from '../syntax/image/reference';
import data from './data/image-profiles.json';
import { osOfTag, tagTokens, type OsFamily } from './os-families';

/** A user of an image. `null` members are unknown. */
export interface ImageUser {
  readonly name: string | null;
  readonly uid: number | null;
  readonly gid: number | null;
  /** Whether the image's config names the user by number: only then can the kubelet verify `runAsNonRoot` without a `runAsUser`. */
  readonly numeric: boolean | null;
}

/** A path that the software writes to. */
export interface WritablePath {
  readonly path: string;
  /** Whether the image ships files there, which a mount would hide. */
  readonly hasContent: boolean;
  /** Whether the path is the software's default rather than something that was read in the image's sources. */
  readonly inferred: boolean;
}

/** An entry point that starts as root and goes on as another user. */
export interface PrivilegeDrop {
  readonly tool: string;
  readonly to: ImageUser;
  /** What it needs while it is root. */
  readonly capabilities: readonly string[];
}

/** A folder of data whose owner a server wants to be: in a fresh volume that is root, and fsGroup gives the group alone. */
export interface OwnedFolder {
  /** Where it is unless the variable says otherwise. */
  readonly paths: readonly string[];
  /** The variable that moves it; `null`: none. */
  readonly variable: string | null;
  /** Whether a mount above the folder is refused as well. */
  readonly below: boolean;
  /** Whether it goes wrong at the second start only, so that a volume that ends with the pod is no trouble. */
  readonly persistent: boolean;
  /** What goes wrong, to be read behind `at PATH`. */
  readonly why: string;
}

/** How the image can run without root. `set-user`: with `runAsUser`; `app-decides`: a base or language image. */
export type NonRoot = 'already' | 'set-user' | 'app-decides' | 'needs-root-or-replacement' | 'needs-replacement' | 'unknown';

/** What is known of an image, for one tag. */
export interface ImageProfile {
  /** The short name by which the profile is kept. */
  readonly name: string;
  /** `configured`: only its configuration is known, and neither what its program writes nor which capabilities it needs. */
  readonly kind: 'base' | 'runtime' | 'server' | 'tool' | 'configured';
  readonly os: OsFamily | null;
  /** `none` where the image has none, `null` where that is unknown. */
  readonly packageManager: string | null;
  /** `bash`, `sh`, `none`, or the path of a shell that stands elsewhere. */
  readonly shell: string | null;
  readonly defaultUser: ImageUser | null;
  readonly otherUsers: readonly ImageUser[];
  /** `80`, or `443/udp`. */
  readonly exposedPorts: readonly (number | string)[];
  readonly volumes: readonly string[];
  readonly writablePaths: readonly WritablePath[];
  readonly privilegeDrop: PrivilegeDrop | null;
  /** The folder of its data, where it has to own that; `null`: to write there is enough. */
  readonly ownsDataDir: OwnedFolder | null;
  /** What the image needs as long as it runs as root. */
  readonly rootCapabilities: readonly string[];
  /** Capabilities of its binaries: without them in the bounding set the binary does not start. */
  readonly fileCapabilities: readonly string[];
  readonly init: string | null;
  readonly entrypoint: readonly string[] | null;
  /** Images that do the same without root. */
  readonly unprivilegedReplacement: readonly string[];
  readonly nonRoot: NonRoot;
  /** The same in a pod, which can bring volumes for what it writes and open ports below 1024. */
  readonly nonRootInPod: NonRoot;
  /** The user to run as, where the sources name one; `uid: null`: any works, or unknown (see `nonRoot`). */
  readonly runAs: { readonly uid: number | null; readonly gid: number | null; readonly fsGroup: number | null };
  readonly portsBelow1024: readonly number[];
  readonly isDatabase: boolean;
  readonly isJvm: boolean;
}

/** An image that is no longer maintained, and what stands in for it. */
export interface DeprecatedImage {
  readonly name: string;
  readonly use: string | null;
}

interface RunAs {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly fsGroup?: number;
}

interface RawProfile {
  readonly names: readonly string[];
  readonly kind: ImageProfile['kind'];
  readonly os?: OsFamily;
  readonly tokens?: Readonly<Record<string, OsFamily>>;
  readonly packageManager?: string | Readonly<Record<string, string>>;
  readonly shell?: string | Readonly<Record<string, string>>;
  readonly user?: ImageUser;
  readonly userVariants?: Readonly<Record<string, ImageUser>>;
  readonly otherUsers?: readonly (ImageUser & { readonly onlyIn?: string })[];
  readonly ports?: readonly (number | string)[];
  readonly volumes?: readonly string[];
  readonly writable?: readonly (Partial<WritablePath> & {
    readonly path: string;
    /** A token of tags that do not have it. */ readonly unless?: string;
    /** The first version that has it. */ readonly since?: string;
  })[];
  readonly drop?: {
    readonly tool: string;
    readonly to: ImageUser;
    readonly capabilities?: readonly string[];
    readonly skipped?: boolean;
  };
  readonly ownsDataDir?: {
    readonly paths: readonly string[];
    readonly variable?: string;
    readonly below?: boolean;
    readonly persistent?: boolean;
    readonly why: string;
  };
  readonly rootCapabilities?: readonly string[];
  readonly fileCapabilities?: readonly string[];
  readonly init?: string;
  readonly entrypoint?: readonly string[];
  readonly replacements?: readonly string[];
  readonly hardening: RunAs & {
    readonly nonRoot: NonRoot;
    readonly inPod?: NonRoot;
    readonly portsBelow1024?: readonly number[];
  };
  readonly database?: boolean;
  readonly jvm?: boolean;
}

interface RawFile {
  readonly images: readonly RawProfile[];
  readonly deprecated: readonly DeprecatedImage[];
}

const { images, deprecated } = data as unknown as RawFile;

/** A name that holds for some tags only: those with all of these tokens. */
interface Pattern {
  readonly tokens: readonly string[];
  readonly profile: RawProfile;
}

const byName = new Map<string, RawProfile>();
const byTag = new Map<string, Pattern[]>();
for (const profile of images) {
  for (const name of profile.names) {
    const colon = name.indexOf(':');
    if (colon < 0) byName.set(name, profile);
    else {
      const key = name.slice(0, colon);
      const pattern = {
        tokens: name
          .slice(colon + 1)
          .split('-')
          .filter(token => token !== '*'),
        profile,
      };
      byTag.set(
        key,
        [...(byTag.get(key) ?? []), pattern].sort((a, b) => b.tokens.length - a.tokens.length),
      );
    }
  }
}

/** Registries that carry Docker Hub's official images under the same names. */
const mirrors =
  /^(?:public\.ecr\.aws\/docker|mirror\.gcr\.io|registry\.hub\.docker\.com|mcr\.microsoft\.com\/mirror\/docker)\/(?:library\/)?/;

/** The short name by which knowledge is kept: without tag, digest, Docker Hub's host and its mirrors. */
export function knownName(reference: ImageReference): string {
  return familiarName(reference)
    .replace(mirrors, '')
    .replace(/^(gcr\.io\/distroless\/.*)-debian\d+$/, '$1');
}

/** Takes a reference or its text; `null` for a text that is none. */
export function asReference(reference: ImageReference | string): ImageReference | null {
  if (typeof reference !== 'string') return reference;
  const parsed = parseImageReference(reference);
  return parsed.invalid === null ? parsed : null;
}

/** Profiles that were asked for, by name and tag: few images are in use, and each is asked for again and again. */
const found = new Map<string, ImageProfile | null>();
const mostFound = 1000;

/** What is known of an image; `null` where that is nothing. `scratch` has a profile too. */
export function findImageProfile(reference: ImageReference | string): ImageProfile | null {
  const image = asReference(reference);
  if (!image) return null;
  const name = knownName(image);
  const tag = image.tag ?? '';
  const key = `${name}:${tag}`;
  let profile = found.get(key);
  if (profile === undefined) {
    const tokens = tagTokens(tag);
    const pattern = byTag.get(name)?.find(({ tokens: wanted }) => wanted.every(token => tokens.includes(token)));
    const raw = pattern?.profile ?? byName.get(name);
    profile = raw ? resolveProfile(raw, name, tag, tokens) : null;
    if (found.size >= mostFound) found.clear();
    found.set(key, profile);
  }
  return profile;
}

/** Whether an image is no longer maintained; `null` where nothing says so. */
export function findDeprecatedImage(reference: ImageReference | string): DeprecatedImage | null {
  const image = asReference(reference);
  if (!image) return null;
  const name = familiarName(image);
  const isNewest = image.digest === null && (image.tag ?? 'latest') === 'latest';
  return deprecated.find(entry => matches(entry.name, name.replace(mirrors, '')) && !(isNewest && entry.name === builtAsLatest)) ?? null;
}

/** Of these images `latest` alone is built since August 2025, for some of them: bitnami/containers#83267. */
const builtAsLatest = 'bitnami/*';

function matches(pattern: string, name: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === name;
  const tail = pattern.slice(star + 1);
  return name.length >= pattern.length - 1 && name.startsWith(pattern.slice(0, star)) && name.endsWith(tail);
}

function osOf(raw: RawProfile, name: string, tag: string, tokens: readonly string[]): OsFamily | null {
  const keys = Object.keys(raw.tokens ?? {}).filter(
    key => key !== '*' && (tokens.includes(key) || (key.includes('-') && tag.includes(key))),
  );
  const found = keys.map(key => raw.tokens![key]!);
  if (found.includes('windows')) return 'windows';
  if (found.includes('distroless')) return 'distroless';
  // .NET's plain tags moved from Debian to Ubuntu with 10.0.
  if (found.length === 0 && name.startsWith('mcr.microsoft.com/dotnet/') && Number.parseInt(tag, 10) >= 10) return 'ubuntu';
  return found[0] ?? osOfTag(tag)?.family ?? raw.tokens?.['*'] ?? raw.os ?? null;
}

function pick(value: string | Readonly<Record<string, string>> | undefined, os: OsFamily | null, tokens: readonly string[]): string | null {
  if (value === undefined || typeof value === 'string') return value ?? null;
  const key = tokens.find(token => Object.hasOwn(value, token)) ?? (os !== null && Object.hasOwn(value, os) ? os : '*');
  return value[key] ?? null;
}

/**
 * The capabilities of a row, with what a tag adds. A master of PHP's process manager ends its workers, which are another user's, by signals: kill(2). Without
 * CAP_KILL it did not stop within 5 s, with it in 0.3 s; Apache, at the SIGWINCH of its images, stops without it in 1 s (2.4.71, prefork and event).
 */
const withTag = (capabilities: readonly string[] = [], tokens: readonly string[]): readonly string[] =>
  capabilities.length > 0 && tokens.includes('fpm') ? [...new Set([...capabilities, 'KILL'])].sort() : capabilities;

/** Whether a tag names a version in front of another; one that leaves it open, such as `latest` or `13`, may be that. */
function isBefore(tag: string, version: string): boolean {
  const [major, minor] = /^v?(\d+)(?:\.(\d+))?/.exec(tag)?.slice(1) ?? [];
  const [first, second] = version.split('.').map(Number) as [number, number];
  return major !== undefined && (Number(major) < first || (Number(major) === first && minor !== undefined && Number(minor) < second));
}

const laterUbuntu = new Set(['noble', 'oracular', 'plucky', 'questing', 'resolute', '24.04', '24.10', '25.04', '25.10', '26.04']);

function resolveProfile(raw: RawProfile, name: string, tag: string, tokens: readonly string[]): ImageProfile {
  const os = osOf(raw, name, tag, tokens);
  const has = (onlyIn: string | undefined): boolean =>
    onlyIn === undefined || onlyIn === os || (onlyIn === 'noble' && tokens.some(token => laterUbuntu.has(token)));
  const variant = tokens.find(token => raw.userVariants !== undefined && Object.hasOwn(raw.userVariants, token));
  const defaultUser = variant === undefined ? (raw.user ?? null) : raw.userVariants![variant]!;
  const { drop, hardening, otherUsers = [] } = raw;
  // of an application for Apache whose tag has PHP's process manager in its place
  const isManaged = tokens.includes('fpm') && !raw.names.some(each => each.includes('fpm'));
  /** The user of this name that images of this system have: its number may be another there. */
  const localUser = (name: string | null | undefined): ImageUser | undefined =>
    otherUsers.find(user => user.name === name && user.onlyIn !== undefined && has(user.onlyIn));
  const local = localUser(otherUsers.find(user => user.uid === hardening.runAsUser)?.name);
  const runAs: RunAs =
    local?.uid != null && local.gid !== null ? { runAsUser: local.uid, runAsGroup: local.gid, fsGroup: local.gid } : hardening;
  return {
    name: raw.names[0]!,
    kind: raw.kind,
    os,
    packageManager: os === 'windows' ? 'none' : pick(raw.packageManager, os, tokens),
    shell: os === 'windows' ? 'cmd' : pick(raw.shell, os, tokens),
    defaultUser: os === 'windows' ? null : defaultUser,
    otherUsers: os === 'windows' ? [] : otherUsers.filter(user => has(user.onlyIn)),
    exposedPorts: isManaged ? [9000] : (raw.ports ?? []),
    volumes: raw.volumes ?? [],
    writablePaths: (raw.writable ?? []).flatMap(({ path, hasContent = false, inferred = false, unless, since }) =>
      (unless !== undefined && tokens.includes(unless)) || (since !== undefined && isBefore(tag, since))
        ? []
        : { path, hasContent, inferred },
    ),
    privilegeDrop: drop
      ? {
          tool: isManaged ? drop.tool.replace(/apache2\b.*/, 'php-fpm pool user') : drop.tool,
          to: localUser(drop.to.name) ?? drop.to,
          capabilities: withTag(drop.capabilities, tokens),
        }
      : null,
    ownsDataDir: raw.ownsDataDir ? { variable: null, below: false, persistent: false, ...raw.ownsDataDir } : null,
    rootCapabilities: withTag(raw.rootCapabilities, tokens),
    fileCapabilities: raw.fileCapabilities ?? [],
    init: raw.init ?? null,
    entrypoint: raw.entrypoint ?? null,
    unprivilegedReplacement: raw.replacements ?? [],
    nonRoot: variant === undefined ? hardening.nonRoot : 'already',
    nonRootInPod: variant === undefined ? (hardening.inPod ?? hardening.nonRoot) : 'already',
    runAs:
      variant === undefined
        ? { uid: runAs.runAsUser ?? null, gid: runAs.runAsGroup ?? null, fsGroup: runAs.fsGroup ?? null }
        : { uid: defaultUser?.uid ?? null, gid: defaultUser?.gid ?? null, fsGroup: null },
    portsBelow1024: isManaged ? [] : (hardening.portsBelow1024 ?? []),
    isDatabase: raw.database ?? false,
    isJvm: raw.jvm ?? false,
  };
}
