import { createEngine } from '../../shared/src/engine/create-engine';
import { serveWorker } from '../../server/src/host/node/serve';
import { fakeRules } from './server-rules';
import { trickRules } from './trick-rules';

const engine = createEngine(process.env['FAKE_TRICKS'] === '1' ? [...fakeRules, ...trickRules] : fakeRules);
const open: typeof engine.open = file => {
  const opened = engine.open(file);
  const facts: typeof opened.facts = () => {
    // what hangs may be in a file that nobody has opened in the editor
    while (file.text.includes('hang the index'));
    return opened.facts();
  };
  return { ...opened, facts };
};

serveWorker(
  { ...engine, open },
  () =>
    Promise.resolve({
      'kubernetes/fake-privileged': '# Privileged\n\nA privileged container *is* the node.\n\n## Reported\n\n```yaml\nx: 1\n```\n',
    }),
  process.env['FAKE_PAGES'] ?? null,
);
