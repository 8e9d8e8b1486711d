import type { Language } from '../../families/family/part';
import type { Range } from '../../base/text/range';
import type { Peer } from './peer-ids';

/**
 * How far a peer's directive reaches.
 * `below`: the instruction or node that begins on the next line, or on the directive's own; `next`: the same, blank lines between allowed;
 * `line`: the next line alone (in a Dockerfile the instruction that begins there); `block`: a stage under its FROM, a node with all in it;
 * `stage`: the stage whose FROM stands on the next line; `document`: the YAML document, or the Dockerfile; `top`: the file, where nothing but
 * comments stands above the directive; `file`: the file, wherever it stands.
 */
export type PeerScope = 'below' | 'next' | 'line' | 'block' | 'stage' | 'document' | 'top' | 'file' | 'first' | 'beside';

/** A suppression in the words of another tool. */
export interface PeerDirective {
  readonly peer: Peer;
  /** The tool's ids; `all` for every rule that the tool has. */
  readonly ids: readonly string[] | 'all';
  /** Whether it names the only rules that stay on. */
  readonly except?: boolean;
  readonly scope: PeerScope;
  readonly reason: string | null;
  /** ISO date from which it no longer holds. */
  readonly until?: string;
}

/** Cheaply says whether a comment may hold a directive of another tool. */
export function mayBePeers(comment: string): boolean {
  return /hadolint|dclint|tally|check\s*=|trivy:|tfsec:|checkov:|bridgecrew:|cortex:|kics-scan|dockerfile-utils|zizmor:/i.test(comment);
}

/**
 * Reads a comment of a Dockerfile or a YAML file.
 * @param text the comment, from its `#`
 * @param topCheck whether it is a parser directive (`# check=` at the top of a Dockerfile)
 */
