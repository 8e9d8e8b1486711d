import type { CustomFace } from './custom';
import type { FindingGroup } from '../../rule/finding/group';
import type { Snippet } from '../../rule/fix/types';
import type { ImagePlace } from '../../syntax/image/places';
import type { SketchedDocument } from '../../workspace/source/head';
import type { Dialect } from '../../workspace/source/types';
import type { Memo } from '../../base/text/memoize';
import type { Range } from '../../base/text/range';
import type { FileFacts, WorkspaceIndex } from '../../workspace/types';
import type { YamlDocument } from '../../syntax/yaml/types';
import type { NetworkPart } from './network';
import type { Choice, NameLink, OutlineItem } from './outline';
import type { Part } from './part';

/** What a family of YAML judges a document by. To ask for its content costs a parse, which nearly no document should need. */
export interface Claimable extends SketchedDocument {
  /** Of the file, with `/`. */
  readonly path: string;
  /** The file's last name in lower case, without the ending of YAML or JSON and of a generator. */
  readonly stem: string;
  /** The whole file's text. */
  readonly text: string;
}

/** A family's answer that a document is its own. */
export interface Claim {
  readonly dialect: Dialect;
  /** A short English sentence without a final full stop. */
  readonly reason: string;
  /** Whether one such document decides what the whole file is, whatever stands beside it. */
  readonly decides?: boolean;
}

/**
 * What a family reads: a whole Dockerfile, or one document of a YAML stream. What is worked out of it is kept in its memo (of a Dockerfile)
 * or in its document's, which outlives an edit elsewhere in the file.
 */
export interface Piece extends Memo {
  readonly path: string;
  /** The whole file's text. */
  readonly fileText: string;
  /** Offset of the piece in the file. */
  readonly base: number;
  /** Index of the piece among the file's. */
  readonly index: number;
  readonly dialect: Dialect;
  /** `null` in a Dockerfile. */
  readonly document: YamlDocument | null;
}

/** A document of a YAML stream as a family's piece. */
export type YamlPiece = Piece & { readonly document: YamlDocument };

/** What a family's rules are scaffolded from. */
export interface Scaffold {
  /** The target that most rules look at. */
  readonly target: string;
  /** An expression that gives the range of `view`, the target's view. */
  readonly range: string;
  /** A small file of the family that has such a target. */
  readonly example: string;
  /** Info string of its fenced block. */
  readonly fence: string;
}

/** Something in a file that can be turned into another thing: see `convert/convert`. */
export interface Convertible {
  readonly kind: 'command' | 'service';
  /** In the text of the piece; of an opened file, in the file. */
  readonly range: Range;
  /** What it is called: the service's own name. */
  readonly name: string;
  /** Of a command the text that a shell would read; of a service empty. */
  readonly text: string;
}

/** Which workloads here a policy, or a part of it, is asked about, and which of their images it asks for the signatures of. Images are as they are written. */
export interface Coverage {
  /** Where the policy says so: its name and its patterns. In the text of the piece; of an opened file, in the file. */
  readonly places: readonly Range[];
  readonly covered: readonly string[];
  readonly others: readonly string[];
  /** `Deployment shop/web`, the namespace where it is written. Where manifests alone do not tell, a workload is in neither. */
  readonly workloads: readonly string[];
  readonly otherWorkloads: readonly string[];
}

