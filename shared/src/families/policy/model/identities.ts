import type { AuthorityView, IdentityView, PatternEngine } from './types';
import type { TextSpot } from './spots';

/** How many others than those that are meant have an identity, from anybody down. `repositories`: whoever may push to any repository of an owner. */
export type Width = 'anyone' | 'host' | 'owner' | 'repositories' | 'workflows' | 'refs';

/** Whether an authority has a root of its own: then not every account of the public Fulcio can sign. */
export function hasOwnRoot({ at }: AuthorityView): boolean {
  return ['roots', 'ca-cert', 'trustRootRef'].some(key => at.map.get(key) != null);
}

/** What stands for anything in the texts of an engine: Kyverno's policies compare with wildcards, the others exactly. */
export function hasWildcards(engine: PatternEngine): boolean {
  return engine === 'kyverno';
}

/** How wide an address with wildcards is; `null`: as narrow as it looks. A ref of one class (`@refs/tags/v*`) is. */
export function widthOf(text: string, field: 'issuer' | 'subject'): Width | null {
  if (!/[*?]/.test(text)) return null;
  if (/^[*?]*$/.test(text) || /^\*@\*/.test(text)) return 'anyone';
  const [, host, path] = /^[a-z]+:\/\/([^/]*)(\/.*)?$/.exec(text) ?? [];
  if (host === undefined) {
    // an address of mail: whoever has one of the domain
    const domain = text.slice(text.lastIndexOf('@') + 1);
    return !text.startsWith('*') || (text.includes('@') && !/[*?]/.test(domain)) ? null : 'anyone';
  }
  if (/[*?]/.test(host)) return 'host';
  if (field === 'issuer' || path === undefined) return null;
  if (host !== 'github.com' && host !== 'gitlab.com') return null;
  const [, owner = '', repository, ...rest] = path.split('/');
  if (/[*?]/.test(owner)) return 'owner';
  if (repository === undefined || /[*?]/.test(repository)) return 'repositories';
  const workflow = rest.join('/');
  const at = workflow.indexOf('@');
  if (at < 0 || /[*?]/.test(workflow.slice(0, at))) return 'workflows';
  return /^@(?:refs\/)?\*/.test(workflow.slice(at)) ? 'refs' : null;
}

/** What is wrong with a regular expression that Go looks for anywhere in an address. */
export interface RegExpProblem {
  readonly id: Width | 'unanchored' | 'dots';
  /** The expression with its ends and dots closed; `null`: that would not do. */
  readonly instead: string | null;
}

/** What an expression of Go's regexp takes in beside what it says; `null`: nothing that is seen. */
export function regExpProblem(text: string, field: 'issuer' | 'subject'): RegExpProblem | null {
  const inner = text.replace(/^(?:\^|\\A)/, '').replace(/(?:\$|\\z)$/, '');
  if (/^(?:\(\?:)?(?:\.[*+])?\)?$/.test(inner)) return { id: 'anyone', instead: null };
  const isClosed = /^(?:\^|\\A)/.test(text);
  const host = /^https?:\/\/([^/]*)/.exec(inner)?.[1];
  const hasDots = host !== undefined && /(?:^|[^\\])\.(?![*+?{])/.test(host);
  const choices = /\|/.test(inner.replace(/\([^()]*\)/g, ''));
  const end = /(?:\$|\\z|\.\*)$/.test(text) ? '' : '$';
  const closed = (isClosed ? text : `^${text}`).replace(host ?? '\0', (host ?? '').replace(/(^|[^\\])\.(?![*+?{])/g, '$1\\.')) + end;
  // `.*` at both ends says that anything may stand there
  const instead = choices || (/^(?:\^|\\A)?\.\*/.test(text) && end === '' && !hasDots) ? null : closed;
  if (!isClosed || end !== '') return { id: 'unanchored', instead };
  if (hasDots) return { id: 'dots', instead };
  // the same question as of wildcards, where the expression is an address with parts that may be anything
  const width = widthOf(inner.replace(/\\([.+/-])/g, '$1').replace(/(?:\.|\[[^[\]]{0,80}\]|\\w|\\S)[*+]/g, '*'), field);
  return width === null ? null : { id: width, instead: null };
}

/**
 * Whether an expression that is looked for anywhere in a subject still means one owner of repositories: GitHub vouches, whose subjects hold `https://` at their start
 * alone, since no ref can hold a colon.
 */
export function namesRepositoryOwner(expression: string, issuer: TextSpot | null): boolean {
  return (
    issuer?.text === 'https://token.actions.githubusercontent.com' &&
    /^(?:\^|\\A)?https:\\?\/\\?\/github\\?\.com\\?\/[\w-]{1,80}\\?\/(?![?*{])/.test(expression) &&
    !/\|/.test(expression)
  );
}

/** The identity's words by field, for rules that look at both alike. */
export function fieldsOf(identity: IdentityView): readonly {
  readonly field: 'issuer' | 'subject';
  readonly text: TextSpot | null;
  readonly regExp: TextSpot | null;
  /** Who vouches for a subject. */
  readonly issuer: TextSpot | null;
}[] {
  return [
    { field: 'issuer', text: identity.issuer, regExp: identity.issuerRegExp, issuer: null },
    { field: 'subject', text: identity.subject, regExp: identity.subjectRegExp, issuer: identity.issuer },
  ];
}
