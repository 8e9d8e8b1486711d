import { scannerName } from '../../../rule/pipeline/commands';
import type { Range } from '../../../base/text/range';
import type { WorkflowView } from './types';

/** The trigger of a workflow that scans images by the clock, or calls another that may; `null`: it does not. */
export function rescanOf({ triggers, document, jobs }: WorkflowView): Range | null {
  const schedule = triggers.get('schedule');
  if (!schedule) return null;
  return scannerName.test(document.text) || jobs.some(({ uses }) => uses?.kind === 'repository') ? schedule.range : null;
}