/** What every family has. The engine, the reports and the tools know a family by this alone. */
interface FamilyFace<P extends Piece> {
  /** The first part of its rules' ids. */
  readonly id: string;
  /** What its files are called in the plural: `Dockerfiles`. */
  readonly label: string;
  /** What its rules may look at, as the registry of rules checks it when an engine is made. */
  readonly targets: readonly string[];
  part(piece: P): Part;
  /** What the workspace index keeps of a piece. */
  facts(piece: P): FileFacts;
  /** The places that name an image. */
  images(piece: P): readonly ImagePlace[];
  /** What of a piece can be turned into another thing; absent: nothing. */
  convertibles?(piece: P): readonly Convertible[];
  /** What people look for in a piece by its name; absent: nothing. */
  outline?(piece: P): readonly OutlineItem[];
  /** What may be written at an offset of a piece, where more is known than its language tells; absent: nothing. */
  choices?(piece: P, offset: number, workspace: WorkspaceIndex): readonly Choice[];
  /** The places in a piece that name something that is defined elsewhere; absent: none. */
  links?(piece: P, workspace: WorkspaceIndex): readonly NameLink[];
  /** What of a piece decides who speaks to whom; absent: nothing. */
  network?(piece: P): readonly NetworkPart[];
  /** Which images and workloads its policies cover; absent: it has none. */
  coverage?(piece: P, workspace: Pick<WorkspaceIndex, 'images' | 'workloads' | 'admission'>): readonly Coverage[];
  /** Whether a document of another family, by its id, holds something of this one too: both have a part of their own over the same document. */
  isGuest?(piece: YamlPiece, host: string): boolean;
  /** Whether its files say how images are built: what runs those is hardened after them. */
  readonly buildsImages?: true;
  /** What to write elsewhere, where pieces are templates that nothing may edit. */
  snippets?(pieces: readonly P[]): readonly Snippet[];
  /** Which of its rules are of one kind; absent: none. A rule is in one group at most. */
  readonly groups?: readonly FindingGroup[];
  /** What rules of a configuration see of its files; absent: nothing. */
  readonly custom?: CustomFace;
  /** Another family whose rules look at its parts too, by the targets that both have: their views are those of `rule/pipeline`. */
  readonly sharedRules?: string;
  /** The targets by which they do, where not all that both have mean the same. */
  readonly sharedTargets?: readonly string[];
  readonly scaffold: Scaffold | null;
}

/** A family whose files are Dockerfiles. */
export interface DockerfileFamily extends FamilyFace<Piece> {
  readonly language: 'dockerfile';
}

/** Files that are a family's because other files say so: neither their names nor their texts would do. */
export interface NamedFiles {
  /** Whether a document may be of such a file. */
  claims(document: Claimable): Claim | null;
  /** A file that names one (a path in the index) as the family's; `null`: none does. */
  namedIn(path: string, workspace: WorkspaceIndex): string | null;
}

/** A family of YAML documents. */
export interface YamlFamily extends FamilyFace<YamlPiece> {
  readonly language: 'yaml';
  /** Whether a document is this family's; asked family by family, in the order of the registry. */
  claims(document: Claimable): Claim | null;
  /** Whether a file is this family's that no family claims by its documents: its name says so. */
  claimsFile?(file: Pick<Claimable, 'path' | 'stem' | 'text'>): Claim | null;
  /** Files that no family claims, and others name as this family's; their facts are in the index, whoever names them. */
  readonly named?: NamedFiles;
  /** Documents that a piece holds as text, such as the patches of a kustomization: ranges in the document's text. */
  embedded?(piece: YamlPiece): readonly Range[];
  /** The dialect of such a document. */
  embeddedDialect?(inner: YamlDocument, outer: Dialect): Dialect;
}

/** What a family of scripts judges a file by, before anything is parsed. */
export interface ClaimableFile {
  /** With `/`. */
  readonly path: string;
  readonly text: string;
}

/**
 * A family of files that are neither: scripts, makefiles, documentation. It may also find something of its own in documents of other families,
 * such as the steps of a workflow, which it then reads as a guest: both have a part of their own over the same document.
 */
export interface ScriptFamily extends FamilyFace<Piece> {
  readonly language: 'script';
  /** Whether a file that no other family takes by its name is this one's. */
  claims(file: ClaimableFile): Claim | null;
}

/** A family of files: Dockerfiles, Kubernetes manifests, ... One folder below `families/`, and one line of the registry. */
export type Family = DockerfileFamily | YamlFamily | ScriptFamily;
