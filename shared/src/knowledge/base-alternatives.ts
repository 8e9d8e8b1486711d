import type { ImageReference } from '../syntax/image/reference';
import { knownName } from './image-profiles';
import { tagTokens } from './os-families';

/** What an image lacks that a fuller one has. `tools`: compilers, headers, git, curl; `shell`: the package manager too. */
export type Omission = 'tools' | 'shell' | 'compiler';

/** An image that does the same with less in it. */
export interface Alternative {
  readonly image: string;
  readonly losses: readonly Omission[];
}

/** What smaller images there are. `distroless` by the major version. */
interface Facts {
  /** What follows the tag of the smaller variant. */
  readonly suffix?: string;
  /** Whether there is an image of the same version on Alpine. */
  readonly alpine?: true;
  readonly distroless?: Readonly<Record<string, string>>;
  /** Other images, in the order of preference; `{version}` is the first token of the tag, `{java}` the release of Java that it names. */
  readonly images?: readonly (readonly [image: string, ...losses: Omission[]])[];
}

const staticImage = ['gcr.io/distroless/static-debian13:nonroot', 'compiler', 'shell'] as const;
const java = { '17': 'java17-debian13', '21': 'java21-debian13', '25': 'java25-debian13' };
const jre: Facts = { distroless: java, images: [['eclipse-temurin:{version}-jre', 'compiler']] };

const byName: Readonly<Record<string, Facts>> = {
  node: { suffix: '-slim', alpine: true, distroless: { '22': 'nodejs22-debian13', '24': 'nodejs24-debian13', '26': 'nodejs26-debian13' } },
  python: { suffix: '-slim', alpine: true, distroless: { '3.13': 'python3-debian13' } },
  ruby: { suffix: '-slim', alpine: true },
  perl: { suffix: '-slim' },
  debian: { suffix: '-slim' },
  golang: { images: [staticImage, ['scratch', 'compiler', 'shell']] },
  rust: {
    images: [
      ['gcr.io/distroless/cc-debian13:nonroot', 'compiler', 'shell'],
      ['debian:13-slim', 'compiler'],
    ],
  },
  gcc: {
    images: [
      ['gcr.io/distroless/cc-debian13:nonroot', 'compiler', 'shell'],
      ['debian:13-slim', 'compiler'],
    ],
  },
  maven: { images: [['eclipse-temurin:{java}-jre', 'compiler']] },
  gradle: { images: [['eclipse-temurin:{java}-jre', 'compiler']] },
  openjdk: jre,
  'eclipse-temurin': jre,
  rockylinux: { suffix: '-minimal' },
  'rockylinux/rockylinux': { suffix: '-minimal' },
  almalinux: { suffix: '-minimal' },
  oraclelinux: { suffix: '-slim' },
  'mcr.microsoft.com/dotnet/sdk': { images: [['mcr.microsoft.com/dotnet/aspnet:{version}', 'compiler']] },
  'mcr.microsoft.com/dotnet/aspnet': { images: [['mcr.microsoft.com/dotnet/aspnet:{version}-noble-chiseled', 'shell']] },
  'mcr.microsoft.com/dotnet/runtime': { images: [['mcr.microsoft.com/dotnet/runtime:{version}-noble-chiseled', 'shell']] },
  'denoland/deno': { images: [['denoland/deno:distroless-{version}', 'shell']] },
  'oven/bun': { suffix: '-slim', images: [['oven/bun:{version}-distroless', 'shell']] },
};

/** Tokens of tags that are slim already, hold no more than they say, or are another system. */
const small = new Set(
  'slim alpine distroless chiseled minimal micro jre headless musl busybox bin nonroot nanoserver windowsservercore extra composite azurelinux'.split(
    ' ',
  ),
);
/** .NET has chiseled images on Ubuntu 24.04 for these. */
const chiseled = /^(?:8|9|10)\.0/;

/**
 * Smaller images that do what an image does in a final stage, best first; none where it is small already, has no version, or nothing is known.
 * `installs`: the stage installs packages of the system, so that it cannot grow on an image without a package manager.
 */
export function baseAlternatives(reference: ImageReference, installs: boolean): readonly Alternative[] {
  const name = knownName(reference);
  const facts = Object.hasOwn(byName, name) ? byName[name]! : null;
  const { tag } = reference;
  if (facts === null || tag === null || tagTokens(tag).some(token => small.has(token) || token.endsWith('slim'))) return [];
  const version = tag.split('-')[0]!;
  const places: Readonly<Record<string, string>> = {
    version: /^\d/.test(version) ? version : '',
    java: /(?:temurin|corretto|jdk)-?(\d+)/.exec(tag)?.[1] ?? '',
  };
  const found: Alternative[] = [];
  const add = (image: string, losses: readonly Omission[]): void => {
    if (losses.includes('compiler') || !installs || !losses.includes('shell')) found.push({ image, losses });
  };
  const written = (reference.registry === null ? '' : `${reference.registry}/`) + reference.repository;
  if (facts.suffix !== undefined && tag !== 'latest') add(`${written}:${tag}${facts.suffix}`, ['tools']);
  for (const [image, ...losses] of facts.images ?? []) {
    const place = /\{(\w+)\}/.exec(image);
    if ((place && places[place[1]!] === '') || (image.includes('chiseled') && !chiseled.test(version))) continue;
    add(place ? image.replace(place[0], places[place[1]!]!) : image, losses);
  }
  if (facts.alpine && !installs && /^\d[\d.]*(?:-(?:trixie|bookworm|bullseye))?$/.test(tag)) add(`${written}:${version}-alpine`, ['tools']);
  const major = Object.keys(facts.distroless ?? {}).find(key => version === key || version.startsWith(`${key}.`));
  if (major !== undefined) add(`gcr.io/distroless/${facts.distroless![major]!}:nonroot`, ['shell']);
  return found;
}
