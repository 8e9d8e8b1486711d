import type { FixDefaults } from '../../rule/define-rule';

/** The number of processes that a fix allows; threads count, of which databases and language runtimes have many. */
export function pidsLimit({ pidsLimit: limit }: FixDefaults, hasManyThreads: boolean): number {
  return limit ?? (hasManyThreads ? 1024 : 256);
}
