import { changedText, type ImageChange } from '../syntax/image/changes';
import { range } from '../base/text/range';
import type { ImageReference } from '../syntax/image/reference';
import { findRelease, hasEnded, productOf, type Cycle, type Product, type Release } from './end-of-life';
import data from './data/end-of-life.json';
import { findDeprecatedImage, knownName } from './image-profiles';

/** A supported release that an image can be moved to. */
export interface Upgrade {
  /** The reference as it would be, without a digest. */
  readonly text: string;
  /** What changes in the reference's text: ranges in it, in order, none within another. */
  readonly changes: readonly ImageChange[];
  /** The last day of support (ISO date); `null` where none is named. */
  readonly until: string | null;
  /** Whether the image keeps data in a form of its release, which a person has to move. */
  readonly migrates: boolean;
}

/**
 * Official images without a tag for each release line (`elasticsearch:9.5`), or whose lines are named in another way. The others have one: the
 * guidelines of docker-library/official-images ask for an alias of each.
 */
const withoutLineTags = new Set([
  'elasticsearch',
  'kibana',
  'logstash',
  'spark',
  'sonarqube',
  'plone',
  'openjdk',
  'adoptopenjdk',
  'centos',
]);
/** Other images that have such tags, by their publishers' lists of tags. */
const withLineTags = new Set([
  'mcr.microsoft.com/dotnet/sdk',
  'mcr.microsoft.com/dotnet/aspnet',
  'mcr.microsoft.com/dotnet/runtime',
  'mcr.microsoft.com/dotnet/runtime-deps',
  'public.ecr.aws/amazonlinux/amazonlinux',
  'public.ecr.aws/amazoncorretto/amazoncorretto',
  'quay.io/fedora/fedora',
  'registry.fedoraproject.org/fedora',
  'rockylinux/rockylinux',
  'nginxinc/nginx-unprivileged',
  'bitnami/minideb',
]);

/** Whether a tag for a line is known: its own, or the one of its newest release. */
function hasTag(name: string, [, , exact]: Cycle): boolean {
  return exact !== undefined || withLineTags.has(name) || (!name.includes('/') && !withoutLineTags.has(name));
}

/** What keeps data in a form of its release: to move it is a migration beside the edit. */
const keepsData = new Set([
  ...['postgresql', 'mysql', 'mariadb', 'mongodb', 'redis', 'valkey', 'apache-cassandra', 'influxdb', 'neo4j', 'apache-couchdb'],
  ...['couchbase-server', 'clickhouse', 'solr', 'elasticsearch', 'cockroachdb', 'arangodb', 'rabbitmq', 'zookeeper'],
  ...['wordpress', 'drupal', 'joomla', 'nextcloud', 'mediawiki', 'redmine', 'matomo'],
]);
/** Official images whose newer releases are published under another name. */
const movedNames = new Set(['rockylinux']);
const isWindows = /windows|nanoserver|ltsc/i;
/** Java on Docker Hub that gets no more builds. */
const javaImages = new Set(['openjdk', 'java', 'adoptopenjdk']);

const codenames = new Map(
  Object.entries(data.osTokens as unknown as Readonly<Record<string, readonly [string, string]>>).flatMap(([token, [product, cycle]]) =>
    token.endsWith('stable') ? [] : [[`${product} ${cycle}`, token] as const],
  ),
);
/** What is in front of the version in a token that names an operating system, for those whose releases follow each other under one name. */
const versioned = /^(alpine|ubuntu|debian|ubi|oraclelinux|al)(?=\d)/;

/** How a release's place in a reference reads for another cycle; `null` where the names do not tell. */
function tokenFor({ id }: Release, token: string, [cycle, , exact]: Cycle): string | null {
  if (exact !== undefined) return exact;
  const text = token.toLowerCase();
  const prefix = versioned.exec(text)?.[1];
  if (prefix !== undefined) return `${prefix}${cycle}`;
  if (/^v?\d/.test(text)) return `${text.startsWith('v') ? 'v' : ''}${id === 'dotnet' && !cycle.includes('.') ? `${cycle}.0` : cycle}`;
  return codenames.get(`${id} ${cycle}`) ?? null;
}

/** Nobody moves to a release for a shorter time, in days. */
const shortest = 90;

function daysLater(day: string, days: number): string {
  const time = Date.parse(day) + days * 86_400_000;
  return Number.isNaN(time) ? day : new Date(time).toISOString().slice(0, 10);
}

/** The releases of a product that have a good time of support left, by product, on the day that was asked about last: each image asks. */
let lastingOn: { readonly day: string; readonly of: Map<Product, readonly Cycle[]> } = { day: '', of: new Map() };

function lastingOf(product: Product, today: string): readonly Cycle[] {
  if (lastingOn.day !== today) lastingOn = { day: today, of: new Map() };
  let lasting = lastingOn.of.get(product);
  if (!lasting) {
    const day = daysLater(today, shortest);
    lasting = product.cycles.filter(cycle => !hasEnded(cycle, day));
    lastingOn.of.set(product, lasting);
  }
  return lasting;
}

/** The supported releases that come after one, the nearest first; the newest where none does. What ends soon is left out, but for the last. */
function choicesOf({ product, cycle }: Release, today: string): readonly Cycle[] {
  const lasting = lastingOf(product, today);
  const supported = lasting.length > 0 ? lasting : product.cycles.filter(other => !hasEnded(other, today));
  const at = product.cycles.indexOf(cycle);
  const after = supported.filter(other => product.cycles.indexOf(other) < at).reverse();
  return after.length > 0 ? after : supported.slice(0, 1);
}

