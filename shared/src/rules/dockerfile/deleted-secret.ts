import { isSecretFile } from '../../knowledge/secret-files';
import { derive } from '../../model/derived';
import { isShipped } from '../../model/dockerfile/chain';
import { findWritten, holds, removedBy, writtenFiles } from '../../model/dockerfile/files';
import type { Stage } from '../../model/dockerfile/types';
import { defineRule, left } from '../../rule/define-rule';

const writtenSecrets = derive((stage: Stage) => writtenFiles(stage).filter(w => isSecretFile(w.path)));

export const rule = defineRule({
  id: 'dockerfile/deleted-secret',
  title: 'Secret deleted only in a later layer',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: { cisDocker: ['4.10'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.001'], cwe: ['CWE-538', 'CWE-212'] },
  messages: {
    later: { text: '"{file}" is only hidden here: the layer that added it still holds it' },
    added: { text: 'Here "{file}" becomes part of a layer' },
  },
  on: {
    command(view, report) {
      const { name } = view.command;
      if ((name !== 'rm' && name !== 'unlink' && name !== 'shred') || !view.stage || !isShipped(view.stage)) return;
      const { index } = view.instruction;
      for (const removed of removedBy(view)) {
        const added = findWritten(view.stage, writtenSecrets, w => w.instruction.index < index && holds(removed.path, w.path));
        if (!added) continue;
        const file = added.path.slice(added.path.lastIndexOf('/') + 1);
        report(
          removed.range,
          'later',
          { file },
          report.related(added.range, 'added', { file }),
          left('manual', 'the secret has to be replaced'),
        );
      }
    },
  },
});
