import type { Part } from '../families/family/part';
import type { Family } from '../families/family/types';
import { families as registered } from '../families/registry';
import type { Rule } from '../rule/define-rule';
import type { ParsePiece } from '../workspace/source/head';
import type { Source } from '../workspace/source/types';
import { detectSource, namedSources } from '../families/detect';
import { lazily } from '../base/lazily';
import { emptyFacts, unreadFacts } from '../workspace/fact-kind';
import type { FileFacts } from '../workspace/types';
import { writeSuppression } from './suppress/write';
import { createDocumentCache } from '../syntax/yaml/document-cache';
import { parseStream } from '../syntax/yaml/parse';
import { acceptsNothing, isTaken } from './accept';
import { tellStories } from './stories';
import type { Engine, FixFilter, HardenOptions, OpenedFile } from './engine';
import { createCareful, lookAtAll, lookAtNothing, type CarefulLook } from './careful';
import { applyFixes, type HardenHost, type HardenState } from './harden';
import { renderFix, renderFixes } from './render';
import type { ReasonId } from '../base/terms/reasons';
import { generatedHeader } from '../workspace/source/generated-header';
import { budgets } from '../base/limits/budgets';
import { incompleteResult } from './incomplete';
import { createLinter } from './lint';
import { openNamed } from './open-named';
import {
  readConvertibles,
  readChoices,
  readLinks,
  readOutline,
  readCoverage,
  readFacts,
  readImages,
  readNetwork,
  readParts,
  readPieces,
  readSnippets,
  readEffective,
  readTrials,
  readUsers,
  type OwnedPiece,
  type Reading,
  type WantedPieces,
} from './open';
import { applyGroups } from './apply-groups';
import { whyPartly, whyUnchecked } from './partly';
import { askedGroups, planFixes } from './plan';
import type { FixPlan, HardenResult, InputFile, LintContext, LintResult } from './types';
import { checkRules } from './check-rules';

/** How many parsed YAML documents are kept. */
const documentCacheSize = 4096;

/** An opened file as the engine itself knows it. */
interface InternalFile extends OpenedFile {
  readonly partsFor: (context: LintContext) => readonly Part[];
}

/** What an engine opens files with. */
interface Workings extends Reading {
  readonly linter: ReturnType<typeof createLinter>;
}

/** A file as it is read: once, and when somebody asks. */
interface ReadFile {
  readonly pieces: () => readonly OwnedPiece[];
  /** The parts, by what the file says itself. */
  readonly plainParts: () => readonly Part[];
  /** What the file is by what other files say of it. */
  readonly sourceFor: (context: LintContext) => Source;
  readonly partsFor: (context: LintContext) => readonly Part[];
  readonly facts: () => FileFacts;
  /** Those of the pieces that are wanted. */
  readonly factsIn: (wanted?: WantedPieces) => FileFacts;
  /** Lets go of all that was worked out of the parts. */
  readonly forget: () => void;
}

function readFile(file: InputFile, source: Source, reading: Reading): ReadFile {
  const pieces = lazily(() => readPieces(file, source, reading));
  /** Whose memory may hold something. */
  const seen = new Set<Part['memory']>();
  const partsOf = (own: readonly OwnedPiece[], podPaths?: Parameters<typeof readParts>[1]): readonly Part[] => {
    const parts = readParts(own, podPaths);
    for (const { memory } of parts) seen.add(memory);
    return parts;
  };
  const plainParts = lazily(() => partsOf(pieces()));
  const partialParts = lazily(() => partsOf(pieces().map(asFragment)));
  // whatever names a file as a part, it is YAML: nobody looks through a folder for the sake of a Dockerfile
  const mayBePart = !source.dialect.fragment && reading.families.some(({ id, language }) => id === source.family && language === 'yaml');
  /** What the file is by what other files say of it. */
  const sourceFor = ({ workspace }: LintContext): Source => {
    const { family, dialect } = source;
    const user = mayBePart ? workspace.fragmentOf(file.path) : null;
    if (!user) return source;
    const reason = `${user.path} names the file as ${user.as}`;
    return user.as === 'what a policy is tested against'
      ? { ...source, family: 'none', reason }
      : { family, dialect: { ...dialect, fragment: true }, reason };
  };
  const partsFor = (context: LintContext): readonly Part[] => {
    const { podPaths } = context.config;
    const actual = sourceFor(context);
    if (actual.family === 'none') return [];
    const isPartial = actual !== source;
    if (podPaths) return partsOf(isPartial ? pieces().map(asFragment) : pieces(), podPaths);
    return isPartial ? partialParts() : plainParts();
  };
  const factsIn: ReadFile['factsIn'] = wanted => {
    if (file.text.length <= budgets.textLength)
      return readFacts(file, source, wanted ? readPieces(file, source, reading, wanted) : pieces(), reading.documents);
    // what is not read must not pass for absent
    return source.family === 'none' ? emptyFacts : unreadFacts(file.path);
  };
  return {
    pieces,
    plainParts,
    sourceFor,
    partsFor,
    facts: lazily(() => factsIn()),
    factsIn,
    forget: () => {
      for (const { memo } of seen) memo.clear();
    },
  };
}

