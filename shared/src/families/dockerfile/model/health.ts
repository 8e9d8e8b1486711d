import { maskSecrets } from '../../../knowledge/secrets/detect';
import type { HealthCheck } from '../../../workspace/stage-start';
import type { Instruction, Stage } from './types';

/** A longer command is not told. */
const longest = 500;

/** Seconds of a duration as Go writes them; `null`: there is none, or it is none. */
function secondsOf(instruction: Instruction, name: string): number | null {
  const text = instruction.flag(name)?.value ?? '';
  const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s))+$/.test(text)) return null;
  const parts = text.split(/(?<=[a-z])(?=\d)/);
  return Math.ceil(parts.reduce((sum, part) => sum + Number.parseFloat(part) * units[part.replace(/[\d.]/g, '')]!, 0));
}

/**
 * The health check that a stage or a base of it has of its own, as whoever starts the image can run it; `null`: none, or one whose command is
 * not known, needs a shell of the image's own, or holds what may be a secret.
 */
export function healthCheckOf({ state: { healthcheck, shell }, windows }: Stage): HealthCheck | null {
  if (!healthcheck || windows || healthcheck.words[0]?.text.toUpperCase() !== 'CMD') return null;
  const words = healthcheck.execForm?.map(word => word.text) ?? null;
  const script = healthcheck.script?.text.trim() ?? '';
  if (words === null && (script === '' || shell !== null)) return null;
  const command = words ?? ['/bin/sh', '-c', script];
  const text = command.join(' ');
  // of two dollars Kubernetes makes one
  if (command.length === 0 || text.length > longest || /[\0\r\n]|\$\$/.test(text) || maskSecrets(text) !== text) return null;
  const retries = healthcheck.flag('retries')?.value ?? '';
  return {
    command,
    interval: secondsOf(healthcheck, 'interval'),
    timeout: secondsOf(healthcheck, 'timeout'),
    startPeriod: secondsOf(healthcheck, 'start-period'),
    retries: /^[1-9]\d{0,2}$/.test(retries) ? Number(retries) : null,
  };
}
