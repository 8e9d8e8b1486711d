import type { Limits } from './overrun';

/** Ten seconds of processor time are a hundred times what the largest file within the budgets takes; a gibibyte as well. */
const defaults: Limits = { cpuMs: 10_000, memory: 1 << 30 };

/** The limits of one file. Tests lower them: see CONTRIBUTING.md. */
export function watchLimits(env: Readonly<Record<string, string | undefined>>): Limits {
  const number = (name: string, otherwise: number): number => {
    const value = Number(env[name]);
    return value > 0 ? value : otherwise;
  };
  return {
    cpuMs: number('BULKHEAD_TEST_CPU_MS', defaults.cpuMs),
    memory: number('BULKHEAD_TEST_MEMORY_MB', defaults.memory >> 20) * (1 << 20),
  };
}
