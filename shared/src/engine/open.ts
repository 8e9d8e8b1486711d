import { configFileName } from './config/types';
import type { NetworkPart } from '../families/family/network';
import type { Choice, NameLink, OutlineItem } from '../families/family/outline';
import type { Part } from '../families/family/part';
import type { Snippet } from '../rule/fix/types';
import type { TrialPlace } from '../knowledge/trials';
import type { Effective } from '../evidence/effective';
import type { EffectiveUser } from '../families/family/users';
import type { Convertible, Coverage, Family, Piece, YamlFamily, YamlPiece } from '../families/family/types';
import type { ImagePlace } from '../syntax/image/places';
import { claimOf, stemOf } from '../families/detect';
import { headOf } from '../workspace/source/head';
import { baseName, kindOfName } from '../workspace/source/names';
import type { Dialect, Source } from '../workspace/source/types';
import { programFacts } from '../evidence/program/program-facts';
import { textFacts } from '../evidence/program/text-facts';
import { textBuildFacts, yamlBuildFacts } from '../workspace/build-facts';
import { unreadFacts } from '../workspace/fact-kind';
import { isPeerSettings, peerSettingFacts } from '../workspace/peer-settings';
import { shift } from '../base/text/range';
import type { FileFacts, WorkspaceIndex } from '../workspace/types';
import type { DocumentCache } from '../syntax/yaml/document-cache';
import { parseStream } from '../syntax/yaml/parse';
import type { InputFile, LintContext } from './types';

/** A piece of a file with the family that reads it; `isGuest`: in a document that another family owns, whose piece stands before it. */
export type OwnedPiece = { readonly isGuest?: true } & (
  { readonly family: YamlFamily; readonly piece: YamlPiece } | { readonly family: Exclude<Family, YamlFamily>; readonly piece: Piece }
);

/** What reading a file takes from its engine. */
export interface Reading {
  readonly families: readonly Family[];
  /** The families whose rules run. */
  readonly checked: ReadonlySet<string>;
  readonly documents: DocumentCache;
}

/** Which pieces of a YAML stream are asked for; all of them where nothing is said. */
export type WantedPieces = Parameters<typeof parseStream>[2];

/** The pieces of a file, in order, each with its family; none where the file is of no family. */
export function readPieces({ path, text }: InputFile, source: Source, reading: Reading, wanted?: WantedPieces): readonly OwnedPiece[] {
  const family = reading.families.find(({ id }) => id === source.family);
  if (!family) return [];
  if (family.language !== 'yaml') {
    const piece = { path, fileText: text, base: 0, index: 0, dialect: source.dialect, document: null, memo: new Map() };
    return [{ family, piece }];
  }
  const yaml = reading.families.filter(f => f.language === 'yaml');
  const hasOthers = yaml.some(f => f !== family && reading.checked.has(f.id));
  const guests = reading.families.filter(f => f.isGuest !== undefined && reading.checked.has(f.id));
  const pieces: OwnedPiece[] = [];
  const add = (owner: YamlFamily, document: YamlPiece['document'], base: number, dialect: Dialect): void => {
    const piece = { path, fileText: text, base, index: pieces.length, dialect, document, memo: new Map() };
    pieces.push({ family: owner, piece });
    for (const guest of guests) {
      if (guest === owner || !guest.isGuest?.(piece, owner.id)) continue;
      const own = { ...piece, index: pieces.length, memo: new Map<unknown, unknown>() };
      pieces.push(guest.language === 'yaml' ? { family: guest, piece: own, isGuest: true } : { family: guest, piece: own, isGuest: true });
    }
    for (const { start, end } of owner.embedded?.(piece) ?? []) {
      for (const inner of parseStream(document.text.slice(start, end), reading.documents))
        add(owner, inner.document, base + start + inner.base, owner.embeddedDialect?.(inner.document, dialect) ?? dialect);
    }
  };
  for (const { document, base } of parseStream(text, reading.documents, wanted)) {
    // A stream may hold documents of several families. One whose own family has no rules goes with the rest of the file.
    const other = hasOthers
      ? claimOf(yaml, { head: headOf(document), content: () => document.root, path, stem: stemOf(path), text })
      : null;
    if (other && other.family !== family && reading.checked.has(other.family.id)) add(other.family, document, base, other.claim.dialect);
    else add(family, document, base, source.dialect);
  }
  return pieces;
}

/** The parts of pieces, as the configuration has them read. */
export function readParts(pieces: readonly OwnedPiece[], podPaths?: Dialect['podPaths']): readonly Part[] {
  const parts: Part[] = [];
  for (const owned of pieces) {
    const part = partOf(owned, podPaths);
    const host = owned.isGuest ? parts.findLast(({ base, host: own }) => base === owned.piece.base && !own) : undefined;
    parts.push(host ? { ...part, host } : part);
  }
  return parts;
}

function partOf(owned: OwnedPiece, podPaths: Dialect['podPaths']): Part {
  if (owned.family.language !== 'yaml') return owned.family.part(owned.piece);
  const piece = owned.piece as YamlPiece;
  return owned.family.part(podPaths ? { ...piece, dialect: { ...piece.dialect, podPaths } } : piece);
}

