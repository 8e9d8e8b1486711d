import { loginPassword } from '../../../rule/pipeline/logins';
import { clientPassword } from '../../../knowledge/secrets/client-passwords';
import { findNamedSecret, findSecretValue, isRandom, isSecretLiteral, secretValueKind } from '../../../knowledge/secrets/detect';
import { defineRule, masks, noFix } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { textRange } from '../../../syntax/yaml/text-range';
import { writtenVariables } from '../model/jobs';

const revoke = noFix('manual', 'the value must be revoked, and a new one stored in the project settings');

/** What a server of a job's own is started with, and ends with the job. */
const ofService = /^(?:POSTGRES|PG|MYSQL|MARIADB|MONGO(?:_INITDB)?|REDIS|RABBITMQ|MSSQL|SA|ELASTIC|CLICKHOUSE|MINIO|DB|DATABASE|TEST)_?/i;

export const rule = defineRule({
  id: 'gitlab/hardcoded-credential',
  title: 'Password hardcoded in the pipeline',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  supersedes: ['workflow/password-argument'],
  references: { cwe: ['CWE-798'], mitre: ['T1552.001'], links: ['https://docs.gitlab.com/ci/variables/#define-a-cicd-variable-in-the-ui'] },
  peers: { glsec: ['GL006', 'GL036', 'GL038', 'GL066'] },
  messages: {
    shaped: { text: '{name} holds a {kind} that anyone who can read the repository can use' },
    password: { text: 'Anyone who can read the repository knows the value of {name}', severity: 'warning', profile: 'recommended' },
    login: {
      text: 'Anyone who can read the repository knows the password that {program} logs in with',
      severity: 'warning',
      profile: 'recommended',
    },
    client: { text: 'Anyone who can read the repository knows the password for {program}', severity: 'hint', profile: 'strict' },
    weak: { text: 'Anyone who can read the repository knows the value of {name}', severity: 'hint', profile: 'strict' },
  },
  on: {
    pipeline(file, report) {
      for (const { name, node, text } of writtenVariables(file)) {
        const found = node && text !== null && !node.shared ? findNamedSecret(name, text) : null;
        if (!found || !node || text === null) continue;
        const place = textRange(file.document, node);
        const range: Range = place.exact ? { start: place.range.start + found.range.start, end: place.range.start + found.range.end } : place.range; // prettier-ignore
        const shaped = findSecretValue(text);
        const value = text.slice(found.range.start, found.range.end);
        if (ofService.test(name) && (!shaped || shaped.title.endsWith('in a URL'))) continue;
        if (shaped && !shaped.guessable) {
          report(range, 'shaped', { name, kind: shaped.title }, masks(range), revoke);
          continue;
        }
        // as makers write it into their documents
        if (/EXAMPLE|your-token/.test(value)) continue;
        const isLoud = isRandom(value) && secretValueKind(value) === 'literal' && !shaped;
        report(range, isLoud ? 'password' : 'weak', { name }, masks(range), revoke);
      }
    },
    script({ script }, report) {
      for (const command of script()?.commands ?? []) {
        const { name, args } = command;
        const login = loginPassword(command)?.value;
        const value = login?.word.text?.slice(login.from) ?? '';
        // a registry outlives the job; what tests start mostly does not
        const given = login ? null : clientPassword(command);
        if (login && isSecretLiteral(value)) report(login.word.range, 'login', { program: name ?? '' }, masks(login.word.range), revoke);
        if (given) report(given.place, 'client', { program: given.program }, masks(given.secret), revoke);
        for (const word of args) {
          const found = word.text === null || given?.place.start === word.range.start ? null : findSecretValue(word.text);
          if (found && !found.guessable) report(word.range, 'shaped', { name: name ?? '$', kind: found.title }, masks(word.range), revoke);
        }
      }
    },
  },
});
