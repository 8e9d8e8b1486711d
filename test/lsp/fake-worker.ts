import { createEngine } from '../../shared/src/engine/create-engine';
import { serveWorker } from '../../server/src/host/node/serve';
import { fakeRules } from './server-rules';
import { trickRules } from './trick-rules';

const engine = createEngine([...fakeRules, ...trickRules]);
const facts: typeof engine.facts = file => {
  // what hangs may be in a file that nobody has opened
  while (file.text.includes('hang the index'));
  return engine.facts(file);
};

serveWorker({ ...engine, facts }, () =>
  Promise.resolve({
    'kubernetes/fake-privileged': '# Privileged\n\nA privileged container *is* the node.\n\n## Reported\n\n```yaml\nx: 1\n```\n',
  }),
);