/**
 * The supported releases that an image past its end of life can be moved to on a day (ISO date): the nearest, and the newest. What else the tag
 * says stays, but for an operating system that has ended, too. Empty where the names of the image's tags do not tell.
 * @param text the reference's text
 */
export function upgradesOf(reference: ImageReference, text: string, today: string): readonly Upgrade[] {
  const name = knownName(reference);
  if (javaImages.has(name)) return temurin(reference, text, name, today);
  // another release of what nobody maintains is none
  if (findDeprecatedImage(reference)) return [];
  const { ended, all } = findRelease(reference, today);
  const isUbi = ended?.id === 'rhel' && reference.ranges.repository.end >= ended.range.end;
  if (!ended) return [];
  const { tag } = reference;
  // which release of Windows goes with which release of a product changes with each
  if (tag !== null && isWindows.test(tag)) return [];
  // a snapshot of a day has no counterpart in another release; nor has a version, where the repository names the release
  if (isUbi ? tag !== null && tag !== 'latest' : tag === null || /(?:^|[-.])\d{6,}/.test(tag)) return [];
  const { digest } = reference.ranges;
  const choices = choicesOf(ended, today).filter(choice => isUbi || hasTag(name, choice));
  return [...new Set([choices[0], choices.at(-1)])].flatMap((choice): Upgrade[] => {
    const changes = choice ? changesTo(ended, choice, all, text, today) : null;
    if (!choice || !changes) return [];
    const moved = changedText(digest ? text.slice(0, digest.start - 1) : text, changes);
    return [{ text: moved, changes, until: lastDay(choice), migrates: ended.part === 'product' && keepsData.has(ended.id) }];
  });
}

/**
 * The newest release with a good time of support left on a day (ISO date), in place of `latest` or of no tag; `null` where it is not known, or its
 * tag is not, and for what keeps data: the release that wrote them is not in the file.
 * @param text the reference's text, without a digest
 */
export function newestRelease(reference: ImageReference, text: string, today: string): Upgrade | null {
  const name = knownName(reference);
  const found = productOf(name);
  if (!found || keepsData.has(found.id) || movedNames.has(name) || findDeprecatedImage(reference)) return null;
  const { id, product } = found;
  // where `latest` of Ubuntu leads
  const cycle = lastingOf(product, today).find(([line]) => id !== 'ubuntu' || /[02468]\.04$/.test(line));
  const { tag, name: place } = reference.ranges;
  if (!cycle || !hasTag(name, cycle) || isWindows.test(text)) return null;
  const [, , exact] = cycle;
  const line = exact ?? (id === 'dotnet' && !cycle[0].includes('.') ? `${cycle[0]}.0` : cycle[0]);
  const changes = [tag ? { range: tag, text: line } : { range: place, text: `${text.slice(place.start, place.end)}:${line}` }];
  return { text: changedText(text, changes), changes, until: lastDay(cycle), migrates: false };
}

/**
 * Images of Java that are given up, as Eclipse Temurin: its tags are `21-jdk`, `21-jre` and either with `-alpine`, and on Ubuntu where they say
 * nothing, so that other words of the old tag (`slim`, `buster`) go.
 */
function temurin(reference: ImageReference, text: string, name: string, today: string): readonly Upgrade[] {
  const { tag, ranges, digest } = reference;
  const words = tag?.toLowerCase().split('-') ?? [];
  const version = /^\d+/.exec(words[0] ?? '')?.[0];
  if (!version || digest !== null || !ranges.tag || isWindows.test(text)) return [];
  const { cycles } = data.products['eclipse-temurin'] as unknown as Product;
  const supported = cycles.filter(cycle => !hasEnded(cycle, today)).reverse();
  const choice = supported.find(([cycle]) => Number(cycle) >= Number(version));
  if (!choice) return [];
  const kind = words.includes('jre') ? 'jre' : 'jdk';
  const tagged = `eclipse-temurin:${choice[0]}-${kind}${words.some(word => word.startsWith('alpine')) ? '-alpine' : ''}`;
  const start = ranges.repository.end - name.length;
  const changes = [{ range: range(start, ranges.tag.end), text: tagged }];
  return [{ text: changedText(text, changes), changes, until: lastDay(choice), migrates: false }];
}

/** The last day of a line's support, where one is named. */
function lastDay([, end]: Cycle): string | null {
  return typeof end === 'string' ? end : null;
}

/** The changes that move a release to another cycle, and the operating system with it; `null` where a name is not known. */
function changesTo(ended: Release, choice: Cycle, all: readonly Release[], text: string, today: string): Upgrade['changes'] | null {
  const changes: ImageChange[] = [];
  for (const release of all) {
    const { start, end } = release.range;
    const token = text.slice(start, end);
    let other: string | null = token;
    if (release === ended) other = tokenFor(release, token, choice);
    // images of another release of the product come with the Alpine of their time
    else if (release.id === 'alpine-linux') other = 'alpine';
    else if (hasEnded(release.cycle, today)) other = tokenFor(release, token, choicesOf(release, today)[0] ?? ['', true]);
    if (other === null) return null;
    if (other !== token) changes.push({ range: range(start, end), text: other });
  }
  return changes.length > 0 ? changes.sort((a, b) => a.range.start - b.range.start) : null;
}
