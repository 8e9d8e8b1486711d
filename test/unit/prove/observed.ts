import type { TrialObservation, TrialSubject } from '../../../shared/src/services/prove/contract';

/** A web server that works. */
const healthy: TrialObservation = {
  outcome: 'ready',
  readyMs: 400,
  exitCode: null,
  sockets: ['tcp 8080'],
  answers: [{ port: 8080, scheme: 'http', status: 200, type: 'text/html', length: 600 }],
  health: 'none',
  processes: [
    { name: 'server', uid: 0 },
    { name: 'worker', uid: 0 },
    { name: 'worker', uid: 0 },
  ],
  log: ['2026-12-01 10:00:00 listening on 8080'],
  changes: [],
  stop: { ms: 200, exitCode: 0, wasKilled: false },
  exercise: null,
};

/** What was seen of a web server, but for what a test says. */
export const observation = (differs: Partial<TrialObservation>): TrialObservation => ({ ...healthy, ...differs });

/** A Compose service that says nothing but its image. */
export const subject: TrialSubject = {
  family: 'compose',
  path: 'compose.yaml',
  platform: 'engine',
  container: {
    name: 'web',
    image: 'registry.example.com/web:1',
    entrypoint: null,
    command: null,
    environment: [],
    workdir: null,
    user: null,
    groups: [],
    readOnly: false,
    capabilities: null,
    noNewPrivileges: false,
    mounts: [],
    init: null,
    stopSignal: null,
    stopGrace: null,
    health: null,
    ports: [8080],
  },
  volumeGroup: null,
  peers: [],
  leftOut: [],
};
