import type { Finding } from './types';

/** The rule that judges objects by the policies of the workspace. */
const violationRule = 'policy/violates';

/** What becomes of an object that breaks a policy. */
const outcomes: ReadonlyMap<string, 'deny' | 'warn' | 'audit'> = new Map([
  ['refused', 'deny'],
  ['failed', 'deny'],
  ['warned', 'warn'],
  ['audited', 'audit'],
]);

/** The policy that the object of a finding breaks, and what the policy does then; `null`: the finding is about something else. */
export function violationOf({ rule, messageId, data }: Pick<Finding, 'rule' | 'messageId' | 'data'>): {
  readonly policy: string;
  readonly action: 'deny' | 'warn' | 'audit';
} | null {
  const action = rule === violationRule ? outcomes.get(messageId) : undefined;
  return action === undefined ? null : { policy: String(data['policy']), action };
}

const exceptionStart = 'PolicyException "';

/** How a finding says that an exception of a policy's engine lets its object through. */
export function policyException(name: string): string {
  return `${exceptionStart}${name}"`;
}

/** The exception that lets the object of a finding through, as the policy's engine has it; `null`: none does. */
export function exceptedBy({ suppression }: Pick<Finding, 'suppression'>): string | null {
  return suppression?.kind === 'config' && suppression.reason?.startsWith(exceptionStart) ? suppression.reason : null;
}
