import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { configFindings, type ReportedFile } from '../../../shared/src/formats';
import { createGate, incompleteResult, type Shortfall } from '../../../shared/src/index';
import { shownPath } from './inputs';
import type { ConfigFile, Scope } from './scopes';

/** The configurations of a run that are wrong, or leave out a reason that they require: as files of the report, and a line each. */
export interface ConfigReports {
  readonly files: readonly ReportedFile[];
  readonly problems: readonly MaskedText[];
}

/** What is wrong in the configurations that the scopes are under. */
export function configReports(scopes: readonly Scope[]): ConfigReports {
  const configs = new Set<ConfigFile>();
  for (const { config } of scopes) if (config) configs.add(config);
  const files: ReportedFile[] = [];
  const problems: MaskedText[] = [];
  for (const config of configs) {
    const path = shownPath(config.path);
    if (config.unreadable !== null) problems.push(masked`${trusted(path)}: ${trusted(config.unreadable.message)}`);
    if (config.unreadable?.shortfall) files.push(unreadFile(path, config.unreadable.shortfall));
    const findings = configFindings(path, config.problems, config.unexplained);
    const count = config.problems.length;
    if (count > 0) {
      const message = createGate({ text: config.text, findings: [] }).mask(config.problems[0]!.message);
      problems.push(
        masked`${trusted(path)}: the configuration has ${count === 1 ? plain('a problem') : masked`${count} problems`}: ${message}`,
      );
    }
    if (findings.length === 0) continue;
    files.push({
      path,
      text: config.text,
      result: {
        family: 'none',
        checked: true,
        findings,
        limited: null,
        fragments: 0,
        isFresh: () => true,
      },
      fixes: () => [],
      related: () => null,
    });
  }
  return { files, problems };
}

/** A file that should have been read, as a file of the report: its finding says why it was not. */
export function unreadFile(path: string, shortfall: Shortfall): ReportedFile {
  return { path, text: '', result: incompleteResult(path, 'none', shortfall), fixes: () => [], related: () => null };
}
