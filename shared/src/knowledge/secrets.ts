import { range, type Range } from '../text/range';

/** Words that name a secret by themselves, as the first or the last word of a name. */
const secretWords = new Set(
  (
    'password passwords passwd passphrase pword psw secret secrets token apikey apitoken credential credentials accesskey secretkey privatekey ' +
    'authtoken accesstoken pat'
  ).split(' '),
);

/** Words that name a secret only at the end of a name. */
const lastWords = new Set(['pwd', 'pass', 'pw', 'sshpass']);

/** Of the words above, those that say so at the start of a name too; `TOKEN_BUCKET_RATE` and `PAT_COUNT` do not. */
const firstWords = new Set(['password', 'passwd', 'passphrase', 'secret', 'apikey']);

/** What makes a `key` secret. */
const keyWords = new Set(
  'api secret private access encryption encrypt signing sign master auth account storage deploy session license client app server ssh jwt hmac cipher crypto webhook'.split(
    ' ',
  ),
);

/** Words behind a secret word that turn the name into one of something else. */
const harmlessSuffixes = new Set(
  (
    'file files path paths id ids name names alias mode url uri version dir directory sock socket enabled enable disabled type length len size ttl ' +
    'expiry expires expiration lifetime timeout host port algorithm algo policy issuer audience endpoint header ref arn prefix format rotation ' +
    'required allowed count limit max min user username email region server store provider manager class namespace interval age days hours minutes ' +
    'seconds rounds iterations index public scope scopes field param parameter property label env variable mount source target command cmd helper ' +
    'reset hint strength check validator validation review reviewer location folder'
  ).split(' '),
);

/** Words in front that mark what is meant to be seen: build-time variables of web clients among them. */
const publicPrefixes = [
  'public_',
  'next_public_',
  'vite_',
  'react_app_',
  'vue_app_',
  'nuxt_public_',
  'gatsby_',
  'expo_public_',
  'storybook_',
];

/** Names that read like secrets and are none. */
const exempt = new Set([
  'gpg_key',
  'gpg_keys',
  'pwd',
  'oldpwd',
  'ssh_auth_sock',
  'kms_key_alias',
  'goprivate',
  'xauthority',
  'pass',
  'pat',
  'auth',
  'no_auth',
  'skip_auth',
  'require_auth',
  'use_auth',
  'enable_auth',
]);

/** Names that are secrets although their words do not say so. */
const known = new Set([
  'aws_secret_access_key',
  'aws_session_token',
  'docker_auth_config',
  'dockerconfigjson',
  'htpasswd',
  'rails_master_key',
  'secret_key_base',
  'app_key',
  'vault_secret_id',
  'cookie_secret',
]);

/** The words of a name, in lower case: parts between `_`, `-`, `.` and at changes from lower to upper case. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '');
}

/** Whether a variable of this name holds a secret, as far as the name tells. Look at the value too: see `secretValueKind`. */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const normal = words.join('_');
  if (known.has(normal)) return true;
  if (exempt.has(normal) || publicPrefixes.some(prefix => normal.startsWith(prefix))) return false;
  const last = words.at(-1);
  if (last === undefined || words.includes('public')) return false;
  if (harmlessSuffixes.has(last)) return false;
  if (secretWords.has(last) || (words.length > 1 && lastWords.has(last))) return true;
  if (last === 'auth') return words.length > 1 && /^(http|basic|registry|docker|npm|proxy|redis|smtp)$/.test(words.at(-2)!);
  // `PGPASSWORD`, `DBPASSWORD`, `GITHUBTOKEN`: the word is glued to another.
  if (/(?:password|passwd|secret|apikey|secretkey|accesskey|privatekey|authtoken|accesstoken)$/.test(last)) return true;
  if ((last === 'key' || last === 'keys') && words.length > 1 && keyWords.has(words.at(-2)!)) return true;
  return words.length > 1 && firstWords.has(words[0]!) && !words.slice(1).some(word => harmlessSuffixes.has(word));
}

/**
 * What kind of value stands behind a secret's name. Only `literal` gives the secret away; `default` is a literal that everybody tries first
 * (`changeme`). `placeholder` is text that a person replaces, `variable` text that a tool replaces.
 */
export type SecretValueKind = 'empty' | 'variable' | 'placeholder' | 'boolean' | 'path' | 'default' | 'literal';

const defaults = new Set(
  'changeme change-me change_me password passw0rd admin root secret test guest postgres mysql example default letmein 123456 12345678 1234 minioadmin'.split(
    ' ',
  ),
);

