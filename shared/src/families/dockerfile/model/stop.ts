import type { ShellCommand } from '../../../syntax/shell/types';
import { chainInstructions } from './chain';
import type { Stage } from './types';

/**
 * What process 1 does on SIGTERM where the program that it runs does not handle it. The kernel gives process 1 no default action
 * (pid_namespaces(7)); `interrupt`: the interpreter handles SIGINT instead, as Python does. Measured in containers on 2026-11-26: `python a.py`
 * and `node a.js` are killed after the grace time, Python ends in 0.4 s on SIGINT, Node does on neither.
 */
export type StopHabit = 'deaf' | 'interrupt';

/** Interpreters that handle neither signal. */
const deaf: ReadonlySet<string> = new Set('node nodejs php perl'.split(' '));

/** Modules and programs of Python that handle SIGTERM: servers that finish their requests, workers that finish their jobs. */
const handlers =
  /(?:^|[/.])(?:gunicorn|uvicorn|hypercorn|daphne|celery|rq|supervisord?|granian|uwsgi|runserver|gevent|ddtrace-run|aiohttp\.web)(?:$|\W)/;

/** The habit of a program that starts as process 1; `null`: it ends on SIGTERM, or is not known. */
export function stopHabit({ name, args }: ShellCommand): StopHabit | null {
  const words = args.map(({ text, raw }) => text ?? raw);
  if (name === null || !words.some(word => !word.startsWith('-') || word === '-m')) return null;
  if (deaf.has(name)) return 'deaf';
  // its server for development leaves the signals to Python
  if (name === 'flask') return words.includes('run') ? 'interrupt' : null;
  return /^python[\d.]*$/.test(name) && !words.some(word => handlers.test(word)) ? 'interrupt' : null;
}

/** Whether a program only keeps a container running: it handles no signal, whatever it is given. */
export function isIdler({ name }: ShellCommand): boolean {
  return name === 'tail' || name === 'sleep';
}

/** Whether a stage or a base of it says with which signal it is stopped. */
export function hasStopSignal(stage: Stage): boolean {
  return chainInstructions(stage).some(({ keyword, onbuildParent }) => keyword === 'STOPSIGNAL' && !onbuildParent);
}
