import { createHash } from 'node:crypto';
import { dirname, join, relative } from 'node:path';
import { diffArrays } from 'diff';
import { masked, type MaskedText } from '../../../shared/src/early';
import { plural } from '../../../shared/src/formats';
import { createLineTable, type Finding, type LintContext, type OpenedFile, type Rule } from '../../../shared/src/index';
import { commitOf, openGit, readTexts, type RunGit } from '../host/node/git';
import type { FoundInput, Input } from './inputs';
import type { Run } from './run';
import { InputError, UsageError } from './usage';

/** What has changed in the files of a run since a commit. */
export interface Changes {
  /** The findings of a file that are on a changed line, point to one, or were not there before. */
  of(input: Input, opened: OpenedFile, context: LintContext, findings: readonly Finding[]): readonly Finding[];
  /** How many others there are so far; `null`: none. */
  readonly note: () => MaskedText | null;
}

/** The commit that pre-commit compares with: that of `pre-commit run --from-ref`, else the last one. */
export const ofPreCommit = 'pre-commit';

/** More lines than these are not compared: a file that has changed so much counts as new. */
const mostEdits = 4000;

/** A file as it was: its text, `null` where there was none, `false` where nothing has changed. */
type Before = string | null | false;

/** Finds out what has changed since `ref`, or rather since the work here has left it. Throws `InputError` where that cannot be known. */
export async function openChanges(ref: string, run: Run): Promise<Changes> {
  if (ref.startsWith('-')) throw new UsageError(`--changed-since must be a commit, a branch or a tag, not "${ref}"`);
  const asked = ref === ofPreCommit ? (process.env['PRE_COMMIT_FROM_REF'] ?? 'HEAD') : ref;
  const tops = new Map<string, FoundInput[]>();
  for (const input of run.found.found) {
    const top = run.reading.gitRoot(dirname(input.absolute));
    if (top === null) throw new InputError(`${input.shown} is not in a repository, so --changed-since has nothing to compare it with`);
    tops.set(top, [...(tops.get(top) ?? []), input]);
  }
  const before = new Map<string, Before>();
  for (const [top, inputs] of tops) {
    const git = openGit(top, run.guarded, process.env);
    if (git === null) throw new InputError('--changed-since needs git, which is not on the PATH');
    const base = await findBase(git, asked);
    try {
      for (const [input, text] of await readBefore(git, base, top, inputs, run)) before.set(input.absolute, text);
    } catch (error) {
      // a partial clone has left files on its remote
      throw new InputError(`--changed-since ${ref}: git cannot read the earlier versions of the files: ${firstLine(error)}`);
    }
  }
  return compareWith(before, run);
}

function firstLine(error: unknown): string {
  const [, ...said] = String(error instanceof Error ? error.message : error)
    .trim()
    .split('\n');
  return said[0] ?? 'it failed';
}

