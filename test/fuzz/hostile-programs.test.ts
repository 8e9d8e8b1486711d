import { expect, test } from 'vitest';
import { programFacts } from '../../shared/src/evidence/program/program-facts';

// Programs of a workspace are read before anybody has looked at them: nothing that one says over and over may cost more than its length.

const repeated: Readonly<Record<string, string>> = {
  'keys of settings': "a['b']",
  'settings that are asked for': "c.get('x',",
  'calls in calls': 'open(',
  'files that are written': "open(x,'w')\n",
  'folders in folders': 'os.path.join(',
  'members of members': 'a.b.',
  arrows: 'a->',
  'paths that stand there': '"/var/lib/a"',
  'temporary files': 'tempfile.x() as ',
  'paths of requests': 'get ',
  'changes of the folder': 'chdir(',
  'names that get a value': "dir = x['y']\n",
  brackets: '[[(',
  'tables of TOML': '[a.b]\nc="d/e"\n',
  'keys of YAML': ' a:\n',
};

test.each(Object.entries(repeated))('%s', (_, one) => {
  for (const path of ['a.py', 'a.js', 'a.toml', 'a.yaml', 'a.conf'])
    for (const text of [one.repeat(150_000 / one.length), `${one.repeat(590 / one.length).replaceAll('\n', ' ')}\n`.repeat(250)]) {
      const started = process.cpuUsage();
      programFacts(text, path);
      expect(process.cpuUsage(started).user / 1e6, path).toBeLessThan(1);
    }
});
