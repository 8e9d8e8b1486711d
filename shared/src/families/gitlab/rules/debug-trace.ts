import { defineRule } from '../../../rule/define-rule';
import { removeNode } from '../../../syntax/yaml/operations';
import { writtenVariables } from '../model/jobs';

const messages: Readonly<Record<string, 'trace' | 'services'>> = { CI_DEBUG_TRACE: 'trace', CI_DEBUG_SERVICES: 'services' };

export const rule = defineRule({
  id: 'gitlab/debug-trace',
  title: 'Runner debug log turned on',
  severity: 'warning',
  category: 'secrets',
  profile: 'baseline',
  references: { cwe: ['CWE-532'], links: ['https://docs.gitlab.com/ci/variables/variables_troubleshooting/#enable-debug-logging'] },
  peers: { poutine: ['debug_enabled'], glsec: ['GL033'] },
  messages: {
    trace: { text: 'The job log shows every variable of the job, including secrets' },
    services: {
      text: "The job log includes the logs of the job's services, including the values passed to them",
      severity: 'info',
      profile: 'recommended',
    },
  },
  fixes: { remove: { title: 'Remove {name}', class: 'review' } },
  on: {
    pipeline(file, report) {
      for (const { name, range, text, path } of writtenVariables(file)) {
        const message = Object.hasOwn(messages, name) ? messages[name] : undefined;
        if (!message || !/^(?:true|1)$/i.test(text ?? '')) continue;
        report(
          range,
          message,
          {},
          report.fix('remove', () => [removeNode(path, true)], { data: { name } }),
        );
      }
    },
  },
});
