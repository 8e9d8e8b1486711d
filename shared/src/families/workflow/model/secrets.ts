import { environmentsOf } from './environments';
import { levelOf } from './permissions';
import type { NamedValue, StepView } from './types';

const secret = /\bsecrets\.(?!GITHUB_TOKEN\b)\w/i;

/**
 * Whether what is called so is not secret, although it is kept among secrets: a name, also one to log in with, a region, a host, the address of a service, the id
 * of what is there (that of a key belongs to the key), the alias of a key.
 */
export function isPublic(name: string): boolean {
  return /(?:^|[._-])(?:user|username|login|email|name|region|host|registry|(?:base|api|server|registry|auth|site|public|app)_?url|alias)$|(?:^|[._-])(?!key_?id$)[a-z]{1,40}_?id$/i.test(
    name,
  );
}

/** The variables with secrets that a step sees, its own first; the token of the job is none. */
export function secretVariables(step: StepView): readonly NamedValue[] {
  return environmentsOf(step).flatMap(({ values }) => values.filter(({ text }) => text !== null && secret.test(text)));
}

/** Scopes with which a token changes what others use. */
const publishing = ['contents', 'packages', 'id-token', 'actions', 'pages', 'deployments', 'attestations'];

/** What a program of a step could take: the variable with a secret, or the scope that the token may write; `null`: nothing that is seen. */
export function heldBy(step: StepView): string | null {
  const [variable] = secretVariables(step);
  if (variable) return variable.name;
  const permissions = step.job?.effective;
  const scope = permissions && publishing.find(one => levelOf(permissions, one) === 'write');
  return scope ? `${scope}: write` : null;
}
