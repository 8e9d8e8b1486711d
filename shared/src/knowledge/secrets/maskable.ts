import { decodeLatin1 } from '../../base/text/base64';
import { findImageProfile } from '../image-profiles';
import { literalsOf } from './expansions';
import { isFingerprint, secretValueKind } from './detect';
import { visible } from '../../base/text/visible';
import { shortestNeedle, type Needle } from '../../base/text/needles';

/** Longer values are cut: who finds the start of one has found it. */
const longest = 4000;

/** Words that stand where secrets do and give nothing away, and words of messages and file formats that a mask would only make unreadable. */
const common = new Set(
  (
    'access account accounts active address always amazon anonymous apache application approle assign author authorization automatic available backend basicauth ' +
    'bearer boolean bucket bypass cassandra certificate certificates changeit changeme changethis client cluster collection command config configmap ' +
    'configuration confidential connection container content context controller cookie create credential credentials custom database debian default defaults ' +
    'delete deploy deployment develop development digest directory disable disabled docker dockerfile dynamic elastic elasticsearch empty enable enabled ' +
    'encrypt encrypted encryption endpoint engine env environment environments example examples export external false filesystem foobar frontend function ' +
    'generate generated generic github gitlab global google grafana header headers health helper hidden ignore image images infrastructure inherit ingress ' +
    'instance integer internal invalid issuer jenkins kafka kernel keycloak keyring keystore kubernetes language latest letmein library listen literal local ' +
    'localhost machine manager manifest mariadb master memory message method minimal minioadmin minute mongodb monitor monitoring mounted mounts mypassword ' +
    'mysecret mytoken namespace negotiate network nextcloud nginx node nodes nothing number object oauth2 opaque openid operator optional option options ' +
    'origin owner package parameter passphrase password passwords passwd payload pipeline placeholder platform plugin policy postgres postgresql prefix ' +
    'preview primary private process production profile program project prometheus prompt protected protocol provider public python qwerty rabbitmq random ' +
    'readonly redacted reference refresh registry release remote replica replicas repository request required reserved resource resources response restricted ' +
    'return rotate rotation runtime sample sealed secondary secret secrets secure security select server service services session settings shared signature ' +
    'signing simple source staging standard static status storage strict string strong subject submit supersecret support system target template temporary ' +
    'tenant testing thetoken token tokens traefik traffic ubuntu undefined unknown update upload upstream username validate validation value values variable ' +
    'vault verify version volume volumes warning webhook website welcome window windows wordpress worker workload workspace yourpassword yoursecret yourtoken'
  ).split(' '),
);

/** Words in the names of objects that hold secrets: `my-db-secret`, `registry-creds`. */
const nameWords = /^(?:secrets?|tokens?|creds?|credentials?|passwords?|passwd|keys?|certs?|tls|auth|config|regcred|sa|admin|account)$/;

/** Shapes of what stands where credentials do and is none. */
const harmless: readonly RegExp[] = [
  // digests, ratios and versions
  /^sha(?:256|512|1):|^\d{1,2}[:.]\d/,
  // places to be filled in: of Windows, of autoconf, by a person, in capitals, of expressions
  /^%[A-Za-z_]+%$|^@\w+@$|<[^<>]{1,200}>|^[A-Z]{2,}(?:_[A-Z0-9]+)+$/,
  /^(?:secrets|inputs|env|vars|steps|github|needs|matrix|include|lookup)[. ]/,
  // comments, keys, options, assignments of something else
  /^#|:$|^--?[A-Za-z][\w-]*\}?$|^(?:id|src|source|target|type|name|env)=|^[A-Za-z_]\w*=\$/,
  // code
  /^[\w.]+\([^)]*\)?$|^(?:process\.env|os\.environ|System\.|self\.|this\.|config\.)/,
  // files, addresses without a login, images
  /^[\w@.*/-]*\.(?:txt|json|ya?ml|toml|ini|env|conf|cfg|properties|pem|key|crt|cer|p12|jks|sh|bash|py|rb|js|ts|go|java|php|html|xml|sql|log|tmpl|tpl)$/i,
  /^https?:\/\/[^@\s]*$/i,
  /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?|localhost(?::\d+)?)\/[a-z0-9._/-]+(?::[\w.-]+)?(?:@sha256:[0-9a-f]*)?$|^[a-z0-9._/-]+@sha256:[0-9a-f]*$/,
];
const hashed = /^\$(?:apr1|y|gy|5|6|1|2[abxy]?|argon2[a-z]{0,2}|scrypt|P|H)\$/;
/** Whether a value behind a telling name is one that no output may hold: long enough, written out, and no common word, path or image name. */
export function isMaskable(value: string, detected = false): boolean {
  const text = value.length > longest ? value.slice(0, longest) : value;
  if (text.length < shortestNeedle) return false;
  const kind = secretValueKind(text);
  if (kind !== 'literal' && !(kind === 'variable' && hashed.test(text))) return false;
  const core = coreOf(text);
  if (core.length < shortestNeedle || common.has(core.toLowerCase()) || text.includes('********') || /^[\W_]+$/.test(text)) return false;
  if (isFingerprint(core) || harmless.some(shape => shape.test(core))) return false;
  if (/^[a-z][a-z0-9-]*(?::[a-z0-9.-]{1,20})?$/.test(core) && findImageProfile(core) !== null) return false;
  return detected || !isName(core);
}