/** What editors ask a file for beside findings: names, where they lead, and what may be written. */
function navigation(pieces: () => readonly OwnedPiece[]): Pick<OpenedFile, 'outline' | 'links' | 'choices'> {
  return {
    outline: () => readOutline(pieces()),
    links: ({ workspace }) => readLinks(pieces(), workspace),
    choices: ({ workspace }, offset) => readChoices(pieces(), offset, workspace),
  };
}

/** Opens a file as what it is taken for. */
function openAs(file: InputFile, source: Source, workings: Workings): InternalFile {
  const { families, checked, linter } = workings;
  const read = readFile(file, source, workings);
  const { pieces, plainParts, sourceFor, partsFor } = read;
  const isTooLong = file.text.length > budgets.textLength;
  const isChecked = (): boolean => checked.has(source.family) || pieces().some(({ family }) => checked.has(family.id));

  let careful: CarefulLook = lookAtNothing;
  const lint = (context: LintContext): LintResult => {
    careful = createCareful(file.text, hostFor(context));
    const limit = limitOf(context);
    if (source.family === 'none') return unchecked(source);
    if (file.text.length > limit) return incompleteResult(file.path, source.family, { id: 'too-large', size: file.text.length, limit });
    if (!isChecked()) return unchecked({ ...source, reason: whyUnchecked(source, families) });
    const actual = sourceFor(context);
    if (actual.family === 'none') return { ...unchecked(actual), isFresh: now => sourceFor(now).family === 'none' };
    const { isFresh, ...result } = linter.lint(file, actual, partsFor(context), context);
    const documents = pieces().map(({ piece }) => ('document' in piece ? piece.document : null));
    const limited = result.limited ?? whyPartly({ source: actual, documents, fragments: result.fragments });
    return {
      ...result,
      limited,
      isFresh: now => isFresh(now) && sourceFor(now).family === actual.family && (sourceFor(now) === source) === (actual === source),
    };
  };
  const isUntouchable = (context: LintContext): boolean => file.text.length > limitOf(context) || source.family === 'none' || !isChecked();

  const hostFor = (context: LintContext): HardenHost => ({
    // The verdict about what the file is must not change under the fixes: it is taken once.
    read: text => {
      const next = text === file.text ? opened : openAs({ ...file, text }, source, workings);
      const parts = next.partsFor(context);
      const details = (): HardenState['findings'] => linter.details({ ...file, text }, sourceFor(context), parts, context);
      // rules that look at the whole workspace are to see what a fix changed
      return { parts, findings: context.workspace.complete ? context.workspace.assuming(file.path, next.facts(), details) : details() };
    },
  });

  const opened: InternalFile = {
    partsFor,
    file,
    source,
    sourceIn: sourceFor,
    isChecked,
    lint,
    facts: read.facts,
    factsIn: read.factsIn,
    render: (finding, fix) => careful(fix, renderFix(plainParts(), finding, fix)),
    // a text that was not checked is not read for its fixes either
    renderAll: findings => lookAtAll(careful, renderFixes(findings.some(({ fixes }) => fixes.length > 0) ? plainParts() : [], findings)),
    images: lazily(() => readImages(pieces())),
    convertibles: lazily(() => (isTooLong ? [] : readConvertibles(pieces()))),
    ...navigation(() => (isTooLong ? [] : pieces())),
    network: () => (isTooLong ? [] : readNetwork(pieces())),
    coverage: context => (isUntouchable(context) ? [] : readCoverage(pieces(), context.workspace)),
    users: context => (isUntouchable(context) ? [] : readUsers(partsFor(context), context.workspace)),
    stories: context => (isUntouchable(context) ? [] : tellStories(file.path, partsFor(context), lint(context), context.workspace)),
    effective: context => (isUntouchable(context) ? [] : readEffective(partsFor(context), context)),
    trials: context => (isUntouchable(context) ? [] : readTrials(partsFor(context), context.workspace)),
    forget: read.forget,
    suppress: (range, names, scope, reason = null) => {
      if (!isChecked()) return null;
      const documents = pieces().flatMap(({ piece: { document, base } }) => (document ? [{ document, base }] : []));
      return writeSuppression({ text: file.text, documents, parts: plainParts(), range, rules: names, scope, reason });
    },
    snippets: () => (isTooLong || !source.dialect.templated || !checked.has(source.family) ? [] : readSnippets(pieces(), source.family)),
    applyFixes: (context, select) =>
      isUntouchable(context) ? untouched(file, lint(context), 'too-large') : applyFixes(hostFor(context), file.text, select),
    plan: context => (isUntouchable(context) ? nothingPlanned(lint(context)) : planFixes(hostFor(context), file.text)),
    asked: context => (isUntouchable(context) ? [] : askedGroups(hostFor(context), file.text)),
    applyGroups: (context, plan, ids) => applyGroups(hostFor(context), file.text, plan, ids),
    isGenerated: ({ workspace }) => generatedHeader(file.text) !== null || workspace.writersOf(file.path).length > 0,
    harden: (context, options = {}) => {
      if (options.leavesGenerated && opened.isGenerated(context)) return untouched(file, lint(context), 'generated');
      const result = opened.applyFixes(context, chosenBy(options));
      return options.safeOnly ? result : { ...result, snippets: opened.snippets() };
    },
  };
  return opened;
}

