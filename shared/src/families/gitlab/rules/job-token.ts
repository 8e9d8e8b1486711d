import { defineRule, noFix } from '../../../rule/define-rule';
import { written } from '../../../rule/pipeline/commands';
import type { ShellWord } from '../../../syntax/shell/types';

const token = /^CI_JOB_TOKEN$/;
const holdsToken = ({ variables }: ShellWord): boolean => variables.some(({ name }) => token.test(name));

/** The scheme and host of an address, after a login, where the word says which. */
const address = /^(https?):\/\/(?:[^/@\s]{1,300}@)?([^/:?#$\s]{1,300})(?::\d{1,5})?(?=[/?#]|$)/i;
const local = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

export const rule = defineRule({
  id: 'gitlab/job-token',
  title: 'Job token exposed',
  severity: 'warning',
  category: 'secrets',
  profile: 'recommended',
  references: { cwe: ['CWE-522'], links: ['https://docs.gitlab.com/ci/jobs/ci_job_token/'] },
  peers: { glsec: ['GL004'] },
  messages: {
    foreign: { text: '{host} gets the job token, and can use it until the job ends' },
    plain: { text: 'The job token is sent without TLS', severity: 'error', profile: 'baseline' },
    kept: {
      text: 'git keeps the job token in its configuration, where everything that runs later in the folder can read it',
      severity: 'hint',
      profile: 'strict',
    },
  },
  on: {
    script(line, report) {
      for (const { name, args } of line.script()?.commands ?? []) {
        const sent = /^(?:curl|wget|http|https|git)$/.test(name ?? '') ? args.filter(holdsToken) : [];
        if (sent.length === 0) continue;
        for (const word of args) {
          const text = written(line, word).replace(/^--?[\w-]{1,30}=["']?/, '');
          const [, scheme, host] = address.exec(text) ?? [];
          if (scheme === undefined || host === undefined || local.test(host)) continue;
          if (scheme.toLowerCase() === 'http') report(word.range, 'plain', {}, noFix('manual'));
          else if (name !== 'git' && !text.includes('/api/v4/') && !/gitlab/i.test(host))
            report(word.range, 'foreign', { host }, noFix('manual'));
        }
        const [verb, sub] = args.filter(({ raw }) => !raw.startsWith('-'));
        const keeps = name === 'git' && (verb?.raw === 'clone' || (verb?.raw === 'remote' && /^(?:add|set-url)$/.test(sub?.raw ?? '')));
        const url = keeps ? sent.find(word => /^https:\/\/[^/@\s]{1,300}@/i.test(written(line, word))) : undefined;
        if (url) report(url.range, 'kept', {}, noFix('manual'));
      }
    },
  },
});
