import { defineRule } from '../../../rule/define-rule';
import type { NamedValue, StepView } from '../model/types';
import { textOf, valueOf } from '../model/values';

/** The input that holds a key of a cloud, and what takes its place; `null`: the step has none. */
function keyOf({ uses, inputs }: StepView): { readonly value: NamedValue; readonly instead: string } | null {
  const found = (name: string, instead: string): ReturnType<typeof keyOf> => {
    const value = valueOf(inputs, name);
    return value?.node && value.text !== '' ? { value, instead } : null;
  };
  switch (uses?.kind === 'repository' ? uses.name : '') {
    case 'aws-actions/configure-aws-credentials':
      // a key and a role: the key is what gets the role; a key of a session ends with that
      if ((textOf(inputs, 'aws-session-token') ?? '') !== '') return null;
      return found('aws-access-key-id', 'role-to-assume');
    case 'google-github-actions/auth':
      return found('credentials_json', 'workload_identity_provider');
    case 'azure/login':
      return found('creds', 'client-id, tenant-id and subscription-id');
    case 'docker/login-action': {
      const user = textOf(inputs, 'username') ?? '';
      if (/^_json_key(?:_base64)?$/.test(user)) return found('username', 'an access token from google-github-actions/auth');
      const isEcr = (textOf(inputs, 'registry') ?? '').includes('.dkr.ecr.');
      return isEcr && /access_?key/i.test(user) ? found('username', 'aws-actions/configure-aws-credentials with role-to-assume') : null;
    }
    default:
      return null;
  }
}

export const rule = defineRule({
  id: 'workflow/long-lived-credential',
  title: 'Static cloud key where OIDC works',
  severity: 'info',
  category: 'secrets',
  profile: 'recommended',
  references: { cwe: ['CWE-522'], links: ['https://docs.github.com/actions/concepts/security/openid-connect'] },
  messages: { key: { text: 'This key works until it is revoked; an OIDC identity expires with the job: use {instead}' } },
  on: {
    step(step, report) {
      const key = keyOf(step);
      if (key) report(key.value.node!.range, 'key', { instead: key.instead });
    },
  },
});
