import { range, type Range } from '../../base/text/range';
import { decodeLatin1 } from '../../base/text/base64';

/** A secret that shows by its form, or by the name beside it. */
export interface FoundSecret {
  /** What it is, for a message: `GitHub token`. */
  readonly title: string;
  /** Whether everybody tries it first: the name of its user, or a well-known default. */
  readonly guessable?: boolean;
  /** Where it is in the text that was searched. */
  readonly range: Range;
}

/** A format: what it starts with, and what must follow. `(...)` in the rest marks the secret where that is not the whole. */
interface Format {
  readonly title: string;
  readonly prefix: string;
  readonly rest: RegExp;
  /** Whether a text of this form is one, by the format's own structure. */
  readonly check: (secret: string, all: string) => boolean;
}

const end = '(?![A-Za-z0-9_-])';

/** Formats with a prefix of their own: title, prefixes, what follows. Each part is bounded, so that a search stays linear. */
const tokens: readonly (readonly [title: string, prefixes: string, rest: RegExp, check?: (secret: string) => boolean])[] = [
  ['AWS access key', 'AKIA ASIA ABIA ACCA', /[A-Z2-7]{16}/y, key => !key.endsWith('EXAMPLE')],
  ['GitHub token', 'ghp_ gho_ ghu_ ghs_ ghr_', /[A-Za-z0-9]{36,251}/y, token => token.length !== 40 || hasChecksum(token.slice(4))],
  // of installations since 2026 (github.blog/changelog, 2026-05-15)
  ['GitHub token', 'ghs_', /\d{1,20}_eyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{16,4000}/y, token => isWebToken(token.slice(token.indexOf('eyJ')))],
  ['GitHub token', 'github_pat_', /[A-Za-z0-9]{22}_[A-Za-z0-9]{59}/y],
  ['GitLab token', 'glpat- glptt- gldt- glrt- glrtr- glcbt- glft- glffct- glsoat- glagent- glimt- gloas-', /[A-Za-z0-9_-]{20,300}(?:\.[0-9a-z]{2}\.[0-9a-z]{7,9})?/y],
  ['GitLab token', 'GR1348941', /[A-Za-z0-9_-]{20}/y],
  ['Slack token', 'xoxb- xoxp- xoxa- xoxr- xoxs- xoxo-', /(?:\d{1,3}-)?\d{8,14}-(?:\d{8,14}-){0,2}[A-Za-z0-9]{16,64}/y],
  ['Slack token', 'xapp-', /\d-[A-Z0-9]{8,14}-\d{8,16}-[A-Za-z0-9]{32,128}/y],
  ['Slack token', 'xoxe- xoxe.xoxp- xoxe.xoxb-', /\d-[A-Za-z0-9]{60,250}/y],
  ['Slack webhook', 'hooks.slack.com/services/', /(T[A-Z0-9]{7,20}\/B[A-Z0-9]{7,20}\/[A-Za-z0-9]{16,60})/y],
  ['Google API key', 'AIza', /[A-Za-z0-9_-]{35}/y],
  ['Google client secret', 'GOCSPX-', /[A-Za-z0-9_-]{28}/y],
  ['npm token', 'npm_', /[A-Za-z0-9]{36}/y],
  ['npm login', '_authToken=', /"?([A-Za-z0-9._=/+-]{20,500})/y],
  ['PyPI token', 'pypi-', /AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[A-Za-z0-9_-]{50,1000}/y],
  ['Docker token', 'dckr_pat_ dckr_oat_', /[A-Za-z0-9_-]{27,40}/y],
  ['registry login', '"auth" \\"auth\\"', /\s{0,4}:\s{0,4}\\?"([A-Za-z0-9+/]{8,2000}={0,2})(?=\\?")/y, isLogin],
  ['basic authentication', 'Basic', / ([A-Za-z0-9+/]{8,2000}={0,2})/y, isLogin],
  ['token in a header', 'Authorization authorization', /["']?\s{0,3}:\s{0,3}["']?(?:[Tt]oken|[Bb]earer|[Aa]pi-?[Kk]ey) ([A-Za-z0-9._~+/-]{12,2000}={0,2})/y, isWrittenToken],
  ['bearer token', 'Bearer bearer', / ([A-Za-z0-9._~+/-]{12,2000}={0,2})/y, isWrittenToken],
  ['JSON Web Token', 'eyJ', /[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{16,4000}/y, isWebToken],
  ['Stripe key', 'sk_live_ rk_live_', /[A-Za-z0-9]{16,250}/y],
  ['SendGrid key', 'SG.', /[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/y],
  ['Vault token', 'hvs. hvb. hvr.', /[A-Za-z0-9_-]{24,300}/y],
  ['Anthropic key', 'sk-ant-', /[a-z0-9]{3,12}-[A-Za-z0-9_-]{40,200}/y],
  ['OpenAI key', 'sk-proj- sk-svcacct- sk-admin-', /[A-Za-z0-9_-]{40,300}/y],
  ['OpenAI key', 'sk-', /[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}/y],
  ['Hugging Face token', 'hf_', /[A-Za-z]{34}/y],
  ['DigitalOcean token', 'dop_v1_ doo_v1_ dor_v1_', /[a-f0-9]{64}/y],
  ['age key', 'AGE-SECRET-KEY-1', /[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/y],
  ['Azure storage key', 'AccountKey=', /([A-Za-z0-9+/]{86}==)/y],
  ['RubyGems key', 'rubygems_', /[a-f0-9]{48}/y],
  ['NuGet key', 'oy2', /[a-z0-9]{43}/y],
  ['Grafana token', 'glsa_', /[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}/y],
  ['Databricks token', 'dapi', /[a-f0-9]{32}(?:-\d)?/y],
  ['Atlassian token', 'ATATT3xFfGF0', /[A-Za-z0-9_=-]{100,250}/y],
  ['Shopify token', 'shpat_ shpca_ shppa_ shpss_', /[a-fA-F0-9]{32}/y],
  ['Doppler token', 'dp.pt. dp.st.', /(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}/y],
  ['Postman key', 'PMAK-', /[a-f0-9]{24}-[a-f0-9]{34}/y],
  ['Sentry token', 'sntrys_ sntryu_', /[A-Za-z0-9_=+/-]{60,300}/y],
  ['Pulumi token', 'pul-', /[a-f0-9]{40}/y],
  ['Artifactory key', 'AKCp', /[A-Za-z0-9]{69}/y],
]; // prettier-ignore

/** Formats by the codes of their first two characters: most words are done with these. */
const byStart: readonly (readonly (readonly Format[] | undefined)[] | undefined)[] = groupByStart();

function groupByStart(): readonly (readonly (readonly Format[] | undefined)[] | undefined)[] {
  const groups: ((Format[] | undefined)[] | undefined)[] = Array.from({ length: 128 });
  for (const [title, prefixes, rest, own] of tokens) {
    // A code that is checked by what it decodes to may repeat itself.
    const check = (secret: string, all: string): boolean => (own ? own(secret) : true) && (own === isLogin || isVaried(all));
    for (const prefix of prefixes.split(' ')) {
      const group = (groups[prefix.charCodeAt(0)] ??= Array.from({ length: 128 }));
      // regex: made of those above: what follows is one character
      (group[prefix.charCodeAt(1)] ??= []).push({ title, prefix, rest: new RegExp(rest.source + end, 'y'), check });
    }
  }
  return groups;
}

/** Whether the random part of a token is random at all: examples repeat one character, count up, or say that they are examples. */
function isVaried(token: string): boolean {
  const random = token.slice(Math.min(4, token.length >> 2));
  if (new Set(random).size < Math.min(8, random.length / 2)) return false;
  return !/x{6}|X{6}|0{8}|\*{3}|1234567890|abcdefghij|example|placeholder|your[_-]?|dummy|changeme|redacted/i.test(random);
}

/** Whether a character, by its code, is part of a word, so that no token starts behind it. */
const isWordCode: readonly boolean[] = Array.from({ length: 128 }, (_, code) => /\w/.test(String.fromCharCode(code)));

/** The secrets of a known format in a text, in order: tokens by their prefix and structure, private keys. Linear; a text without any costs one walk. */
export function findFormats(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  let inWord = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const starts = !inWord;
    inWord = code < 128 && isWordCode[code]!;
    if (!starts || code >= 128) continue;
    const formats = byStart[code]?.[text.charCodeAt(at + 1)];
    const secret = code === 45 ? privateKeyAt(text, at) : formats && tokenAt(text, at, formats);
    if (!secret) continue;
    found.push(secret);
    at = secret.range.end - 1;
    inWord = true;
  }
  return found;
}

function tokenAt(text: string, at: number, formats: readonly Format[]): FoundSecret | null {
  for (const { title, prefix, rest, check } of formats) {
    if (!text.startsWith(prefix, at)) continue;
    rest.lastIndex = at + prefix.length;
    const match = rest.exec(text);
    if (!match) continue;
    const own = match[1];
    const stop = at + prefix.length + match[0].length;
    const start = own === undefined ? at : text.indexOf(own, at + prefix.length);
    const place = range(start, own === undefined ? stop : start + own.length);
    const secret = text.slice(place.start, place.end);
    if (check(secret, secret)) return { title, range: place };
  }
  return null;
}

const keyHeader = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
/** The start of the key itself behind the header: in a script or a value, line breaks may be escaped and headers of the key may come first. */
const keyBody = /(?:\\+[nr]|\\*[\s"',+|]|\\*[A-Z][A-Za-z-]{2,20}: [^\n]{0,200}\n){0,40}\\*[A-Za-z0-9+/]{24}/y;
const keyEnd = /[A-Za-z0-9+/=\s\\"',:.()-]{0,10000}/y;

/** The private key whose header starts at a place: the whole block where it ends. A header without a key is what somebody looks for. */
function privateKeyAt(text: string, at: number): FoundSecret | null {
  if (!text.startsWith('-----BEGIN ', at)) return null;
  keyHeader.lastIndex = at;
  const header = keyHeader.exec(text);
  if (!header) return null;
  keyBody.lastIndex = at + header[0].length;
  const body = keyBody.exec(text);
  if (!body || !isVaried(body[0].slice(-24))) return null;
  keyEnd.lastIndex = keyBody.lastIndex;
  const all = keyEnd.exec(text)?.[0] ?? '';
  const footer = /-----END [A-Z0-9 ]{0,60}-----/.exec(all);
  const rest = footer ? footer.index + footer[0].length : /^[A-Za-z0-9+/=]*/.exec(all)![0].length;
  return { title: 'private key', range: range(at, keyBody.lastIndex + rest) };
}

const digits62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Whether the last six characters are the CRC-32 of those before them, in base 62: how GitHub makes its tokens. */
function hasChecksum(token: string): boolean {
  return token.slice(-6) === checksum62(token.slice(0, -6));
}

/** The checksum that GitHub puts behind the random part of its tokens: CRC-32 in base 62, six digits. */
export function checksum62(text: string): string {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = '';
  for (let i = 0; i < 6; i++) {
    digits = digits62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** Whether base 64 holds `user:password`, not written as variables or examples. */
function isLogin(code: string): boolean {
  const login = decodeLatin1(code);
  if (login === null || !/^[\x21-\x7e][\x20-\x7e]{0,300}$/.test(login)) return false;
  const colon = login.indexOf(':');
  const password = login.slice(colon + 1);
  return colon > 0 && password.length >= 3 && !/^(?:pass(?:word)?|pwd|your.*|x+|\*+)$|^[$<{%]/i.test(password);
}

/** Whether what follows the word for a token in a header is one: letters and digits, and no JSON Web Token, which tells more by itself. */
function isWrittenToken(token: string): boolean {
  return /\d/.test(token) && /[A-Za-z]/.test(token) && !/^eyJ[^.]*\.eyJ/.test(token);
}

/** Whether the first part decodes to the header of a JSON Web Token, and the second is neither the textbook's nor made for everybody. */
function isWebToken(token: string): boolean {
  const [header, payload] = token.split('.');
  const head = decodeLatin1(header!);
  const body = decodeLatin1(payload!);
  return head !== null && body !== null && /^\{.*"alg"\s*:/s.test(head) && !/"1234567890"|"role"\s*:\s*"anon"/.test(body);
}