export function parsePeerComment(text: string, language: Language, topCheck = false): readonly PeerDirective[] {
  const body = text.replace(/^#+/, '').trim();
  const found = parseTrivy(body) ?? parseCheckov(body) ?? parseKics(body);
  if (found) return found;
  if (language === 'yaml') return parseZizmor(body) ?? parseDclint(body);
  return parseHadolint(body) ?? parseTally(body) ?? parseCheck(body, topCheck) ?? parseDockerfileUtils(body) ?? [];
}

const list = (text: string): readonly string[] =>
  text
    .split(',')
    .map(id => id.trim())
    .filter(id => id !== '');

/** One word that hadolint does not know makes it ignore the whole pragma. */
const hadolintPattern =
  /^hadolint[ \t]+(?:(global|stage)[ \t]+)?ignore[ \t]*=[ \t]*([DLSC0-9]+(?:[ \t]*,[ \t]*[DLSC0-9]+)*)[ \t]*(?:#(.*))?$/;

function parseHadolint(body: string): readonly PeerDirective[] | null {
  if (!body.startsWith('hadolint')) return null;
  const match = hadolintPattern.exec(body);
  if (!match) return [];
  const scope = match[1] === 'global' ? 'file' : match[1] === 'stage' ? 'stage' : 'below';
  return [{ peer: 'hadolint', ids: list(match[2]!), scope, reason: trimmed(match[3]) }];
}

function parseTally(body: string): readonly PeerDirective[] | null {
  const match = /^tally[ \t]+(global[ \t]+)?ignore[ \t]*=([^;]*)(?:;[ \t]*reason[ \t]*=(.*))?$/i.exec(body);
  if (!match) return null;
  const ids = list(match[2]!);
  return [{ peer: 'tally', ids: ids.includes('all') ? 'all' : ids, scope: match[1] ? 'file' : 'next', reason: trimmed(match[3]) }];
}

/** At the top BuildKit reads one for the file; above an instruction it stands for that one, and words may follow ` // `. */
function parseCheck(body: string, top: boolean): readonly PeerDirective[] | null {
  const match = /^check[ \t]*=(.*)$/i.exec(body);
  if (!match) return null;
  const comment = top ? -1 : match[1]!.search(/[ \t]\/\//);
  const settings = comment < 0 ? match[1]! : match[1]!.slice(0, comment);
  const reason = comment < 0 ? null : trimmed(match[1]!.slice(comment).replace(/^[ \t]*\/\//, ''));
  return settings.split(';').flatMap((setting): readonly PeerDirective[] => {
    const [key, value] = setting.split('=');
    if (key?.trim().toLowerCase() !== 'skip' || value === undefined) return [];
    const ids = list(value);
    return [{ peer: 'buildkit', ids: ids.some(id => id.toLowerCase() === 'all') ? 'all' : ids, scope: top ? 'file' : 'next', reason }];
  });
}

/** The directive of the language server that Docker's editor extension holds. */
function parseDockerfileUtils(body: string): readonly PeerDirective[] | null {
  return /^dockerfile-utils:[ \t]*ignore$/.test(body) ? [{ peer: 'dockerfile-utils', ids: 'all', scope: 'below', reason: null }] : null;
}

/** `trivy:ignore:ID[parameters]:exp:DATE`, several of them divided by blanks, among other words. */
function parseTrivy(body: string): readonly PeerDirective[] | null {
  if (!/trivy:|tfsec:/.test(body)) return null;
  return body.split(/[ \t]+/).flatMap((word): readonly PeerDirective[] => {
    const match = /^[#/*]*(?:trivy|tfsec):(.*)$/.exec(word);
    if (!match) return [];
    const parts = match[1]!.split(':');
    let id: string | undefined;
    let until: string | undefined;
    for (let i = 0; i + 1 < parts.length; i += 2) {
      if (parts[i] === 'ignore') id = parts[i + 1]!.split('[')[0];
      // a date that is none has passed long ago
      else if (parts[i] === 'exp') until = /^\d{4}-\d\d-\d\d$/.test(parts[i + 1]!) ? parts[i + 1]! : '0001-01-01';
    }
    if (!id) return [];
    return [{ peer: 'trivy', ids: id === '*' ? 'all' : [id], scope: 'below', reason: null, ...(until !== undefined && { until }) }];
  });
}

function parseCheckov(body: string): readonly PeerDirective[] | null {
  const found = [...body.matchAll(/(?:checkov|bridgecrew|cortex):skip=[ \t]*([A-Za-z_\d]+)(?::([^\n]+))?/g)];
  if (found.length === 0) return null;
  return found.map(match => ({ peer: 'checkov', ids: [match[1]!], scope: 'document', reason: trimmed(match[2]) }));
}

function parseKics(body: string): readonly PeerDirective[] | null {
  const match = /^kics-scan[ \t]+(ignore-line|ignore-block|ignore|disable|enable)(?:[ \t]*=[ \t]*(\S+))?[ \t]*$/.exec(body);
  if (!match) return null;
  const base = { peer: 'kics', reason: null } as const;
  switch (match[1]) {
    case 'ignore-line':
      return [{ ...base, ids: 'all', scope: 'line' }];
    case 'ignore-block':
      return [{ ...base, ids: 'all', scope: 'block' }];
    case 'ignore':
      return [{ ...base, ids: 'all', scope: 'top' }];
    default:
      return [{ ...base, ids: list(match[2] ?? ''), scope: 'top', ...(match[1] === 'enable' && { except: true }) }];
  }
}

/** `zizmor: ignore[rule, rule] reason`, behind other words too (`# v4.2.2 # zizmor: ignore[artipacked]`). It counts anywhere in what its finding spans; here for what it stands beside or above. */
function parseZizmor(body: string): readonly PeerDirective[] | null {
  const match = /(?:^|#[ \t]{0,9})zizmor:[ \t]{0,9}ignore\[([\w \t,-]{1,300})\]([^\n]{0,300})/.exec(body);
  return match && [{ peer: 'zizmor', ids: list(match[1]!), scope: 'below', reason: trimmed(match[2]) }];
}

/** The linter of Compose files: rules are divided by blanks, none means all. `disable-file` and `disable` count on the first line alone. */
function parseDclint(body: string): readonly PeerDirective[] {
  const match = /^dclint[ \t]+disable(-file|-line)?(?:[ \t]+(\S.*))?$/.exec(body);
  if (!match) return [];
  const ids = match[1] === '-file' ? [] : (match[2]?.split(/[ \t]+/) ?? []);
  return [{ peer: 'dclint', ids: ids.length === 0 ? 'all' : ids, scope: match[1] === '-line' ? 'beside' : 'first', reason: null }];
}

/** A `nosemgrep` in a line, where semgrep looks for it: in any text, for the findings of that line and the next. */
export interface NoSemgrep {
  readonly directive: PeerDirective;
  readonly range: Range;
}

/** Every `nosemgrep` (or `nosem`) of a text. */
export function findNoSemgrep(text: string): readonly NoSemgrep[] {
  if (!text.includes('nosem')) return [];
  return [...text.matchAll(/\bnosem(?:grep)?\b(?:[ \t]*:[ \t]*([\w.-]+(?:[ \t]*,[ \t]*[\w.-]+)*))?/g)].map(match => ({
    directive: { peer: 'semgrep', ids: match[1] === undefined ? 'all' : list(match[1]), scope: 'below', reason: null },
    range: { start: match.index, end: match.index + match[0].length },
  }));
}

/** Reads an annotation of a Kubernetes object; `null` where it is no suppression. Its scope is the object's. */
export function parsePeerAnnotation(key: string, value: string): Omit<PeerDirective, 'scope'> | null {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  switch (key.slice(0, slash)) {
    case 'ignore-check.kube-linter.io':
      return { peer: 'kube-linter', ids: [name], reason: trimmed(value) };
    case 'kube-linter.io':
      return name === 'ignore-all' ? { peer: 'kube-linter', ids: 'all', reason: trimmed(value) } : null;
    case 'kube-score':
      return name === 'ignore' ? { peer: 'kube-score', ids: list(value), reason: null } : null;
    case 'polaris.fairwinds.com':
      if (value.toLowerCase() !== 'true') return null;
      if (name === 'exempt') return { peer: 'polaris', ids: 'all', reason: null };
      return name.endsWith('-exempt') ? { peer: 'polaris', ids: [name.slice(0, -'-exempt'.length)], reason: null } : null;
    case 'checkov.io':
    case 'bridgecrew.io': {
      if (!name.startsWith('skip')) return null;
      const [id, ...reason] = value.split('=');
      return id?.trim() ? { peer: 'checkov', ids: [id.trim()], reason: trimmed(reason.join('=')) } : null;
    }
    default:
      return null;
  }
}

function trimmed(text: string | undefined): string | null {
  const result = text?.trim() ?? '';
  return result === '' ? null : result;
}
