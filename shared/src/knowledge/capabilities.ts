import data from './data/security.json';

/** How much harm a capability can do. */
export type Danger = 'low' | 'medium' | 'high' | 'critical';

/** A Linux capability, by its name without `CAP_`. */
export interface Capability {
  readonly name: string;
  /** Whether container engines grant it by default. */
  readonly dockerDefault: boolean;
  /** Whether the Pod Security baseline allows to add it. */
  readonly baseline: boolean;
  /** What it allows, in a few words. */
  readonly risk: string;
}

const all = data.capabilities as readonly Capability[];
const byName = new Map(all.map(capability => [capability.name, capability]));

/** Every capability that the kernel knows. */
export const capabilityNames: readonly string[] = all.map(({ name }) => name);

/** The name as Kubernetes compares it: upper case, without `CAP_`. */
export function normalizeCapability(name: string): string {
  const upper = name.toUpperCase();
  return upper.startsWith('CAP_') ? upper.slice('CAP_'.length) : upper;
}

/** What is known of a capability, with or without `CAP_`, in any case; `null` for other words, `ALL` among them. */
export function findCapability(name: string): Capability | null {
  return byName.get(normalizeCapability(name)) ?? null;
}

/** Whether adding it opens the node: beyond what the baseline allows, or unknown, or `ALL`. */
export function isDangerousCapability(name: string): boolean {
  return !(findCapability(name)?.baseline ?? false);
}
