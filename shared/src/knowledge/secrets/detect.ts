import { range } from '../../base/text/range';
import { findFormats, type FoundSecret } from './formats';
import { isNamedAfter } from './obvious';

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
    'reset hint strength check validator validation review reviewer location folder hostname domain language locale timezone level color title state'
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
  // names a cluster, for its members to know each other by
  'initial_cluster_token',
  'skip_auth',
  'require_auth',
  'use_auth',
  'enable_auth',
  // the half of a pair that only says whose it is
  'aws_access_key',
  's3_access_key',
  'minio_access_key',
]);

/** Variables from which command line clients read a password: libpq, the client of MySQL, sshpass. */
export const clientPasswords: ReadonlySet<string> = new Set(['PGPASSWORD', 'MYSQL_PWD', 'SSHPASS']);

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

/** What every name of a secret holds somewhere: most names are done with it. */
const hints = /pass|pw|psw|secret|token|key|cred|auth|pat|dockerconfigjson/i;

/** Whether a variable of this name holds a secret, as far as the name tells. Look at the value too: see `secretValueKind`. */
export function isSecretName(name: string): boolean {
  if (!hints.test(name)) return false;
  const words = wordsOf(name);
  const normal = words.join('_');
  if (known.has(normal)) return true;
  if (exempt.has(normal) || publicPrefixes.some(prefix => normal.startsWith(prefix))) return false;
  const last = words.at(-1);
  // `MAX_TOKEN` counts, whatever it counts
  if (last === undefined || words.includes('public') || words[0] === 'max' || words[0] === 'min') return false;
  if (harmlessSuffixes.has(last)) return false;
  if (secretWords.has(last) || (words.length > 1 && lastWords.has(last))) return true;
  if (last === 'auth') return words.length > 1 && /^(http|basic|npm|proxy|redis|smtp)$/.test(words.at(-2)!);
  // `PGPASSWORD`, `DBPASSWORD`, `GITHUBTOKEN`: the word is glued to another.
  if (/(?:password|passwd|secret|apikey|secretkey|accesskey|privatekey|authtoken|accesstoken)$/.test(last)) return true;
  // `LDAP_ROOTPASS`, `DBPASS`
  if (/^(?:root|admin|user|db|bind|ldap|sql|mysql|pg|smtp|mail|redis|mongo|keystore|truststore|store)(?:pass|pwd)$/.test(last)) return true;
  if ((last === 'key' || last === 'keys') && words.length > 1 && keyWords.has(words.at(-2)!)) return true;
  return words.length > 1 && firstWords.has(words[0]!) && !words.slice(1).some(word => harmlessSuffixes.has(word));
}

/**
 * What kind of value follows a secret's name. Only `literal` gives the secret away; `default` is a literal that everybody tries first
 * (`changeme`). `placeholder` is text that a person replaces, `variable` text that a tool replaces.
 */
export type SecretValueKind = 'empty' | 'variable' | 'placeholder' | 'boolean' | 'path' | 'default' | 'literal';

const defaults = new Set(
  'changeme change-me change_me password passw0rd admin root secret test guest postgres mysql example default letmein qwerty 123456 12345678 1234 minioadmin'.split(
    ' ',
  ),
);

/** Three and more words of letters alone, and one that only a sentence has: what is said of a secret, not a passphrase. */
const prose = /^[A-Za-z][a-z']{0,20}(?: [A-Za-z][a-z']{0,20}){2,30}[.!]?$/;
const sentence = /(?:^| )(?:is|are|was|be|been|not|the|this|that|will|should|must|has|for|of)(?: |$)/i;

/** Quotes that are part of a value, where a list or a file of variables keeps them. */
const quoted = /^"(.*)"$|^'(.*)'$/;