/** The facts of a file of any family, and the builds that files of none tell of. */
export function readFacts({ path, text }: InputFile, source: Source, pieces: readonly OwnedPiece[], documents: DocumentCache): FileFacts {
  if (pieces.length > 0) {
    const lists = pieces.map((owned): FileFacts => {
      if (owned.family.language !== 'yaml') return owned.family.facts(owned.piece);
      const piece = owned.piece as YamlPiece;
      const facts = owned.family.facts(piece);
      return piece.document.shortfalls && !owned.isGuest ? [...facts, ...unreadFacts(path, piece.base)] : facts;
    });
    return lists.length === 1 ? lists[0]! : lists.flat();
  }
  if (source.family !== 'none') return [];
  if (kindOfName(baseName(path)).kind !== 'yaml') return textFacts(text, path);
  if (isPeerSettings(path)) return parseStream(text, documents).flatMap(({ document, base }) => peerSettingFacts(document, path, base));
  const builds = baseName(path) === configFileName || /^apiVersion:[ \t]*["']?skaffold\//m.test(text.slice(0, 4000));
  // any other may configure what an image starts
  return builds
    ? parseStream(text, documents).flatMap(({ document, base }) => yamlBuildFacts(document, path, base))
    : [...programFacts(text, path), ...textBuildFacts(text, path)];
}

/** The images that pieces name, each place once: an anchor may be used in several. */
export function readImages(pieces: readonly OwnedPiece[]): readonly ImagePlace[] {
  const seen = new Set<number>();
  return pieces
    .flatMap(owned => (owned.family.language === 'yaml' ? owned.family.images(owned.piece as YamlPiece) : owned.family.images(owned.piece)))
    .filter(place => !seen.has(place.range.start) && seen.add(place.range.start));
}

/** Which images and workloads of the workspace the policies of pieces cover, in the places of the file. */
export function readCoverage(pieces: readonly OwnedPiece[], workspace: WorkspaceIndex): readonly Coverage[] {
  return pieces.flatMap(({ family, piece }) => {
    const found = family.language === 'yaml' ? (family.coverage?.(piece as YamlPiece, workspace) ?? []) : [];
    return found.map(each => ({ ...each, places: each.places.map(place => shift(place, piece.base)) }));
  });
}

/** What of pieces can be turned into another thing, in the places of the file. */
export function readConvertibles(pieces: readonly OwnedPiece[]): readonly Convertible[] {
  return pieces.flatMap(owned => {
    const found =
      owned.family.language === 'yaml'
        ? (owned.family.convertibles?.(owned.piece as YamlPiece) ?? [])
        : (owned.family.convertibles?.(owned.piece) ?? []);
    return found.map(each => ({ ...each, range: shift(each.range, owned.piece.base) }));
  });
}

/** What people look for in pieces by its name, in the places of the file. */
export function readOutline(pieces: readonly OwnedPiece[]): readonly OutlineItem[] {
  const moved = (item: OutlineItem, base: number): OutlineItem => ({
    ...item,
    range: shift(item.range, base),
    named: shift(item.named, base),
    children: item.children.map(child => moved(child, base)),
  });
  return pieces.flatMap(({ family, piece }) => {
    const found = family.language === 'yaml' ? family.outline?.(piece as YamlPiece) : family.outline?.(piece);
    return (found ?? []).map(item => moved(item, piece.base));
  });
}

/** What may be written at an offset of the file. */
export function readChoices(pieces: readonly OwnedPiece[], offset: number, workspace: WorkspaceIndex): readonly Choice[] {
  return pieces.flatMap(({ family, piece }) => {
    const at = offset - piece.base;
    const found = family.language === 'yaml' ? family.choices?.(piece as YamlPiece, at, workspace) : family.choices?.(piece, at, workspace);
    return (found ?? []).map(choice => ({ ...choice, range: shift(choice.range, piece.base) }));
  });
}

/** The places in pieces that name something that is defined elsewhere, in the places of the file. */
export function readLinks(pieces: readonly OwnedPiece[], workspace: WorkspaceIndex): readonly NameLink[] {
  return pieces.flatMap(({ family, piece }) => {
    const found = family.language === 'yaml' ? family.links?.(piece as YamlPiece, workspace) : family.links?.(piece, workspace);
    return (found ?? []).map(link => ({
      ...link,
      range: shift(link.range, piece.base),
      // what is named with a path has its place in that file already
      target: link.path === undefined ? shift(link.target, piece.base) : link.target,
    }));
  });
}

/** What of pieces decides who speaks to whom, in the places of the file. */
export function readNetwork(pieces: readonly OwnedPiece[]): readonly NetworkPart[] {
  return pieces.flatMap(({ family, piece }) => {
    const found = family.language === 'yaml' ? (family.network?.(piece as YamlPiece) ?? []) : [];
    return found.map(each => ({ ...each, range: shift(each.range, piece.base) }));
  });
}

/** What to write elsewhere for the pieces of a family of YAML, by its id. */
export function readSnippets(pieces: readonly OwnedPiece[], id: string): readonly Snippet[] {
  const family = pieces.find(owned => owned.family.id === id)?.family;
  const all = pieces.flatMap(owned => (owned.family === family ? [owned.piece as YamlPiece] : []));
  return family?.language === 'yaml' ? (family.snippets?.(all) ?? []) : [];
}

/** What a trial run can be made of, in the places of the file. */
export function readTrials(parts: readonly Part[], workspace: WorkspaceIndex): readonly TrialPlace[] {
  return parts.flatMap(({ base, trials }) => (trials?.(workspace) ?? []).map(place => ({ ...place, range: shift(place.range, base) })));
}

/** What really runs, in the places of the file. */
export function readEffective(
  parts: readonly Part[],
  { workspace, config }: Pick<LintContext, 'workspace' | 'config'>,
): readonly Effective[] {
  return parts.flatMap(({ base, effective }) =>
    (effective?.(workspace, config.kubernetesMinor) ?? []).map(one => ({ ...one, range: shift(one.range, base) })),
  );
}

/** The users that what parts describe starts as, in the places of the file. */
export function readUsers(parts: readonly Part[], workspace: WorkspaceIndex): readonly EffectiveUser[] {
  return parts.flatMap(({ base, users }) => (users?.(workspace) ?? []).map(user => ({ ...user, range: shift(user.range, base) })));
}
