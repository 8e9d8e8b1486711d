import type { AttestedImage } from './attestations';
import type { ImageFacts } from '../../knowledge/image-facts';
import type { FileFact, ImageFiles, Owner, StartedFile } from '../../knowledge/image-files';
import { maskAlone } from '../../output/report/gate';
import { joined, masked, plain, type MaskedText } from '../../output/report/masked-text';
import { plural } from '../../output/report/summary';

// What the files of an image say, in reports.

/** The level of a fact of files: what was served in part hashes to nothing, and for a tag the registry has the word. */
function levelOf({ level }: Pick<ImageFacts, 'level'>, { whole }: FileFact<unknown>): ImageFacts['level'] {
  return level === 'verified' && !whole ? 'as-served' : level;
}

const uncertain = (doubt: string): MaskedText => masked`uncertain: ${maskAlone(doubt)}`;

/** A row: what was found, that it is not there, or why it may be otherwise; and its level, where that is not the image's. */
function row<T>(
  facts: ImageFacts,
  name: MaskedText,
  fact: FileFact<T | null>,
  show: (value: T) => MaskedText,
): readonly [MaskedText, MaskedText] {
  const level = levelOf(facts, fact) === facts.level ? plain('') : plain(' (as served)');
  const value = fact.value === null ? plain('none') : show(fact.value);
  if (fact.doubt === null) return [name, masked`${value}${level}`];
  return [name, fact.value === null ? uncertain(fact.doubt) : masked`${value} (${uncertain(fact.doubt)})`];
}

const ownerText = ({ uid, gid, mode, isFolder }: Owner): MaskedText =>
  masked`${uid}:${gid} ${maskAlone(mode.toString(8).padStart(4, '0'))}${isFolder ? plain('') : plain(', not a directory')}`;

function startedText({ path, owner, capabilities, script }: StartedFile): MaskedText {
  const parts: MaskedText[] = [maskAlone(path)];
  if ((owner.mode & 0o6000) !== 0)
    parts.push(masked`set${plain((owner.mode & 0o4000) !== 0 ? 'uid' : 'gid')}, owner ${owner.uid}:${owner.gid}`);
  if (capabilities === null) parts.push(plain('unreadable capabilities'));
  else if (capabilities.length > 0) parts.push(maskAlone(capabilities.join(' ')));
  if (script) {
    parts.push(masked`${maskAlone(script.interpreter)} script`);
    if (script.drops) parts.push(plain('switches to another user'));
  }
  return joined(parts, ', ');
}

/** The rows of a report for people. */
export function fileRows(facts: ImageFacts, files: ImageFiles): readonly (readonly [MaskedText, MaskedText])[] {
  const { account, system, paths, programs, starts, read } = files;
  const list = Object.entries(programs);
  const has = (test: (fact: FileFact<string | null>) => boolean): MaskedText =>
    maskAlone(list.flatMap(([name, fact]) => (test(fact) ? [name] : [])).join(', '));
  return [
    row(
      facts,
      plain('runs as'),
      account,
      ({ uid, gid, home, shell }) => masked`${uid}:${gid}, home ${maskAlone(home ?? 'none')}, shell ${maskAlone(shell ?? 'none')}`,
    ),
    row(facts, plain('system'), system, ({ name }) => maskAlone(name)),
    ...starts.map(fact => row(facts, masked`starts`, fact, startedText)),
    ...Object.entries(paths).map(([path, fact]) => row(facts, maskAlone(path), fact, ownerText)),
    [plain('has'), has(({ value, doubt }) => value !== null && doubt === null)],
    [plain('does not have'), has(({ value, doubt }) => value === null && doubt === null)],
    [plain('not known'), has(({ doubt }) => doubt !== null)],
    [
      plain('layers'),
      masked`${plural(read.bytes, 'byte')} of ${plural(read.layers, 'layer')} read${read.problem === null ? plain('') : masked`: ${maskAlone(read.problem)}`}`,
    ],
  ];
}

/** The same for programs. */
export function filesJson(facts: ImageFacts, { account, users, system, paths, programs, starts, read }: ImageFiles) {
  const json = <T, J>(fact: FileFact<T | null>, show: (value: T) => J) => ({
    value: fact.value === null ? null : show(fact.value),
    level: levelOf(facts, fact),
    uncertain: fact.doubt === null ? null : maskAlone(fact.doubt),
  });
  const text = (value: string | null): MaskedText | null => (value === null ? null : maskAlone(value));
  const ownerJson = ({ uid, gid, mode, isFolder }: Owner) => ({ uid, gid, mode: maskAlone(mode.toString(8).padStart(4, '0')), isFolder });
  return {
    account: json(account, ({ uid, gid, home, shell }) => ({ uid, gid, home: text(home), shell: text(shell) })),
    users: json(users, list => list.map(({ name, uid, gid }) => ({ name: maskAlone(name), uid, gid }))),
    system: json(system, ({ id, version, name }) => ({ id: maskAlone(id), version: maskAlone(version), name: maskAlone(name) })),
    paths: Object.entries(paths).map(([path, fact]) => ({ path: maskAlone(path), ...json(fact, ownerJson) })),
    programs: Object.entries(programs).map(([name, fact]) => ({ name: maskAlone(name), ...json(fact, path => maskAlone(path)) })),
    starts: starts.map(fact => ({
      word: maskAlone(fact.word),
      ...json(fact, ({ path, owner, capabilities, script }) => ({
        path: maskAlone(path),
        owner: ownerJson(owner),
        capabilities: capabilities && capabilities.map(name => maskAlone(name)),
        script: script && { interpreter: maskAlone(script.interpreter), dropsPrivileges: script.drops },
      })),
    })),
    read: { bytes: read.bytes, layers: read.layers, problem: text(read.problem) },
  };
}

/** What attestations claim, as rows. */
export function attestedRows({
  bases,
  source,
  platform,
  packages,
  system,
  problems,
}: AttestedImage): readonly (readonly [MaskedText, MaskedText])[] {
  return [
    ...bases.map(
      ({ name, digest }) => [plain('base image (claimed by attestation)'), maskAlone([name, digest ?? ''].join(' ').trim())] as const,
    ),
    [plain('source (claimed by attestation)'), maskAlone(source ?? '')],
    [plain('platform (claimed by attestation)'), maskAlone(platform ?? '')],
    [
      plain('packages (claimed by attestation)'),
      packages === null ? plain('') : masked`${packages}${system === null ? plain('') : masked`, ${maskAlone(system)}`}`,
    ],
    [
      plain('attestations'),
      problems.length > 0 ? maskAlone(problems.join('; ')) : plain(isEmpty({ bases, source, platform, packages }) ? 'none' : ''),
    ],
  ];
}

const isEmpty = ({ bases, source, platform, packages }: Pick<AttestedImage, 'bases' | 'source' | 'platform' | 'packages'>): boolean =>
  bases.length === 0 && source === null && platform === null && packages === null;

/** The same for programs. */
export function attestedJson({ bases, source, platform, packages, system, problems }: AttestedImage) {
  const text = (value: string | null): MaskedText | null => (value === null ? null : maskAlone(value));
  return {
    bases: bases.map(({ name, digest }) => ({ name: maskAlone(name), digest: text(digest) })),
    source: text(source),
    platform: text(platform),
    packages,
    system: text(system),
    problems: problems.map(problem => maskAlone(problem)),
  };
}
