import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { findSecretValue, isSecretName, maskSecret, secretValueKind } from '../../../shared/src/knowledge/secrets';

describe('isSecretName', () => {
  it.each([
    'PASSWORD',
    'DB_PASSWORD',
    'DB_PASS',
    'MYSQL_PWD',
    'PGPASSWORD',
    'JENKINS_PSW',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'GITHUB_TOKEN',
    'npm_token',
    'apiKey',
    'API_KEY',
    'STRIPE_SECRET_KEY',
    'SECRET_KEY_BASE',
    'clientSecret',
    'AZURE_STORAGE_KEY',
    'JWT_SECRET',
    'SSH_PRIVATE_KEY',
    'REDIS_AUTH',
    'PASSWORD_HASH',
    'GITHUB_PAT',
    'APP_KEY',
    'spring.datasource.password',
  ])('%s is one', name => expect(isSecretName(name)).toBe(true));

  it.each([
    'PUBLIC_KEY',
    'SSH_PUBLIC_KEY',
    'NEXT_PUBLIC_API_KEY',
    'VITE_TOKEN',
    'POSTGRES_PASSWORD_FILE',
    'KMS_KEY_ALIAS',
    'AUTH_MODE',
    'SSH_AUTH_SOCK',
    'GPG_KEY',
    'GOPRIVATE',
    'USERNAME',
    'AWS_ACCESS_KEY_ID',
    'TOKEN_URL',
    'TOKEN_TTL',
    'MAX_TOKENS',
    'PASSWORD_MIN_LENGTH',
    'SECRET_NAME',
    'CACHE_KEY',
    'PWD',
    'KEY',
    'PATH',
    'TOKENIZERS_PARALLELISM',
    'PASSENGER_APP_ENV',
    'SECRETS_MANAGER_REGION',
    'MONKEY',
    'BYPASS',
    '',
  ])('%s is none', name => expect(isSecretName(name)).toBe(false));
});

it.each([
  ['', 'empty'],
  ['  ', 'empty'],
  ['${DB_PASSWORD}', 'variable'],
  ['$DB_PASSWORD', 'variable'],
  ['$(DB_PASSWORD)', 'variable'],
  ['{{ .Values.password }}', 'variable'],
  ['true', 'boolean'],
  ['None', 'boolean'],
  ['<your-password>', 'placeholder'],
  ['YOUR_API_KEY', 'placeholder'],
  ['REPLACE_ME', 'placeholder'],
  ['xxxxx', 'placeholder'],
  ['***', 'placeholder'],
  ['/run/secrets/db', 'path'],
  ['vault:secret/data/db#password', 'path'],
  ['changeme', 'default'],
  ['postgres', 'default'],
  ['s3cr3t!', 'literal'],
  ['hunter2', 'literal'],
  ['pa$$word', 'literal'],
])('the value %j is %s', (value, kind) => expect(secretValueKind(value)).toBe(kind));

describe('findSecretValue', () => {
  const pem = '-----BEGIN RSA PRIVATE ' + 'KEY-----';
  const github = 'ghp_' + 'a1B2'.repeat(9);
  it.each([
    [pem, 'private key', pem],
    ['key=AKIA' + 'ABCDEFGHIJKLMNOP', 'AWS access key', 'AKIA' + 'ABCDEFGHIJKLMNOP'],
    [`token ${github} end`, 'GitHub token', github],
    ['postgres://app:h0rse-staple@db:5432/app', 'password in an address', 'h0rse-staple'],
    ['amqp://u:p@ss@host', 'password in an address', 'p@ss'],
    [
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJlLWhlcmU',
      'JSON Web Token',
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJlLWhlcmU',
    ],
  ])('%s', (text, title, secret) => {
    const found = findSecretValue(text)!;
    expect(found.title).toBe(title);
    expect(text.slice(found.range.start, found.range.end)).toBe(secret);
  });

  it.each([
    '',
    'https://example.com/a:b@c',
    'postgres://app:${PASSWORD}@db',
    'postgres://app:password@db',
    'http://host:8080/x@y',
    'sk-learn',
    'AKIA',
    'mailto:a@b',
  ])('finds nothing in %j', text => expect(findSecretValue(text)).toBeNull());

  it('takes linear time', () => {
    const start = performance.now();
    for (const part of ['eyJ', '://', 'a:', 'sk-ant-', '-----BEGIN ', 'AccountKey=A', 'xoxb-', '_', 'AKIA'])
      findSecretValue(part.repeat(100_000));
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

it('shows nothing of a short secret and hides the length of a long one', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 60 }), text => {
      const masked = maskSecret(text);
      expect(masked.length).toBeLessThanOrEqual(12);
      if (text.length < 20) expect(masked).toBe('********');
    }),
  );
});
