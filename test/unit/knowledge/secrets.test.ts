import { describe, expect, it } from 'vitest';
import { fc } from '../../support/property';
import { code, github, hex, key, noise, secretSamples, token, urlCode } from '../../support/secrets';
import {
  findAssignedSecrets,
  findNamedSecret,
  findSecrets,
  findSecretValue,
  isSecretName,
  maskSecrets,
  secretValueKind,
} from '../../../shared/src/knowledge/secrets/detect';
import { expectLinear } from '../../support/growth';

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
    'MAX_TOKEN',
    'REGISTRY_AUTH',
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
    'SECRET_LOCAL_HOSTNAME',
    'SECRET_FORCED_LANGUAGE',
    'AWS_ACCESS_KEY',
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
  ['"none"', 'boolean'],
  ["'<PRIVKEY>'", 'placeholder'],
  ['%kernel.project_dir%/config/jwt/private.pem', 'variable'],
  ['0.0.0.0', 'path'],
  ['XXX-XXX', 'placeholder'],
  ['EXAMPLE_TOKEN', 'placeholder'],
  ['token', 'placeholder'],
  ['**None**', 'placeholder'],
  ['yourCloudflareApiToken', 'placeholder'],
  ['some-password', 'placeholder'],
  ['#{ dns.token }#', 'variable'],
  ['something', 'literal'],
  ['invalid_key_but_this_is_fine', 'placeholder'],
  ['MyCloudflareApiToken # change this', 'placeholder'],
  ['password', 'default'],
  ['"s3cr3t!"', 'literal'],
  ['p%a%ss', 'literal'],
  ['s3cr3t!', 'literal'],
  ['hunter2', 'literal'],
  ['pa$$word', 'literal'],
])('the value %j is %s', (value, kind) => expect(secretValueKind(value)).toBe(kind));