/** The fixes that harden takes. */
function chosenBy({ safeOnly, accept = acceptsNothing, wants }: HardenOptions): FixFilter {
  return (found, fix) => (wants?.(found.rule) ?? true) && (safeOnly ? fix.class === 'safe' : isTaken(found, fix, accept));
}

/**
 * Creates an engine that runs `rules`.
 * @throws where a rule names a family that is not registered, or a target that its family does not have: a fault of the build, not of an input
 */
export function createEngine(rules: readonly Rule[], families: readonly Family[] = registered): Engine {
  checkRules(rules, families);
  const ruled = new Set(rules.map(rule => rule.family));
  const checked: ReadonlySet<string> = new Set(
    families.flatMap(({ id, sharedRules }) => (ruled.has(id) || ruled.has(sharedRules ?? '') ? id : [])),
  );
  const documents = createDocumentCache(documentCacheSize);
  const workings: Workings = { families, checked, documents, linter: createLinter(rules, families) };

  const parse: ParsePiece = piece => parseStream(piece, documents).map(({ document }) => document);
  const open = (file: InputFile): OpenedFile => {
    const { path, text } = file;
    const source = detectSource(families, path, text, file.languageId, parse);
    const opened = openAs(file, source, workings);
    const named = source.family === 'none' ? namedSources(families, path, text, parse) : [];
    return named.length === 0
      ? opened
      : openNamed(
          opened,
          named.map(({ files, source: own }) => ({
            opened: openAs(file, own, workings),
            isNamed: ({ workspace }) => files.namedIn(path, workspace) !== null,
          })),
        );
  };
  return { rules, families: checked, open };
}

/** The longest text that is checked: what the project says counts, for editors as for the command line. */
function limitOf({ config, sizeLimit }: LintContext): number {
  return config.maxFileSize ?? sizeLimit ?? budgets.textLength;
}

/** A piece of a file that something takes for part of what stands elsewhere. */
function asFragment<P extends ReturnType<typeof readPieces>[number]>(owned: P): P {
  return { ...owned, piece: { ...owned.piece, dialect: { ...owned.piece.dialect, fragment: true } } };
}

/** The result for a file that no rule looks at. */
function unchecked({ family, reason }: Source): LintResult {
  return { family, checked: false, findings: [], limited: reason, fragments: 0, isFresh: () => true };
}

/** The plan for a file that no fix may touch. */
function nothingPlanned({ findings }: LintResult): FixPlan {
  const left = findings.filter(({ suppression }) => suppression === null).map(finding => ({ finding, reason: 'too-large' as const }));
  return { groups: [], left, stays: new Map(), reveals: new Set() };
}

/** The result for a file that no fix may touch. */
function untouched(file: InputFile, { findings }: LintResult, reason: ReasonId): HardenResult {
  const left = findings.flatMap(finding => (finding.suppression ? [] : [{ finding, reason }]));
  return { text: file.text, edits: [], applied: [], left, passes: 0, log: [], snippets: [] };
}
