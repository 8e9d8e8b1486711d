import data from './data/image-profiles.json';

/** Families of operating systems inside images: what they share is package manager and tools. */
export type OsFamily = 'debian' | 'ubuntu' | 'alpine' | 'rhel-like' | 'photon' | 'wolfi' | 'distroless' | 'busybox' | 'scratch' | 'windows';

/** How a user is made. `useradd`: shadow's; `adduser`: BusyBox's; `none`: no tool is there, or needs none. */
export type UserTool = 'useradd' | 'adduser' | 'none';

/** What an operating system brings along. */
export interface OsFacts {
  readonly userTool: UserTool;
  /** Users that the family always has, with their UIDs. */
  readonly users: Readonly<Record<string, number>>;
}

const tools: Readonly<Record<OsFamily, UserTool>> = {
  debian: 'useradd',
  ubuntu: 'useradd',
  alpine: 'adduser',
  'rhel-like': 'useradd',
  photon: 'useradd',
  wolfi: 'adduser',
  distroless: 'none',
  busybox: 'adduser',
  scratch: 'none',
  windows: 'none',
};

const families = data.families as unknown as Readonly<Record<OsFamily, Pick<OsFacts, 'users'>>>;

/** What is known of a family. */
export function osFamilyFacts(family: OsFamily): OsFacts {
  return { ...families[family], userTool: tools[family] };
}

/**
 * The tokens of a tag: its parts between dashes, each also without the digits and dots behind a word (`alpine3.20` gives `alpine3.20` and
 * `alpine`).
 */
export function tagTokens(tag: string): string[] {
  const tokens: string[] = [];
  for (const token of tag.toLowerCase().split('-')) {
    tokens.push(token);
    const word = /^[a-z]+(?=\d)/.exec(token)?.[0];
    if (word !== undefined && /^[\d.]+$/.test(token.slice(word.length))) tokens.push(word);
  }
  return tokens;
}

const debianNames = 'jessie stretch buster bullseye bookworm trixie forky sid'.split(' ');
const ubuntuNames = 'trusty xenial bionic focal jammy kinetic lunar mantic noble oracular plucky questing resolute'.split(' ');

const words: ReadonlyMap<string, OsFamily> = new Map<string, OsFamily>([
  ['alpine', 'alpine'],
  ['debian', 'debian'],
  ['ubuntu', 'ubuntu'],
  ['ubi', 'rhel-like'],
  ['ubi8', 'rhel-like'],
  ['ubi9', 'rhel-like'],
  ['ubi10', 'rhel-like'],
  ['oraclelinux', 'rhel-like'],
  ['al2', 'rhel-like'],
  ['al2023', 'rhel-like'],
  ['fedora', 'rhel-like'],
  ['rockylinux', 'rhel-like'],
  ['almalinux', 'rhel-like'],
  ['azurelinux', 'rhel-like'],
  ['windowsservercore', 'windows'],
  ['nanoserver', 'windows'],
  ['distroless', 'distroless'],
  ['chiseled', 'distroless'],
  ...debianNames.map(name => [name, 'debian'] as const),
  ...ubuntuNames.map(name => [name, 'ubuntu'] as const),
]);

/** The family that a tag names (`3.12-slim-bookworm`: debian), with the token that says so; `null` where none does. */
export function osOfTag(tag: string): { readonly family: OsFamily; readonly token: string } | null {
  let found: { family: OsFamily; token: string } | null = null;
  for (const token of tagTokens(tag)) {
    const family = words.get(token);
    if (family === 'windows' || family === 'distroless') return { family, token };
    if (family !== undefined) found ??= { family, token };
  }
  return found;
}