/** Says what kind of value a text is. Quotes must be taken off before. */
export function secretValueKind(value: string): SecretValueKind {
  const text = value.trim();
  if (text === '') return 'empty';
  const lower = text.toLowerCase();
  if (
    /^\$[A-Za-z_{(]/.test(text) ||
    text.includes('{{') ||
    text.includes('${') ||
    text.includes('$(') ||
    text.includes('\uE000') ||
    text.startsWith('%(')
  )
    return 'variable';
  if (/^(?:true|false|yes|no|on|off|null|none|nil|undefined|enabled|disabled|required|optional|[01])$/.test(lower)) return 'boolean';
  if (/^<.*>$|^\[.*\]$|^\*+$|^x{3,}$|^\.{3,}$|^-+$|^\?+$|^_+$/.test(lower)) return 'placeholder';
  if (/^(?:your|replace|insert|todo|tbd|fixme|dummy|placeholder|redacted|masked|enter|put|fill|add)(?:$|[^a-z0-9])/.test(lower))
    return 'placeholder';
  if (/(?:replace|change|your|put|insert)[_-]?(?:me|this|it|here)(?:$|[^a-z])/.test(lower) && !defaults.has(lower)) return 'placeholder';
  if (/^(?:\.{0,2}\/|~\/|[A-Za-z]:\\|file:\/\/|vault:|ref\+|arn:|sops:|op:\/\/|projects\/)/.test(text) && !/\s/.test(text)) return 'path';
  return defaults.has(lower) ? 'default' : 'literal';
}

/** Whether a value behind a secret's name gives a secret away: a literal, a well-known default among them. */
export function isSecretLiteral(value: string): boolean {
  const kind = secretValueKind(value);
  return kind === 'literal' || kind === 'default';
}

/** A secret that shows by its form alone. */
export interface FoundSecret {
  /** What it is, for a message: `GitHub token`. */
  readonly title: string;
  /** Where it stands in the text that was searched. */
  readonly range: Range;
}

/** Formats with a prefix of their own. Each starts at a word boundary and is bounded, so that a search stays linear. */
const formats: readonly (readonly [title: string, pattern: RegExp])[] = [
  ['private key', /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/],
  ['AWS access key', /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/],
  ['GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{50,255})\b/],
  ['GitLab token', /\bgl(?:pat|ptt|dt|rt|cbt|ft|soat|agent)-[A-Za-z0-9_-]{20,100}/],
  ['Slack token', /\bxox[abeoprs]-[A-Za-z0-9-]{10,200}/],
  ['Slack webhook', /\bhooks\.slack\.com\/services\/T[A-Z0-9]{5,20}\/B[A-Z0-9]{5,20}\/[A-Za-z0-9]{10,60}/],
  ['Stripe key', /\b(?:sk|rk)_live_[A-Za-z0-9]{16,200}\b/],
  ['Google API key', /\bAIza[A-Za-z0-9_-]{35}/],
  ['SendGrid key', /\bSG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{16,80}/],
  ['npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['PyPI token', /\bpypi-AgEI[A-Za-z0-9_-]{50,400}/],
  ['Docker Hub token', /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,100}/],
  ['Vault token', /\bhv[sb]\.[A-Za-z0-9_-]{20,300}/],
  ['Anthropic key', /\bsk-ant-[A-Za-z0-9_-]{20,200}/],
  ['OpenAI key', /\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,300}/],
  ['DigitalOcean token', /\bdo[opr]_v1_[a-f0-9]{64}\b/],
  ['Hugging Face token', /\bhf_[A-Za-z0-9]{30,60}\b/],
  ['age key', /\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b/],
  ['Azure storage key', /\bAccountKey=[A-Za-z0-9+/]{40,100}={0,2}/],
  ['JSON Web Token', /\beyJ[A-Za-z0-9_-]{10,4000}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{10,4000}/],
];

/** The first secret of a known format in a text: tokens by their prefix, private keys, passwords in addresses. `null`: none. */
export function findSecretValue(text: string): FoundSecret | null {
  let found: FoundSecret | null = null;
  for (const [title, pattern] of formats) {
    const match = pattern.exec(text);
    if (match && (!found || match.index < found.range.start)) found = { title, range: range(match.index, match.index + match[0].length) };
  }
  return found ?? findPasswordInAddress(text);
}

/** `scheme://user:password@host`: the range is the password's. Placeholders and variables are no passwords. */
function findPasswordInAddress(text: string): FoundSecret | null {
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const start = at + 3;
    let end = start;
    let colon = -1;
    let sign = -1;
    for (; end < text.length && end - start < 1000; end++) {
      const char = text.charAt(end);
      if (char === '/' || char === '?' || char === '#' || char === '"' || char === "'" || char <= ' ') break;
      if (char === ':' && colon < 0) colon = end;
      if (char === '@') sign = end;
    }
    if (colon < 0 || sign <= colon + 1 || !/[A-Za-z0-9]/.test(text.charAt(at - 1))) continue;
    const password = text.slice(colon + 1, sign);
    if (isSecretLiteral(password) && !/^(?:pass|pwd|password)$/i.test(password))
      return { title: 'password in an address', range: range(colon + 1, sign) };
  }
  return null;
}

/** A secret for messages: its first characters where enough others stay hidden, never its length. */
export function maskSecret(text: string): string {
  const shown = text.length >= 20 ? 4 : 0;
  return `${text.slice(0, shown)}********`;
}
