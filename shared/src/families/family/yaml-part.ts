import type { YamlOperation } from '../../syntax/yaml/operations';
import type { ReasonId } from '../../base/terms/reasons';
import type { Range } from '../../base/text/range';
import type { TextEdit } from '../../base/text/edits';
import type { Comment } from '../../base/text/comment';
import type { CommentOperation, Operation } from '../../rule/fix/types';
import type { ObjectRef } from '../../rule/finding/types';
import type { MessageData } from '../../base/terms/types';
import { verifyTogether } from '../../syntax/yaml/fix/verify/verify-together';
import { verifyYaml } from '../../syntax/yaml/fix/verify/verify-yaml';
import { coveredRange, lineItemAt } from '../../syntax/yaml/lookup';
import { parseDocument } from '../../syntax/yaml/parse';
import { renderComment } from './comment-edits';
import type { IgnoreAnnotation, Part, PeerChecks } from './part';
import type { YamlPiece } from './types';
import { commentsRemoved, renderLaidOut } from './yaml-layout';

/** What a family of YAML adds to a part: everything else is the same for all. */
export interface YamlPartHooks {
  readonly family: string;
  /** Why nothing may be edited, where the document itself does not forbid it. */
  readonly locked?: ReasonId | null;
  readonly annotations?: readonly IgnoreAnnotation[];
  /** See `Part.fragment`. */
  readonly fragment?: boolean;
  /** See `Part.visit`. */
  readonly visit: Part['visit'];
  /** See `Part.pieceOf`. */
  readonly pieceOf?: NonNullable<Part['pieceOf']>;
  readonly peerChecks?: PeerChecks;
  readonly users?: NonNullable<Part['users']>;
  readonly footholds?: NonNullable<Part['footholds']>;
  readonly trials?: NonNullable<Part['trials']>;
  readonly effective?: NonNullable<Part['effective']>;
  readonly offAt?: NonNullable<Part['offAt']>;
  readonly isReadAt?: NonNullable<Part['isReadAt']>;
  readonly isTask?: NonNullable<Part['isTask']>;
  readonly isForDevelopment?: NonNullable<Part['isForDevelopment']>;
  /** See `Part.objectOf`; its `document` is filled in by the engine. */
  readonly objectOf: (view: unknown, range?: Range) => ObjectRef | null;
  /** See `Part.namesOf`. */
  readonly namesOf?: (view: unknown) => MessageData;
  /** Puts operations in the order in which a person would write what they add. */
  readonly arrange?: (operations: readonly YamlOperation[]) => readonly YamlOperation[];
}

/** A document of a YAML stream as a part of its file. */
export function yamlPart({ fileText, base, index, document }: YamlPiece, hooks: YamlPartHooks): Part {
  const { arrange = operations => operations } = hooks;
  const covered = (comment: Comment): Range | null => {
    const found = coveredRange(document, comment.range.end);
    // Above the first key of a document a directive speaks of the whole object, not of its `apiVersion`.
    const { root } = document;
    return found && root?.kind === 'map' && root.entries[0]?.range.start === found.start ? root.range : found;
  };
  return {
    text: document.templated ? fileText.slice(base, base + document.text.length) : document.text,
    base,
    index,
    language: 'yaml',
    family: hooks.family,
    memory: document,
    locked: document.templated ? 'templated' : document.loose ? 'syntax' : (hooks.locked ?? null),
    fragment: hooks.fragment ?? false,
    comments: document.comments,
    checks: [],
    top: document.text.charCodeAt(0) === 0xfeff ? 1 : 0,
    annotations: hooks.annotations ?? [],
    shortfalls: document.shortfalls ?? [],
    visit: hooks.visit,
    ...(hooks.offAt && { offAt: hooks.offAt }),
    ...(hooks.isReadAt && { isReadAt: hooks.isReadAt }),
    ...(hooks.isTask && { isTask: hooks.isTask }),
    ...(hooks.isForDevelopment && { isForDevelopment: hooks.isForDevelopment }),
    ...(hooks.pieceOf && { pieceOf: hooks.pieceOf }),
    ...(hooks.peerChecks && { peerChecks: hooks.peerChecks }),
    ...(hooks.users && { users: hooks.users }),
    ...(hooks.footholds && { footholds: hooks.footholds }),
    ...(hooks.trials && { trials: hooks.trials }),
    ...(hooks.effective && { effective: hooks.effective }),
    objectOf: hooks.objectOf,
    namesOf: hooks.namesOf ?? (() => ({})),
    scopeOf: view => {
      const object = hooks.objectOf(view);
      return object ? [object.kind, object.namespace, object.name, object.container].join('/') : '';
    },
    covered,
    beside: offset => lineItemAt(document, offset),
    block: covered,
    render: operations => {
      const comments = operations.filter(o => o.type === 'comment.replace');
      const rest = arrange(operations.filter(isYaml));
      const literals = operations.filter(o => o.type === 'literal.replace');
      const edits: TextEdit[] = [
        ...comments.map(o => renderComment(document.text, o)),
        ...literals.map(({ range, text }) => ({ range, newText: text })),
      ];
      if (rest.length === 0) return { ok: true, edits };
      const rendered = renderLaidOut(document, rest);
      return rendered.ok ? { ok: true, edits: [...edits, ...rendered.edits] } : rendered;
    },
    verify: (text, operations) => {
      const after = parseDocument(text);
      if (after.problems.length > document.problems.length) return { reason: 'unverified', detail: after.problems[0]!.message };
      // Comments are no part of the tree: what touches only them is right where the parse holds.
      if (operations.every(o => o.type === 'comment.replace' || o.type === 'literal.replace')) return null;
      const own = operations.filter(isYaml);
      const gone = commentsRemoved(document, own);
      const written = operations.filter(o => o.type === 'comment.replace');
      const before =
        gone.length + written.length === 0 ? document : { ...document, comments: commentsAfter(document.comments, gone, written) };
      return verifyYaml(before, after, arrange(own));
    },
    verifyEach: changes =>
      verifyTogether(
        document,
        changes.map(({ operations, edits }) => {
          const own = operations.filter(isYaml);
          // what changes comments too is no matter of the tree alone
          const isWhole =
            own.length === operations.length && commentsRemoved(document, own).length === 0 && own.every(o => o.type !== 'yaml.edit-text');
          return { operations: isWhole ? arrange(own) : null, edits };
        }),
      ),
  };
}

/** The comments of a document as they are to be once some are gone and others written. */
function commentsAfter(comments: readonly Comment[], gone: readonly Range[], written: readonly CommentOperation[]): readonly Comment[] {
  const stays = ({ range: { start, end } }: Comment): boolean => !written.some(o => o.range.start < end && start < o.range.end);
  const added = written.flatMap(({ range, text }): Comment[] => {
    const said = text.trim();
    return said === '' ? [] : [{ range, text: said.replace(/^#/, '').trim(), ownLine: false }];
  });
  return [...comments.filter(comment => !gone.includes(comment.range) && stays(comment)), ...added].sort(
    (a, b) => a.range.start - b.range.start,
  );
}

function isYaml(operation: Operation): operation is YamlOperation {
  return operation.type.startsWith('yaml.');
}
