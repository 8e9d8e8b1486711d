import type { ServerContext } from '../session/context';
import type { SettingsStore } from '../session/settings';

/** Keeps for the next session what is shown in this one. */
export function saveScans({ scans, seenScans, folders }: ServerContext): void {
  if (folders.all().length > 0) seenScans?.save(folders.all(), scans.all());
}

/** Shows what an earlier session has found, unless scans are off. Asks nobody, and starts nothing. */
export async function restoreScans({ scans, seenScans, folders }: ServerContext, settings: SettingsStore): Promise<void> {
  const [first] = folders.all();
  if (seenScans === null || first === undefined || (await settings.of(first)).scanRun === 'off') return;
  scans.restore(seenScans.load(folders.all()));
}