/** Where the work has left `ref`; `null`: the repository has none yet. */
async function findBase(git: RunGit, ref: string): Promise<string | null> {
  const commit = await commitOf(git, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  const head = await commitOf(git, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head === null && ref === 'HEAD') return null;
  const base = commit && (await commitOf(git, ['merge-base', 'HEAD', commit]));
  if (base) return base;
  const isShallow = (await git(['rev-parse', '--is-shallow-repository'])).toString('latin1').trim() === 'true';
  const why = commit === null ? `no commit of this name is here` : `it has no commit in common with HEAD`;
  const hint = isShallow ? '; this clone is shallow: fetch more of it first (git fetch --unshallow, or fetch-depth: 0)' : '';
  throw new InputError(`--changed-since ${ref}: ${why}${hint}`);
}

/** The files as they were in a commit, under the names that they have now. */
async function readBefore(
  git: RunGit,
  base: string | null,
  top: string,
  inputs: readonly FoundInput[],
  run: Run,
): Promise<ReadonlyMap<FoundInput, Before>> {
  if (base === null) return new Map(inputs.map(input => [input, null]));
  const [tree, renames] = [await readTree(git, base), await readRenames(git, base)];
  const result = new Map<FoundInput, Before>();
  const changed = new Map<FoundInput, string>();
  for (const input of inputs) {
    const path = relative(top, input.absolute).replaceAll('\\', '/');
    const name = tree.has(path) ? path : renames.get(path);
    const entry = name === undefined ? undefined : tree.get(name);
    if (name === undefined || entry === undefined) result.set(input, null);
    else if (entry.isLink || blobId(input, entry.id.length, run) === entry.id) result.set(input, false);
    else changed.set(input, name);
  }
  const texts = await readTexts(git, base, changed.values());
  for (const [input, name] of changed) result.set(input, texts.get(name) ?? null);
  return result;
}

interface TreeEntry {
  readonly id: string;
  readonly isLink: boolean;
}

async function readTree(git: RunGit, commit: string): Promise<ReadonlyMap<string, TreeEntry>> {
  const listed = (await git(['ls-tree', '-r', '-z', '--full-tree', commit])).toString('utf8').split('\0');
  return new Map(
    listed.flatMap(line => {
      const [, mode, id, path] = /^(\d{6}) blob ([0-9a-f]{40,64})\t([^]+)$/.exec(line) ?? [];
      return path === undefined ? [] : [[path, { id: id!, isLink: mode === '120000' }]];
    }),
  );
}

/** What git takes for renamed, new names to old ones: as it is in the index, which no program of the repository is asked about. */
async function readRenames(git: RunGit, commit: string): Promise<ReadonlyMap<string, string>> {
  const args = ['diff-index', '--cached', '-M', '--diff-filter=R', '--name-status', '-z', '--no-ext-diff', '--ignore-submodules', commit];
  const words = (await git(['-c', 'core.fsmonitor=false', ...args])).toString('utf8').split('\0');
  const renames = new Map<string, string>();
  for (let at = 0; at + 2 < words.length; at += 3) renames.set(words[at + 2]!, words[at + 1]!);
  return renames;
}

/** What git would call a file's bytes; `null` where they cannot be read, which lint says itself. */
function blobId({ absolute, streamed }: FoundInput, length: number, { reading }: Run): string | null {
  const read = streamed === null ? reading.bytes(absolute) : { ok: true as const, value: Buffer.from(streamed) };
  if (!read.ok) return null;
  const hash = createHash(length === 40 ? 'sha1' : 'sha256');
  return hash.update(`blob ${read.value.length}\0`).update(read.value).digest('hex');
}

/** Whether a line from 0 has changed. */
type IsChanged = (line: number) => boolean;

function compareWith(before: ReadonlyMap<string, Before>, run: Run): Changes {
  const rules = new Map(run.engine.rules.map(rule => [rule.id, rule]));
  const lines = new Map<string, IsChanged>();
  let left = 0;
  /** The changed lines of a file: of one that is not checked, none. */
  const changedIn = (absolute: string, text: () => string | null): IsChanged => {
    let found = lines.get(absolute);
    if (!found) {
      const was = before.get(absolute);
      lines.set(absolute, (found = changedLines(was === undefined ? false : was, text)));
    }
    return found;
  };
  return {
    note: () => (left === 0 ? null : masked`bulkhead: not shown: ${plural(left, 'finding')} that the change did not introduce`),
    of: (input, opened, context, findings) => {
      const was = before.get(input.absolute) ?? null;
      if (was === null) return findings;
      const table = createLineTable(input.file.text);
      const changed = changedIn(input.absolute, () => input.file.text);
      const touches = (finding: Finding): boolean =>
        meets(table.positions(finding.range), changed) ||
        finding.related.some(({ path, range }) => {
          if (path === undefined) return meets(table.positions(range), changed);
          const other = run.facts.related(input, path);
          if (other === null || input.base === null) return false;
          return meets(
            other.lines.positions(range),
            changedIn(join(input.base, path), () => run.facts.relatedText(input, path)),
          );
        });
      const known = was === false ? findings : run.engine.open({ ...input.file, text: was }).lint(context).findings;
      const kept = chooseNew(findings, known, touches, rules);
      left += findings.filter(finding => finding.suppression === null && !kept.includes(finding)).length;
      return kept;
    },
  };
}

/**
 * What a change has to answer for: findings that it touches, except where only something absent is reported that was absent before, and as many of each kind as there
 * are more than before: a line that is gone may be what was missing ever since.
 */
function chooseNew(
  findings: readonly Finding[],
  before: readonly Finding[],
  touches: (finding: Finding) => boolean,
  rules: ReadonlyMap<string, Rule>,
): readonly Finding[] {
  const counts = new Map<string, number>();
  const add = (finding: Finding, by: number): number => {
    const key = kindOf(finding);
    counts.set(key, (counts.get(key) ?? 0) + by);
    return counts.get(key)!;
  };
  for (const finding of findings) add(finding, 1);
  for (const finding of before) add(finding, -1);
  const kept = new Set<Finding>();
  const take = (finding: Finding): void => {
    kept.add(finding);
    add(finding, -1);
  };
  const touched = findings.filter(touches);
  for (const finding of findings) if (finding.rule.startsWith('bulkhead/')) kept.add(finding);
  for (const finding of touched) if (!isAbsence(finding, rules.get(finding.rule)) || counts.get(kindOf(finding))! > 0) take(finding);
  const fingerprints = new Set(before.map(({ fingerprint }) => fingerprint));
  const others = findings.filter(finding => !kept.has(finding));
  for (const finding of others) if (!fingerprints.has(finding.fingerprint) && counts.get(kindOf(finding))! > 0) take(finding);
  return findings.filter(finding => kept.has(finding));
}

/** What findings have in common of which a file may have several. */
function kindOf({ rule, messageId, data, object }: Finding): string {
  return JSON.stringify([rule, messageId, data, object && [object.kind, object.namespace, object.name, object.container]]);
}

/** Whether a finding says that something is not there, which an edit of the line that it is shown on did not bring about. */
function isAbsence({ messageId }: Finding, rule: Rule | undefined): boolean {
  return (
    rule !== undefined && !('image' in rule.on) && (rule.needsWhole === true || /^(?:missing|unset|lacks|none|absent)/.test(messageId))
  );
}

function meets(
  { start, end }: { readonly start: { readonly line: number }; readonly end: { readonly line: number } },
  is: IsChanged,
): boolean {
  for (let { line } = start; line <= end.line; line++) if (is(line)) return true;
  return false;
}

function changedLines(before: Before, text: () => string | null): IsChanged {
  if (before === false) return () => false;
  const now = before === null ? null : text();
  if (before === null || now === null) return () => true;
  // a checkout may have other line breaks than the commit
  const changes = diffArrays<string>(before.split(/\r\n?|\n/), now.split(/\r\n?|\n/), { maxEditLength: mostEdits });
  if (!changes) return () => true;
  const lines = new Set<number>();
  let at = 0;
  for (const { added, removed, value } of changes) {
    if (added) value.forEach((_, i) => lines.add(at + i));
    if (!removed) at += value.length;
  }
  return line => lines.has(line);
}
