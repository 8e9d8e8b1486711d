import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Engine } from '../../shared/src/engine/engine';
import type { Finding, InputFile, LintContext, LintResult } from '../../shared/src/engine/types';
import type { Log } from './lsp/log';
import { baseName } from './lsp/uri';
import type { Scope } from './scopes';
import type { WorkspaceFacts } from './workspace-facts';
import { recordReads, type Reads } from './reads';

/** One check of one version of a document. */
export interface Check {
  readonly document: TextDocument;
  readonly version: number;
  readonly scope: Scope;
  readonly file: InputFile;
  readonly context: LintContext;
  /** `null` where the document is not checked (`scope.off`) or the engine failed. */
  readonly result: LintResult | null;
  /** Findings that count: those that are not suppressed. */
  readonly findings: readonly Finding[];
  readonly failed: boolean;
  readonly reads: Reads;
  readonly durationMs: number;
}

/** Checks documents, and keeps the last check of each for as long as it holds. */
export interface Checker {
  /** The check of the document's current version. Never throws. */
  check(document: TextDocument, scope: Scope): Check;
  /** The last check of a document, whether it still holds or not. */
  last(uri: string): Check | undefined;
  /** Documents whose last check read facts that have changed since. */
  outdated(): readonly string[];
  drop(uri: string): void;
}

/** What a checker needs. */
export interface CheckerSources {
  readonly engine: Engine;
  readonly facts: WorkspaceFacts;
  readonly today: () => string;
  readonly log: Log;
}

/** Creates a checker. */
export function createChecker({ engine, facts, today, log }: CheckerSources): Checker {
  const checks = new Map<string, Check>();

  const holds = (check: Check, document: TextDocument, scope: Scope): boolean =>
    check.document === document &&
    check.version === document.version &&
    check.scope === scope &&
    check.context.today === today() &&
    check.reads.fresh(facts.of(scope));

  const run = (document: TextDocument, scope: Scope): Check => {
    const file: InputFile = {
      path: scope.path === '' ? baseName(document.uri) : scope.path,
      text: document.getText(),
      languageId: document.languageId,
    };
    const recorder = recordReads(facts.of(scope));
    const context: LintContext = {
      config: scope.config,
      today: today(),
      workspace: recorder.workspace,
      digest: () => null,
      buildContext: () => scope.buildContext,
      sizeLimit: scope.settings.maxFileSize,
    };
    const started = performance.now();
    let result: LintResult | null = null;
    let failed = false;
    if (scope.off === null) {
      try {
        result = engine.lint(file, context);
      } catch (error) {
        failed = true;
        log.failure('a document could not be checked', error);
      }
    }
    return {
      document,
      version: document.version,
      scope,
      file,
      context,
      result,
      findings: result?.findings.filter(finding => finding.suppression === null) ?? [],
      failed,
      reads: recorder.reads,
      durationMs: performance.now() - started,
    };
  };

  return {
    check: (document, scope) => {
      const last = checks.get(document.uri);
      if (last && holds(last, document, scope)) return last;
      checks.delete(document.uri);
      // its own facts first: what the document says of itself is no news about other files
      if (scope.off === null) facts.update(document, scope);
      const check = run(document, scope);
      checks.set(document.uri, check);
      return check;
    },
    last: uri => checks.get(uri),
    outdated: () => [...checks.values()].filter(check => !check.reads.fresh(facts.of(check.scope))).map(check => check.document.uri),
    drop: uri => void checks.delete(uri),
  };
}