/** Says what kind of value a text is. */
export function secretValueKind(value: string): SecretValueKind {
  const bare = value.trim();
  const [, double, single] = quoted.exec(bare) ?? [];
  const text = (double ?? single)?.trim() ?? bare;
  if (text === '') return 'empty';
  const lower = text.toLowerCase();
  if (
    /^(?:your|my)[A-Z]/.test(text) ||
    /^some[-_ ](?:[a-z]{1,20}[-_ ])?(?:pass|secret|token|key|value|random)|^\*{1,4}[a-z ]{1,40}\*{1,4}$/.test(lower)
  )
    return 'placeholder';
  if (
    /^\$\$?[A-Za-z_{(]/.test(text) ||
    text.includes('{{') ||
    text.includes('#{') ||
    text.includes('${') ||
    text.includes('$(') ||
    text.includes('\uE000') ||
    text.startsWith('%(') ||
    /%[A-Za-z_][\w.-]{2,100}%/.test(text)
  )
    return 'variable';
  if (/^(?:true|false|yes|no|on|off|null|none|nil|undefined|enabled|disabled|required|optional|[01])$/.test(lower)) return 'boolean';
  // an address says where, not with what
  if (/^\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?$|^localhost(?::\d+)?$/.test(lower)) return 'path';
  if (/^<.*>$|^\[.*\]$|^\*+$|^x{2,}(?:[-_ ]x{2,})*$|^xxx[^a-z0-9]|^x{5,}|^\.{3,}$|^-+$|^\?+$|^_+$/.test(lower)) return 'placeholder';
  if (
    /^(?:your|replace|insert|todo|tbd|fixme|dummy|placeholder|redacted|masked|enter|put|fill|add|example|sample|fake|invalid)(?:$|[^a-z0-9])/.test(
      lower,
    )
  )
    return 'placeholder';
  if (
    /(?:^|[-_ ])(?:example|sample|placeholder|dummy)(?:$|[-_ ])/.test(lower) ||
    (secretWords.has(lower.replace(/[-_ ]/g, '')) && !defaults.has(lower))
  )
    return 'placeholder';
  if (/^(?:dummy|fake|placeholder|redacted|not[-_ ]?(?:a-?)?(?:real-?)?(?:secret|needed|used|required|set)|insecure)/.test(lower))
    return 'placeholder';
  if (/(?:replace|change|your|put|insert)[_ -]?(?:me|this|it|here)(?:$|[^a-z])/.test(lower) && !defaults.has(lower)) return 'placeholder';
  if (/^(?:\.{0,2}\/|~\/|[A-Za-z]:\\|file:\/\/|vault:|ref\+|arn:|sops:|op:\/\/|projects\/)/.test(text) && !/\s/.test(text)) return 'path';
  // what a person is asked for, in capitals as metasyntactic names are
  if (/^(?:[A-Z]{1,20}_)?(?:PASSWORD|PASSWD|TOKEN|SECRET|KEY)$/.test(text)) return 'placeholder';
  if (prose.test(text) && sentence.test(text)) return 'placeholder';
  return defaults.has(lower) ? 'default' : 'literal';
}

/** Whether a value behind a secret's name gives a secret away: a literal, a well-known default among them. */
export function isSecretLiteral(value: string): boolean {
  const kind = secretValueKind(value);
  return kind === 'literal' || kind === 'default';
}

/**
 * The secrets that a text gives away by their form, in order and without overlaps: tokens, private keys and logins of known formats, passwords in
 * addresses. Linear, and cheap on text that has none; of a Secret's base 64 give it what `decodeLatin1` makes of it.
 */
export function findSecrets(text: string): readonly FoundSecret[] {
  const formats = findFormats(text);
  const addresses = findLogins(text);
  if (addresses.length === 0) return formats;
  const free = addresses.filter(({ range: a }) => !formats.some(({ range: f }) => a.start < f.end && f.start < a.end));
  return [...formats, ...free].sort((a, b) => a.range.start - b.range.start);
}

/** The first secret that a text gives away by its form; `null`: none. See `findSecrets`. */
export function findSecretValue(text: string): FoundSecret | null {
  return findSecrets(text)[0] ?? null;
}

/**
 * The secret that a pair of a name and its value gives away: one of a known format, any literal behind a name that says so, something random behind
 * a name that hints at it. `null`: none. The range is in the value.
 */
export function findNamedSecret(name: string, value: string): FoundSecret | null {
  const formed = findSecretValue(value) ?? findOption(value);
  if (formed) return formed;
  const named = isSecretName(name) ? isSecretLiteral(value) && !isFingerprint(value) : suggestsSecret(name) && isRandom(value);
  // A value that repeats the name stands for one that is filled in.
  return named && !value.toUpperCase().includes(name.toUpperCase()) ? { title: 'secret', range: range(0, value.length) } : null;
}

/** Options of servers and clients that take a password, in a variable that holds flags: `--requirepass hunter2`. */
const option =
  /(?:^|[\s"'])--?(?:requirepass|masterauth|passw(?:or)?d|admin-password|auth-token|secret-key|api-key)[= ]["']?([^\s"']{1,200})/;

function findOption(value: string): FoundSecret | null {
  const match = value.includes('-') ? option.exec(value) : null;
  if (!match || !isSecretLiteral(match[1]!) || match[1]!.startsWith('-')) return null;
  const end = match.index + match[0].length;
  return { title: 'password in an option', range: range(end - match[1]!.length, end) };
}

/** A secret that a text assigns to a name. */
export interface AssignedSecret extends FoundSecret {
  readonly name: string;
}

const stems = /pass|pwd|psw|secret|token|key|cred|auth|_pat/i;
/** What the name of a secret (see `hints`) looks like in front of its sign: cheaper than to look at every assignment. */
const hinted = /(?:pass|pw|psw|secret|token|key|cred|auth|pat|dockerconfigjson)[\w.-]{0,80}["'\\]{0,2}[ \t]{0,4}[=:]/i;
/** `name = value`, `name: value`, `"name": "value"`; no option of a command, no part of a longer name. */
const assignment =
  /(?<![\w$.{-])([A-Za-z_][\w.-]{0,80})(["'\\]{0,2})[ \t]{0,4}(=|:)[ \t]{0,4}(?:\\?"([^"\n\\]{1,300})\\?"|'([^'\n]{1,300})'|([^\s"'`;&|<>(){}[\],\\]{1,300}))/g;
const codeWord =
  /^(?:str|string|int|bool|self|this|process|os|env|config|settings|params|args|options|req|request|data|ctx)\b|\.\*|^[.*+?]/i;

/**
 * The secrets that a text of settings (properties, YAML, JSON, a script) assigns to names that say so, as literals; in order. Comments, variables,
 * placeholders and what looks like code are left out.
 */
export function findAssignedSecrets(text: string): readonly AssignedSecret[] {
  if (!stems.test(text) || !hinted.test(text)) return [];
  const found: AssignedSecret[] = [];
  let line = 0;
  let end = text.indexOf('\n');
  assignment.lastIndex = 0;
  for (let match = assignment.exec(text); match !== null; match = assignment.exec(text)) {
    const [all, name, mark, sign, double, single, bare] = match;
    const value = double ?? single ?? bare!;
    if (!isSecretName(name!)) {
      // The value may be settings itself: `url=http://x/?token=...`.
      assignment.lastIndex = match.index + all.lastIndexOf(value);
      continue;
    }
    if (!isWrittenOut(name!, value, sign === '=' || mark !== '' || bare === undefined)) continue;
    // A call or an index, not a word.
    if (bare !== undefined && /[([{]/.test(text.charAt(match.index + all.length))) continue;
    for (; end >= 0 && end < match.index; end = text.indexOf('\n', line)) line = end + 1;
    comment.lastIndex = line;
    if (comment.test(text)) continue;
    const start = match.index + all.lastIndexOf(value);
    found.push({ title: 'secret', name: name!, range: range(start, start + value.length) });
  }
  return found;
}

const comment = /[ \t]{0,200}(?:#|\/\/|--)/y;

/** Whether a value in free text is a secret written out: a word with a digit or sign in it, or a default that everybody tries; without quotes or sign only the former. */
function isWrittenOut(name: string, value: string, certain: boolean): boolean {
  if (value.length < 4 || /[\s${}<>()[\]]/.test(value) || codeWord.test(value) || value.toLowerCase().includes(name.toLowerCase()))
    return false;
  // what a script calls SECRET is more often the name of one of the cluster
  if (/^secret$/i.test(name) && /^[a-z]+(?:-[a-z\d]+)+$/.test(value)) return false;
  const kind = secretValueKind(value);
  if (kind === 'default') return true;
  return kind === 'literal' && !isFingerprint(value) && (/\d/.test(value) || (certain && value.length >= 6));
}

/** Words that hint at a secret: only together with a value that looks random. */
const tellingWords = new Set(
  'key keys auth authorization pass pwd pin seed salt pepper cookie session bearer login signature dsn cred creds license pat csrf nonce mnemonic'.split(
    ' ',
  ),
);
/** Words whose keys are not secrets. */
const openWords = new Set(
  'gpg gpgkey pgp public cache primary foreign partition sort group host ssh fingerprint checksum sha sha1 sha256 sha512 md5 hash digest commit revision rev id ids'.split(
    ' ',
  ),
);

/** Whether a name only hints at a secret: look at whether the value `isRandom`. */
export function suggestsSecret(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || !tellingWords.has(last) || words.some(word => openWords.has(word))) return false;
  const normal = words.join('_');
  return !publicPrefixes.some(prefix => normal.startsWith(prefix));
}

/** The fingerprint of a public key, which signing keys are named by. */
const fingerprint = /^(?:0x)?(?:[0-9A-F]{16}|[0-9A-F]{40})$/;

/** Whether a value is the fingerprint or the long id of a public key. */
export function isFingerprint(value: string): boolean {
  return fingerprint.test(value.replaceAll(' ', ''));
}

/** Bits that each character of a text carries, by how often each occurs in it (Shannon). */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Whether a value looks made by a machine: one long run of letters and digits without order. Words, versions, addresses and fingerprints are none. */
export function isRandom(value: string): boolean {
  if (value.length < 20 || value.length > 2000 || !isSecretLiteral(value) || isFingerprint(value) || /\s|:\/\//.test(value)) return false;
  const run = /[A-Za-z0-9+/=_]{20,}/.exec(value)?.[0] ?? '';
  if (!/\d[^\d]+\d|\d\d/.test(run) || !/[A-Za-z]/.test(run)) return false;
  return entropyOf(run) >= (/^[0-9a-fA-F]+$/.test(run) ? 3 : 3.6);
}

/** A password that says itself that it is one of tests. */
const ofTests = /^(?:test(?:ing)?|dummy|fake|sample)[-_]?(?:pass(?:word|wd)?|pw|secret)$/;

/** `scheme://user:password@host`, and `scheme://token@host`: the ranges are the secrets'. Placeholders and variables are not passwords. */
function findLogins(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const start = at + 3;
    let stop = start;
    let colon = -1;
    let sign = -1;
    for (; stop < text.length && stop - start < 1000; stop++) {
      const char = text.charAt(stop);
      if (char === '/' || char === '?' || char === '#' || char === '"' || char === "'" || char === '`' || char <= ' ') break;
      if (char === ':' && colon < 0) colon = stop;
      if (char === '@') sign = stop;
    }
    if (sign < 0 || !/[A-Za-z0-9]/.test(text.charAt(at - 1)) || !/[A-Za-z0-9[$]/.test(text.charAt(sign + 1))) continue;
    if (colon < 0 || colon > sign) {
      if (isRandom(text.slice(start, sign))) found.push({ title: 'token in a URL', range: range(start, sign) });
    } else if (sign > colon + 1 && isAddressPassword(text.slice(colon + 1, sign))) {
      const password = text.slice(colon + 1, sign).toLowerCase();
      const guessable = defaults.has(password) || ofTests.test(password) || isNamedAfter(text.slice(start, colon), password);
      found.push({ title: 'password in a URL', range: range(colon + 1, sign), guessable });
    }
  }
  return found;
}

/** Whether what stands in an address as a password is one: not the word itself, a letter for it, or something to be filled in. */
function isAddressPassword(password: string): boolean {
  return (
    isSecretLiteral(password) &&
    !/^(?:pass|pwd|pw|passwd|password|secret|token|[px]|\.\.\.)$|[<>{}[\]*]|%(?![0-9a-f]{2})|^(?:your|my)[_-]?/i.test(password)
  );
}

/** A text with the secrets in it that show by their form replaced, for messages and logs. */
export function maskSecrets(text: string): string {
  let masked = '';
  let at = 0;
  for (const { range: place } of findSecrets(text)) {
    masked += `${text.slice(at, place.start)}********`;
    at = place.end;
  }
  return at === 0 ? text : masked + text.slice(at);
}