/** Without quotes around it and signs behind it. */
function coreOf(text: string): string {
  let end = text.length;
  while (end > 0 && /["';,]/.test(text.charAt(end - 1))) end--;
  return text.slice(/^["']/.test(text) ? 1 : 0, end);
}

/** Whether what no rule takes for a secret reads like the name of an object, a host, a class, or like a number. */
function isName(text: string): boolean {
  if (/^\d+(?::\d+)?$/.test(text)) return text.length < 8 || text.includes(':');
  if (/^(?:[a-z][\w-]*\.){2,}[A-Za-z]\w*$/.test(text)) return true;
  return /^[a-z][a-z0-9]*(?:[-._][a-z0-9]+)+$/.test(text) && text.split(/[-._]/).some(part => nameWords.test(part));
}

/** Whether a value can be nothing but a secret wherever it stands: it need not be a word of its own to be masked. */
export function isDistinctive(value: string): boolean {
  if (value.length < 8) return false;
  if (/[^A-Za-z0-9._-]/.test(value)) return /[A-Za-z0-9]{3}/.test(value) && !/^[a-z ,'-]+$/i.test(value);
  return (/\d/.test(value) && /[A-Za-z]/.test(value)) || (/[a-z][A-Z]/.test(value) && /[A-Z][a-z]/.test(value));
}

/** What to look for so that a value, as the file spells it, is found in every spelling that an output may have: unescaped, without quotes, line by line. */
export function* needlesOf(value: string, detected = false): Generator<Needle, void, void> {
  for (const literal of literalsOf(value.slice(0, longest))) yield* needlesOfLiteral(literal, detected);
}

function* needlesOfLiteral(raw: string, detected: boolean): Generator<Needle, void, void> {
  for (const spelling of spellingsOf(raw)) {
    for (const line of /[\r\n]/.test(spelling) ? spelling.split(/[\r\n]+/) : [spelling]) {
      const text = line.trim();
      if (text === '' || !isMaskable(text, detected)) continue;
      yield needle(text);
      if (/\s/.test(text))
        for (const piece of text.split(/\s+/)) if (isDistinctive(piece) && isMaskable(piece, detected)) yield needle(piece);
    }
  }
}

function needle(text: string): Needle {
  return { text, keep: 0, whole: !isDistinctive(text) };
}

/** The ways in which one value may be written. */
function spellingsOf(raw: string): ReadonlySet<string> {
  const spellings = new Set([raw]);
  const add = (text: string | null): void => {
    if (text !== null && text !== '') spellings.add(text);
  };
  add(visible(raw));
  if (/[\\`]\r?\n/.test(raw)) add(raw.replace(/[\\`][ \t]*\r?\n[ \t]*/g, ''));
  if (raw.includes('\\')) {
    for (const text of [...spellings]) {
      add(unescapeJson(text));
      add(text.replace(/\\(?:\r?\n|(.))/g, '$1'));
    }
  }
  if (/["']/.test(raw)) {
    for (const text of [...spellings]) {
      add(text.replace(/["']/g, ''));
      add(text.replace(/''/g, "'"));
    }
  }
  if (/%[0-9A-Fa-f]{2}/.test(raw)) add(unescapePercent(raw));
  if (/^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(raw)) {
    const decoded = decodeLatin1(raw);
    if (decoded !== null && /^[\x20-\x7e\s]{6,}$/.test(decoded)) add(decoded);
  }
  return spellings;
}

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', e: '\u001b', ' ': ' ' };

function unescapeJson(text: string): string {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([^ux]))/g, (_all, long?: string, short?: string, char?: string) =>
    char === undefined ? String.fromCharCode(parseInt(long ?? short ?? '0', 16)) : (controls[char] ?? char),
  );
}

function unescapePercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
