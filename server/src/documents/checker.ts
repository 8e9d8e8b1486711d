import {
  type Engine,
  type Finding,
  type LintContext,
  type LintResult,
  markKnown,
  type OpenedFile,
  type WorkspaceIndex,
} from '../../../shared/src/index';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Log } from '../lsp/log';
import { baseName } from '../lsp/uri';
import type { Scope } from '../session/scopes';
import type { LookedUp } from '../lookups/looked-up';
import type { WorkspaceFacts } from './workspace-facts';

/** One check of one version of a document. */
export interface Check {
  readonly document: TextDocument;
  readonly version: number;
  readonly scope: Scope;
  /** The version as the engine opened it: everything that is asked of it goes there. */
  readonly opened: OpenedFile;
  readonly context: LintContext;
  /** `null` where the document is not checked (`scope.off`) or the engine failed. */
  readonly result: LintResult | null;
  /** Findings that count: those that are not suppressed. */
  readonly findings: readonly Finding[];
  /** Those of them that there would not be without what was looked up of images. */
  readonly lookedUp: ReadonlySet<Finding>;
  readonly failed: boolean;
  readonly durationMs: number;
}

/** Checks documents, and keeps the last check of each for as long as it holds. */
export interface Checker {
  /** The check of the document's current version. Never throws. */
  check(document: TextDocument, scope: Scope): Check;
  /** A check of a text that no editor has open: nothing is kept of it, and what it says of itself is the index's business. Never throws. */
  once(document: TextDocument, scope: Scope): Check;
  /** Whether the workspace would still answer what it answered in a check. */
  isFresh(check: Check): boolean;
  /** The last check of a document, whether it still holds or not. */
  last(uri: string): Check | undefined;
  /** Documents whose last check read facts that have changed since. */
  outdated(): readonly string[];
  drop(uri: string): void;
  /** The ISO date that is checked against. */
  today(): string;
}

/** What a checker needs. */
export interface CheckerSources {
  readonly engine: Engine;
  readonly facts: WorkspaceFacts;
  readonly lookedUp: Pick<LookedUp, 'of' | 'mayKnow'>;
  readonly today: () => string;
  readonly log: Log;
  /** What was looked up of the commit that an action is pinned to, as rules are told of it; `null`: nothing. */
  readonly pinned: (reference: string) => string | null;
}

/** The same for two findings that say the same of the same place. */
const keyOf = ({ rule, messageId, severity, range, data }: Finding): string => JSON.stringify([rule, messageId, severity, range, data]);

/** Those of the findings of a check that there would not be without what was looked up of images. */
function byLookup(
  { opened, context, findings }: Pick<Check, 'opened' | 'context' | 'findings'>,
  lookedUp: CheckerSources['lookedUp'],
  committed: () => WorkspaceIndex,
): ReadonlySet<Finding> {
  if (!lookedUp.mayKnow(opened.file.text) || !opened.images().some(({ reference }) => lookedUp.of(reference))) return new Set();
  const others = new Set(opened.lint({ ...context, workspace: committed() }).findings.map(keyOf));
  return new Set(findings.filter(finding => !others.has(keyOf(finding))));
}

/** Creates a checker. */
export function createChecker({ engine, facts, lookedUp, today, log, pinned }: CheckerSources): Checker {
  const checks = new Map<string, Check>();

  const open = (document: TextDocument, scope: Scope): OpenedFile =>
    engine.open({
      path: scope.path === '' ? baseName(document.uri) : scope.path,
      text: document.getText(),
      // of a file that is not open nobody says
      ...(document.languageId !== '' && { languageId: document.languageId }),
    });

  /** Whether the workspace would still answer as it did. */
  const isFresh = ({ result, context }: Check, scope: Scope): boolean =>
    result?.isFresh({ ...context, workspace: facts.of(scope) }) ?? true;

  const holds = (check: Check, document: TextDocument, scope: Scope): boolean =>
    check.document === document &&
    check.version === document.version &&
    check.scope === scope &&
    check.context.today === today() &&
    isFresh(check, scope);

  const run = (document: TextDocument, scope: Scope, opened: OpenedFile): Check => {
    const context: LintContext = {
      config: scope.config,
      today: today(),
      workspace: facts.of(scope),
      digest: reference => (scope.settings.registryLookup === 'off' ? null : pinned(reference)),
      buildContext: () => scope.buildContext,
      repository: scope.repository,
      sizeLimit: scope.settings.maxFileSize,
    };
    const started = performance.now();
    let result: LintResult | null = null;
    let failed = false;
    if (scope.off === null) {
      try {
        result = opened.lint(context);
        if (scope.baseline) result = { ...result, findings: markKnown(scope.baseline, scope.path, result.findings) };
      } catch (error) {
        failed = true;
        log.failure('a document could not be checked', error);
      }
    }
    const findings = result?.findings.filter(finding => finding.suppression === null) ?? [];
    return {
      document,
      version: document.version,
      scope,
      opened,
      context,
      result,
      findings,
      lookedUp: result ? byLookup({ opened, context, findings }, lookedUp, () => facts.committed(scope)) : new Set(),
      failed,
      durationMs: performance.now() - started,
    };
  };

  return {
    check: (document, scope) => {
      const last = checks.get(document.uri);
      if (last && holds(last, document, scope)) return last;
      checks.delete(document.uri);
      // its own facts first: what the document says of itself is no news about other files
      const opened = open(document, scope);
      if (scope.off === null) facts.update(document, scope, opened);
      const check = run(document, scope, opened);
      checks.set(document.uri, check);
      return check;
    },
    once: (document, scope) => run(document, scope, open(document, scope)),
    isFresh: check => isFresh(check, check.scope),
    last: uri => checks.get(uri),
    outdated: () => [...checks.values()].filter(check => !isFresh(check, check.scope)).map(check => check.document.uri),
    drop: uri => void checks.delete(uri),
    today,
  };
}
