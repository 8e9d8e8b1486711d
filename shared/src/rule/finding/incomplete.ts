import type { Range } from '../../base/text/range';
import { budgets } from '../../base/limits/budgets';
import type { MessageData } from '../../base/terms/types';
import { engineFinding, type RawFinding } from './engine-finding';

/** The rule of findings that say what was not checked. */
export const incompleteRule = 'bulkhead/incomplete';

/** Why a file, or a part of it, was not checked, with what the message tells of it. Sizes are in UTF-16 units or bytes. */
export type Shortfall =
  | { readonly id: 'too-large'; readonly size: number; readonly limit: number }
  /** It could not be read; `problem` goes on from "File is not checked: it ...". */
  | { readonly id: 'unreadable' | 'not-utf8'; readonly problem: string }
  /** A device, a pipe, a socket. */
  | { readonly id: 'not-regular' }
  /** A link that leads out of the root. */
  | { readonly id: 'outside' }
  | { readonly id: 'timeout'; readonly seconds: number }
  | { readonly id: 'memory'; readonly megabytes: number }
  /** Aliases of YAML that are not followed. */
  | { readonly id: 'aliases'; readonly count: number }
  /** Documents of YAML that nest too deep, or that the parser gave up on. */
  | { readonly id: 'depth' | 'unparsed' }
  /** Scripts of a shell that are too long, or nest too deep, to be parsed. */
  | { readonly id: 'script' }
  /** Objects, containers, instructions: those beyond the budget. */
  | { readonly id: 'views' }
  /** What a Compose file includes, or its services extend: files and bases beyond the budget. */
  | { readonly id: 'project' }
  /** Directives that are not read, and so suppress nothing. */
  | { readonly id: 'directives' }
  | { readonly id: 'findings'; readonly count: number };

/**
 * The finding that says what was not checked: an error, about no object, with no fix. Nothing hides it: directives, exceptions and baselines
 * are asked about findings of rules alone, and no setting changes the severity of what the engine itself says.
 */
export function incompleteFinding(shortfall: Shortfall, range?: Range): RawFinding {
  return engineFinding(incompleteRule, shortfall.id, dataOf(shortfall), {
    severity: 'error',
    keyData: {},
    ...(range && { range }),
  });
}

function dataOf(shortfall: Shortfall): MessageData {
  switch (shortfall.id) {
    case 'too-large':
      return { size: megabytes(shortfall.size), limit: megabytes(shortfall.limit) };
    case 'unreadable':
    case 'not-utf8':
      return { problem: shortfall.problem };
    case 'timeout':
      return { seconds: shortfall.seconds };
    case 'memory':
      return { megabytes: shortfall.megabytes };
    case 'aliases':
      return { count: shortfall.count, limit: `${budgets.aliasedLength >> 10} KB` };
    case 'depth':
      return { limit: budgets.yamlDepth };
    case 'views':
      return { limit: budgets.views };
    case 'project':
      return { files: budgets.includedFiles, values: budgets.inheritedValues };
    case 'directives':
      return { limit: budgets.directives };
    case 'findings':
      return { count: shortfall.count, limit: budgets.findings };
    case 'not-regular':
    case 'outside':
    case 'unparsed':
    case 'script':
      return {};
  }
}

/** What the status item says of it. */
export function shortfallReason(shortfall: Shortfall): string {
  switch (shortfall.id) {
    case 'too-large':
      return `over the size limit of ${megabytes(shortfall.limit)}`;
    case 'unreadable':
    case 'not-utf8':
      return `it ${shortfall.problem}`;
    case 'not-regular':
      return 'it is not a regular file';
    case 'outside':
      return 'it is a link that points outside the folder';
    case 'timeout':
      return `it took more than ${shortfall.seconds} s`;
    case 'memory':
      return `it took more than ${shortfall.megabytes} MB of memory`;
    case 'aliases':
      return 'not all aliases are followed';
    case 'depth':
      return `a document is nested deeper than ${budgets.yamlDepth} levels`;
    case 'unparsed':
      return 'a document could not be parsed';
    case 'script':
      return 'a script is too long or nested too deeply';
    case 'views':
      return 'it has too many objects or instructions to check';
    case 'project':
      return 'it includes or extends too much';
    case 'directives':
      return 'it has too many directives';
    case 'findings':
      return 'it has too many findings to show';
  }
}

function megabytes(length: number): string {
  return `${(length / (1 << 20)).toFixed(1)} MB`;
}