describe('findSecrets', () => {
  it.each(secretSamples)('%s', (title, secret) => {
    for (const text of [secret, `A="${secret}"`, `x ${secret}\ny`, `A=1 B=${secret};`]) {
      const [found, ...more] = findSecrets(text);
      expect(found?.title).toBe(title);
      expect(text.slice(found!.range.start, found!.range.end)).toBe(secret);
      expect(more).toEqual([]);
    }
  });

  it.each([
    ['npm login', `//registry.acme.example/:_authToken=${noise(30)}`, noise(30)],
    ['registry login', `{"auths":{"r.example":{"auth":"${code('bot:h0rse-staple')}"}}}`, code('bot:h0rse-staple')],
    ['basic authentication', `Authorization: Basic ${code('bot:h0rse-staple')}`, code('bot:h0rse-staple')],
    ['password in a URL', 'postgres://app:h0rse-staple@db:5432/app', 'h0rse-staple'],
    ['password in a URL', 'redis://:h0rse-staple@db', 'h0rse-staple'],
    ['password in a URL', 'amqp://u:p@ss@host', 'p@ss'],
    ['password in a URL', 'amqp://u:a%40bcdef@host', 'a%40bcdef'],
    ['token in a URL', `https://${noise(40, hex)}@git.example/x`, noise(40, hex)],
    [
      'GitHub token',
      `x ghs_1234_${urlCode({ alg: 'RS256' })}.${urlCode({ iss: '1234' })}.${noise(43)}`,
      `ghs_1234_${urlCode({ alg: 'RS256' })}.${urlCode({ iss: '1234' })}.${noise(43)}`,
    ],
    ['GitLab token', `https://ci:glpat-${noise(20)}@git.example/x`, `glpat-${noise(20)}`],
  ])('%s', (title, text, secret) => {
    const found = findSecretValue(text)!;
    expect(found.title).toBe(title);
    expect(text.slice(found.range.start, found.range.end)).toBe(secret);
  });

  it.each([
    ['postgres://app:testing-password@db', true],
    ['postgres://app:test_pw@db', true],
    ['postgres://app:app@db', true],
    ['postgres://app:h0rse-staple@db', false],
    ['postgres://app:latest-password7@db', false],
  ])('%s: what everybody tries, and what tests take', (text, guessable) => expect(findSecretValue(text)!.guessable).toBe(guessable));

  it.each([
    '',
    'https://example.com/a:b@c',
    'postgres://app:${PASSWORD}@db',
    'postgres://app:password@db',
    'postgres://app:<password>@db',
    'https://user:%PASSWORD%@db',
    'http://host:8080/x@y',
    'https://git@github.com/a/b',
    'sk-learn',
    'AKIA',
    'AKIA' + 'IOSFODNN7EXAMPLE',
    'ghp_' + 'x'.repeat(36),
    // no checksum: nothing that GitHub made
    'ghp_' + noise(36),
    'github_pat_' + noise(40),
    'npm_config_cache_dir_of_this_build_in_folder',
    'grep -q "-----BEGIN RSA PRIVATE ' + 'KEY-----" file',
    'mailto:a@b',
    'eyJhbGciOi.eyJub3RoaW5n.c2lnbmF0dXJlLWhlcmU',
    `${urlCode({ alg: 'HS256' })}.${urlCode({ sub: '1234567890', name: 'John Doe' })}.${noise(43)}`,
    `Basic ${code('no login at all')}`,
    `Basic ${code('user:password')}`,
  ])('finds nothing in %j', text => expect(findSecrets(text)).toEqual([]));

  it('finds all of them, in order', () => {
    const text = `a ${github('ghp')} https://u:h0rse-st@x ${key('')} npm_${noise(36)}`;
    expect(findSecrets(text).map(f => f.title)).toEqual(['GitHub token', 'password in a URL', 'private key', 'npm token']);
  });

  it('gives ordered, separate places within the text, whatever the text', () => {
    const piece = fc.constantFrom(
      github('gho'),
      '://',
      ':',
      '@',
      'a',
      ' ',
      '-----BEGIN ',
      key(''),
      'eyJ',
      token,
      '"auth":"',
      '\n',
      'Basic ',
      'xoxb-1',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), pieces => {
        const text = pieces.join('');
        let last = 0;
        for (const { range } of findSecrets(text)) {
          expect(range.start).toBeGreaterThanOrEqual(last);
          expect(range.end).toBeGreaterThan(range.start);
          last = range.end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it.each([
    'eyJ',
    '://',
    'a:',
    'sk-ant-',
    '-----BEGIN ',
    'AccountKey=A',
    'xoxb-',
    '_',
    'AKIA',
    '"auth"',
    'Basic ',
    '://a:b@',
    'eyJa.eyJb.',
    '-----BEGIN PRIVATE ' + 'KEY-----\n' + noise(24),
  ])('takes linear time over %j', part => {
    expectLinear(part, n => part.repeat(n), findSecrets, 40_000);
  });
});

describe('findNamedSecret', () => {
  it.each([
    ['DB_PASSWORD', 'hunter2'],
    ['AWS_SECRET_ACCESS_KEY', noise(40)],
    ['LICENSE_KEY', noise(32)],
    ['COOKIE_SALT', noise(40, hex)],
    ['URL', 'postgres://a:h0rse-staple@db'],
  ])('%s=%s', (name, value) => expect(findNamedSecret(name, value)).not.toBeNull());

  it.each([
    ['DB_PASSWORD', '${PW}'],
    ['DB_PASSWORD', ''],
    ['DB_PASSWORD_FILE', '/run/secrets/db'],
    ['API_KEY', 'YOUR_API_KEY'],
    ['LOGIN_COOKIE', 'none-of-your-business'],
    ['CACHE_KEY', noise(40, hex)],
    ['RELEASE_SIGNING_KEY', noise(40, '0123456789ABCDEF')],
    ['COMMIT', noise(40, hex)],
    ['ARTIFACT_SHA256', noise(64, hex)],
    ['PUBLIC_KEY', noise(60)],
  ])('%s=%s is none', (name, value) => expect(findNamedSecret(name, value)).toBeNull());
});

describe('findAssignedSecrets', () => {
  const assigned = (text: string): string[] =>
    findAssignedSecrets(text).map(({ name, range }) => `${name}=${text.slice(range.start, range.end)}`);

  it.each([
    ['db.password=h0rse-staple', ['db.password=h0rse-staple']],
    ['password: h0rse\ntoken: "abcdefg"', ['password=h0rse', 'token=abcdefg']],
    ['{"client_secret":"h0rse-staple","port":80}', ['client_secret=h0rse-staple']],
    ['{\\"client_secret\\": \\"h0rse-staple\\"}', ['client_secret=h0rse-staple']],
    ["apiKey = 'h0rse-staple'", ['apiKey=h0rse-staple']],
    ['# one\nADMIN_PASSWORD=admin', ['ADMIN_PASSWORD=admin']],
    ['url=http://x/?token=h0rse1', ['token=h0rse1']],
  ])('finds the secrets of %j', (text, expected) => expect(assigned(text)).toEqual(expected));

  it.each([
    '',
    'key: value',
    'password:',
    'password: ${DB_PASSWORD}',
    'password = get_password("a1")',
    'password: string',
    'token = self.token1',
    '  # password: h0rse1',
    '// token = "h0rse1"',
    'password: password1',
    '--password=h0rse1',
    '$PASSWORD=h0rse1',
    'password: "two words 1"',
    'public_token: h0rse1',
    'token_file: h0rse1',
    's/password=.*/password=/',
    'const secret = secrets[0]',
  ])('finds nothing in %j', text => expect(assigned(text)).toEqual([]));

  it.each(['API_TOKEN=h0rse-st1 ', 'token:', '"password":"', 'a.b-c_', '# password=h0rse1\n'])('takes linear time over %j', part => {
    expectLinear(part, n => part.repeat(n), findAssignedSecrets, 30_000);
  });
});

it('masks what it finds and nothing else', () => {
  expect(maskSecrets(`a ${github('ghp')} b postgres://a:h0rse-staple@db`)).toBe('a ******** b postgres://a:********@db');
  expect(maskSecrets('nothing here')).toBe('nothing here');
});
