import { isSecretFile } from '../../../knowledge/secret-files';
import { memoize } from '../../../base/text/memoize';
import { isShipped } from '../model/chain';
import { trimFolder, findWritten, removedBy, writtenFiles, type WrittenFile } from '../model/files';
import type { Stage } from '../model/types';
import { defineRule, noFix } from '../../../rule/define-rule';

/** The first secret that a stage writes, for each folder that one lies in and for its own path. */
const writtenSecrets = memoize((stage: Stage): ReadonlyMap<string, WrittenFile> => {
  const first = new Map<string, WrittenFile>();
  for (const written of writtenFiles(stage)) {
    if (!isSecretFile(written.path)) continue;
    for (let path = written.path; !first.has(path); path = path.slice(0, path.lastIndexOf('/'))) first.set(path, written);
  }
  return first;
});

export const rule = defineRule({
  id: 'dockerfile/deleted-secret',
  title: 'Secret deleted only in a later layer',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: { cisDocker: ['4.10'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.001'], cwe: ['CWE-538', 'CWE-212'] },
  messages: {
    later: { text: '"{file}" is only hidden here: the layer that added it still contains it' },
    added: { text: '"{file}" becomes part of a layer here' },
  },
  on: {
    command(view, report) {
      const { name } = view.command;
      if ((name !== 'rm' && name !== 'unlink' && name !== 'shred') || !view.stage || !isShipped(view.stage)) return;
      const { index } = view.instruction;
      for (const removed of removedBy(view)) {
        const inFolder = (stage: Stage): readonly WrittenFile[] => {
          const first = writtenSecrets(stage).get(trimFolder(removed.path));
          return first ? [first] : [];
        };
        const added = findWritten(view.stage, inFolder, w => w.instruction.index < index);
        if (!added) continue;
        const file = added.path.slice(added.path.lastIndexOf('/') + 1);
        const related = report.related(added.range, 'added', { file });
        report(removed.range, 'later', { file }, related, noFix('manual', 'the secret must be replaced'));
      }
    },
  },
});
