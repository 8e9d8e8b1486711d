import { range, type Range } from '../base/text/range';
import { sliceMapped, sourceRange, type MappedText } from '../syntax/shell/mapped-text';
import type { ShellCommand, ShellWord } from '../syntax/shell/types';

/** What a check guards: the connection, or who made what comes through it. */
export type Guard = 'tls' | 'signature';

/** A place of a command that switches a check off. */
export interface InsecureUse {
  /** What says so, for a message: `--insecure`, `-k`, `http.sslVerify=false`. */
  readonly what: string;
  readonly kind: 'flag' | 'setting' | 'line' | 'variable';
  readonly range: Range;
  /** How to take it back: words to take out, text to put in place, the whole command to take out; `null`: by hand. */
  readonly remedy:
    | { readonly kind: 'words' | 'command'; readonly range: Range }
    | { readonly kind: 'replace'; readonly range: Range; readonly text: string }
    | null;
}

/** A flag and the programs that have it. */
interface Flag {
  readonly guard: Guard;
  readonly programs: readonly string[];
  /** As it is written; with `=` at its end it has a value behind the sign. */
  readonly flags: readonly string[];
  /** A word that must be there too: the sub-command. */
  readonly verb?: string;
  /** Whether the next word is its value. */
  readonly takesValue?: boolean;
  /** What the value (behind `=`, or the next word) must be. */
  readonly value?: RegExp;
}

const off = /^["']?(?:false|0|no|off|none)["']?$/i;
const on = /^["']?(?:true|1|yes|on)["']?$/i;
const rpmFamily = [
  'dnf',
  'dnf5',
  'yum',
  'microdnf',
  'tdnf',
  'yum-config-manager',
  'dnf-config-manager',
  'config-manager',
  'repoquery',
  'yumdownloader',
];
const nodeManagers = ['npm', 'npx', 'yarn', 'pnpm'];
const aptPrograms = ['apt-get', 'apt', 'aptitude', 'apt-cache'];
const sshPrograms = ['ssh', 'scp', 'sftp', 'rsync', 'ssh-copy-id', 'autossh'];

const flags: readonly Flag[] = [
  { guard: 'tls', programs: ['curl'], flags: ['--insecure', '--proxy-insecure', '--doh-insecure', '--ssl-no-revoke'] },
  { guard: 'tls', programs: ['wget', 'wget2', 'apk'], flags: ['--no-check-certificate'] },
  { guard: 'tls', programs: ['aria2c', 'apk', 'wget2'], flags: ['--check-certificate='], value: off },
  { guard: 'tls', programs: ['pip', 'pip2', 'pip3', 'python', 'python2', 'python3', 'uv'], flags: ['--trusted-host', '--allow-insecure-host'], takesValue: true },
  { guard: 'tls', programs: nodeManagers, flags: ['--no-strict-ssl'] },
  { guard: 'tls', programs: nodeManagers, flags: ['--strict-ssl=', '--config.strict-ssl='], value: off },
  { guard: 'tls', programs: ['conda', 'mamba', 'micromamba'], flags: ['--insecure'] },
  { guard: 'tls', programs: ['composer', 'php'], flags: ['--disable-tls'] },
  { guard: 'tls', programs: ['helm'], flags: ['--insecure-skip-tls-verify', '--plain-http'] },
  { guard: 'tls', programs: ['kubectl', 'oc', 'argocd', 'etcdctl'], flags: ['--insecure-skip-tls-verify', '--insecure'] },
  { guard: 'tls', programs: ['kubectl', 'oc', 'helm'], flags: ['--insecure-skip-tls-verify='], value: on },
  { guard: 'tls', programs: ['aws'], flags: ['--no-verify-ssl'] },
  { guard: 'tls', programs: ['docker', 'podman', 'buildah', 'skopeo', 'nerdctl'], flags: ['--tls-verify=', '--src-tls-verify=', '--dest-tls-verify='], value: off },
  { guard: 'tls', programs: ['crane', 'oras', 'cosign', 'nerdctl'], flags: ['--insecure', '--insecure-registry', '--allow-insecure-registry', '--plain-http'] },
  { guard: 'tls', programs: ['http', 'https', 'xh'], flags: ['--verify='], value: off },
  { guard: 'tls', programs: ['svn'], flags: ['--trust-server-cert'] },
  { guard: 'tls', programs: rpmFamily, flags: ['--setopt='], value: /(?:^|\.)sslverify=(?:0|false|no)$/i },
  { guard: 'tls', programs: aptPrograms, flags: ['-o', '--option'], takesValue: true, value: /^Acquire::https?(?:::[\w.-]+)?::Verify-(?:Peer|Host)(?:=|::=)"?(?:false|0|no)"?$/i },
  { guard: 'tls', programs: sshPrograms, flags: ['-o'], takesValue: true, value: /^(?:StrictHostKeyChecking[= ]no|UserKnownHostsFile[= ]\/dev\/null)$/i },
  { guard: 'tls', programs: ['git'], flags: ['-c'], takesValue: true, value: /^http\.(?:.*\.)?sslVerify=(?:false|0|no|off)$/i },
  { guard: 'signature', programs: ['apk'], verb: 'add', flags: ['--allow-untrusted'] },
  { guard: 'signature', programs: aptPrograms, flags: ['--allow-unauthenticated', '--allow-insecure-repositories', '--allow-downgrade-to-insecure-repositories', '--force-yes'] },
  { guard: 'signature', programs: aptPrograms, flags: ['-o', '--option'], takesValue: true, value: /^(?:APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories|Acquire::AllowDowngradeToInsecureRepositories|Acquire::Check-Valid-Until|APT::Get::Force-Yes)=(?:"?(?:true|1|yes)"?|(?<=Until=)"?(?:false|0|no)"?)$/i },
  { guard: 'signature', programs: rpmFamily, flags: ['--nogpgcheck', '--nodigest', '--nocmdlinegpgcheck'] },
  { guard: 'signature', programs: rpmFamily, flags: ['--setopt='], value: /(?:^|\.)(?:repo_|localpkg_)?gpgcheck=(?:0|false|no)$/i },
  { guard: 'signature', programs: ['rpm', 'rpmkeys'], flags: ['--nosignature', '--nodigest', '--noverify', '--nofiledigest'] },
  { guard: 'signature', programs: ['zypper'], flags: ['--no-gpg-checks', '--no-gpgcheck', '--gpgcheck-allow-unsigned', '--gpgcheck-allow-unsigned-repo', '--allow-unsigned-rpm'] },
  { guard: 'signature', programs: ['dpkg'], flags: ['--force-bad-verify'] },
  { guard: 'signature', programs: ['yarn'], flags: ['--skip-integrity-check'] },
  { guard: 'signature', programs: ['cosign'], flags: ['--insecure-ignore-tlog', '--insecure-ignore-sct'] },
  { guard: 'signature', programs: ['cosign'], flags: ['--insecure-ignore-tlog=', '--insecure-ignore-sct='], value: on },
]; // prettier-ignore

/** `npm config set strict-ssl false` and the like: programs, the setting, the value; the words in between do not matter. */
const settings: readonly { readonly guard: Guard; readonly programs: readonly string[]; readonly key: RegExp; readonly value: RegExp }[] = [
  { guard: 'tls', programs: ['git'], key: /^http\.(?:.*\.)?sslVerify$/i, value: off },
  { guard: 'tls', programs: nodeManagers, key: /^(?:strict-ssl|enableStrictSsl)$/i, value: off },
  { guard: 'tls', programs: ['pip', 'pip2', 'pip3'], key: /^[\w-]+\.trusted-host$/, value: /./ },
  { guard: 'tls', programs: ['conda', 'mamba', 'micromamba'], key: /^ssl_verify$/, value: off },
  { guard: 'tls', programs: ['bundle', 'bundler'], key: /^ssl_verify_mode$/, value: /^0$/ },
  // `dnf config-manager setopt` of dnf 5
  { guard: 'tls', programs: ['dnf', 'dnf5'], key: /(?:^|\.)sslverify$/i, value: off },
  { guard: 'signature', programs: ['dnf', 'dnf5'], key: /(?:^|\.)(?:repo_|localpkg_)?gpgcheck$/i, value: off },
  { guard: 'tls', programs: ['composer'], key: /^disable-tls$/, value: on },
  { guard: 'tls', programs: ['composer'], key: /^secure-http$/, value: off },
];

/** Facts by the programs that they are about. */
function byProgram<T extends { readonly programs: readonly string[] }>(facts: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const map = new Map<string, T[]>();
  for (const fact of facts) for (const program of fact.programs) map.set(program, [...(map.get(program) ?? []), fact]);
  return map;
}

const flagsOf = byProgram(flags);
const settingsOf = byProgram(settings);

/** Lines of configuration files, as a document or echo, printf, sed, tee and cat write them; `\\n` in front is printf's. */
const lines: readonly { readonly guard: Guard; readonly pattern: RegExp; readonly file?: RegExp }[] = [
  { guard: 'tls', file: /(?:^|[/._])curlrc$/, pattern: /^(?:--)?insecure\b/g },
  { guard: 'tls', pattern: /(?:\b|(?<=\\n))(?:check_certificate ?= ?off|sslverify ?= ?(?:0|false|no)\b|strict-ssl ?= ?false|StrictHostKeyChecking ?[= ] ?no\b|UserKnownHostsFile ?[= ] ?\/dev\/null|Verify-(?:Peer|Host) "?false"?|sslVerify ?= ?false)/gi },
  { guard: 'signature', pattern: /\btrusted=yes\b(?<=\[(?:[^\]\n]{0,200} )?trusted=yes)|(?:\b|(?<=\\n))gpgcheck ?= ?(?:0|false|no)\b|(?:\b|(?<=\\n))AllowUnauthenticated "?(?:true|1|yes)\b|\bAllowInsecureRepositories "?(?:true|1|yes)\b|(?:\b|(?<=\\n))SigLevel ?= ?Never\b/gi },
]; // prettier-ignore
const writers = new Set(['echo', 'printf', 'sed', 'tee', 'cat', 'crudini', 'perl', 'awk']);

/** What each of these lines speaks of: most texts are done with it. */
const hints = /ssl|certificate|host|verify|insecure|trusted|gpgcheck|unauthenticated|siglevel/i;

/** Variables that switch a check off with such a value. */
const settingVariables: Readonly<Record<string, { readonly guard: Guard; readonly value: RegExp }>> = {
  NODE_TLS_REJECT_UNAUTHORIZED: { guard: 'tls', value: /^0$/ },
  PYTHONHTTPSVERIFY: { guard: 'tls', value: /^0$/ },
  // Git asks whether it is set at all.
  GIT_SSL_NO_VERIFY: { guard: 'tls', value: /^/ },
  NPM_CONFIG_STRICT_SSL: { guard: 'tls', value: off },
  YARN_ENABLE_STRICT_SSL: { guard: 'tls', value: off },
  YARN_STRICT_SSL: { guard: 'tls', value: off },
  PIP_TRUSTED_HOST: { guard: 'tls', value: /./ },
  UV_INSECURE_HOST: { guard: 'tls', value: /./ },
  CONDA_SSL_VERIFY: { guard: 'tls', value: off },
  MAMBA_SSL_VERIFY: { guard: 'tls', value: off },
  SSL_NO_VERIFY: { guard: 'tls', value: on },
  BUNDLE_SSL_VERIFY_MODE: { guard: 'tls', value: /^0$/ },
  GOINSECURE: { guard: 'tls', value: /./ },
  CURL_CA_BUNDLE: { guard: 'tls', value: /^$/ },
  REQUESTS_CA_BUNDLE: { guard: 'tls', value: /^$/ },
  AWS_CA_BUNDLE: { guard: 'tls', value: /^$/ },
  SSL_CERT_FILE: { guard: 'tls', value: /^\/dev\/null$/ },
  PERL_LWP_SSL_VERIFY_HOSTNAME: { guard: 'tls', value: /^0$/ },
  CARGO_HTTP_CHECK_REVOKE: { guard: 'tls', value: off },
  COMPOSER_DISABLE_TLS: { guard: 'tls', value: on },
  GIT_SSH_COMMAND: { guard: 'tls', value: /StrictHostKeyChecking[= ]no|UserKnownHostsFile[= ]\/dev\/null/i },
  DOCKER_CONTENT_TRUST: { guard: 'signature', value: /^0$/ },
  GOSUMDB: { guard: 'signature', value: /^off$/i },
  GONOSUMDB: { guard: 'signature', value: /^\*$/ },
  GONOSUMCHECK: { guard: 'signature', value: /^1$/ },
  GOFLAGS: { guard: 'signature', value: /(?:^|\s)-insecure\b/ },
  BUNDLE_DISABLE_CHECKSUM_VALIDATION: { guard: 'signature', value: on },
};

const variables = new Map(Object.entries(settingVariables));

/** Whether a variable with this value switches a check off. `npm_config_strict_ssl` counts as its upper-case form. */
export function isInsecureVariable(guard: Guard, name: string, value: string): boolean {
  const fact = variables.get(name) ?? (/^npm_config_/i.test(name) ? variables.get(name.toUpperCase()) : undefined);
  return fact !== undefined && fact.guard === guard && fact.value.test(value);
}

/** Where a command switches a check off: by flags, settings, lines that it writes to configuration files, and variables in front of it. */
export function insecureUses(command: ShellCommand, guard: Guard): readonly InsecureUse[] {
  const { name } = command;
  const uses: InsecureUse[] = [];
  // what a script exports last ends with it
  const isLost = name === 'export' && command.script.commands.at(-1) === command;
  for (const { name: variable, value, range: place } of isLost ? [] : command.assignments) {
    // What a wrapper is given, it hands on: the wrapped command must not say it again.
    if (!isInsecureVariable(guard, variable, value?.text ?? '')) continue;
    uses.push({
      what: variable,
      kind: 'variable',
      range: place,
      remedy: name === null || name === 'export' ? null : { kind: 'words', range: place },
    });
  }
  if (name === null) return uses;
  const program = /^pip3?\.\d+$/.test(name) ? 'pip' : /^python3?\.\d+$/.test(name) ? 'python3' : name;
  for (const flag of flagsOf.get(program) ?? []) {
    if (flag.guard === guard && has(command, flag.verb) && !removesPackages(command)) uses.push(...flagUses(command.args, flag));
  }
  if (guard === 'tls' && program === 'curl') uses.push(...curlUses(command.args));
  for (const { guard: own, key, value } of settingsOf.get(program) ?? []) {
    if (own !== guard) continue;
    // The value of `git -c` is a flag's.
    const at = command.args.findIndex(
      (word, i) =>
        command.args[i - 1]?.text !== '-c' && (key.test(word.text ?? '') || (key.test(before(word, '=')) && value.test(behind(word, '=')))),
    );
    const word = command.args[at];
    if (!word) continue;
    const joined = !key.test(word.text ?? '');
    const next = command.args[at + 1];
    if (!joined && !(next && value.test(next.text ?? next.raw))) continue;
    const place = range(word.range.start, joined ? word.range.end : next!.range.end);
    const what = joined ? word.text! : `${word.text} ${next!.text ?? ''}`.trim();
    uses.push({ what, kind: 'setting', range: place, remedy: { kind: 'command', range: command.range } });
  }
  if (writers.has(program) && !onlyPrints(command)) {
    const file = command.redirections.find(({ operator }) => operator.startsWith('>'))?.target?.raw ?? null;
    for (const word of command.args) {
      const text = word.mapped();
      // What sed looks for is not what it writes.
      const sought = program === 'sed' ? soughtLength(text.text) : 0;
      const written = sought === 0 ? text : sliceMapped(text, sought, text.text.length);
      // What sed would write in place of the same takes more than another value.
      uses.push(...insecureLines(written, guard, file).map(use => (sought === 0 ? use : { ...use, remedy: null })));
    }
  }
  return uses;
}

/** Whether a command of the instruction's own script prints what it is given to the log of the build, and nowhere else. */
function onlyPrints({ name, redirections, pipeline, range: own, script }: ShellCommand): boolean {
  if (name !== 'echo' && name !== 'printf') return false;
  const last = pipeline.members.at(-1)!.range;
  const isLast = last.start <= own.start && own.end <= last.end;
  return isLast && pipeline.list.kind === 'script' && script.owner === null && !redirections.some(({ operator }) => operator.includes('>'));
}

/** The length of `s#this#`, in front of what sed writes; 0 for any other command. A backslash takes what follows it. */
function soughtLength(script: string): number {
  const [, delimiter] = /^s([/|#,@])/.exec(script) ?? [];
  for (let i = 2; delimiter !== undefined && i < script.length; i++) {
    if (script[i] === '\\') i++;
    else if (script[i] === delimiter) return i + 1;
    else if (script[i] === '\n') break;
  }
  return 0;
}

const has = ({ args }: ShellCommand, verb: string | undefined): boolean => verb === undefined || args.some(arg => arg.text === verb);
/** Whether apt only takes packages away, so that no signature is asked for. */
const removesPackages = ({ name, args }: ShellCommand): boolean =>
  aptPrograms.includes(name ?? '') && args.some(({ text }) => /^(?:auto)?(?:remove|purge|clean)$/.test(text ?? ''));
const before = (word: ShellWord, sign: string): string => word.text?.slice(0, Math.max(word.text.indexOf(sign), 0)) ?? '';
const behind = (word: ShellWord, sign: string): string => (word.text?.includes(sign) ? word.text.slice(word.text.indexOf(sign) + 1) : '');

function flagUses(args: readonly ShellWord[], flag: Flag): InsecureUse[] {
  const uses: InsecureUse[] = [];
  args.forEach((word, i) => {
    const text = word.text ?? word.raw;
    for (const name of flag.flags) {
      const next = args[i + 1];
      if (name.endsWith('=')) {
        if (text.startsWith(name) && flag.value!.test(text.slice(name.length))) uses.push(wordUse(word));
      } else if (flag.takesValue && text === name && next && (!flag.value || flag.value.test(next.text ?? ''))) {
        const place = range(word.range.start, next.range.end);
        uses.push({ what: flag.value ? next.text! : name, kind: 'flag', range: place, remedy: { kind: 'words', range: place } });
      } else if (flag.takesValue && !flag.value && text.startsWith(`${name}=`)) uses.push({ ...wordUse(word), what: name });
      // `-oStrictHostKeyChecking=no`: the value is glued to the letter.
      else if (flag.value && name.length === 2 && text.startsWith(name) && flag.value.test(text.slice(2)))
        uses.push({ ...wordUse(word), what: text.slice(2) });
      else if (!flag.takesValue && text === name) {
        const yes = name === '--force-yes' && !args.some(other => /^(?:-[a-xz]*y[a-z]*|--yes|--assume-yes)$/.test(other.text ?? ''));
        uses.push(yes ? { ...wordUse(word), remedy: { kind: 'replace', range: word.range, text: '-y' } } : wordUse(word));
      }
    }
  });
  return uses;
}

function wordUse(word: ShellWord): InsecureUse {
  return { what: word.text ?? word.raw, kind: 'flag', range: word.range, remedy: { kind: 'words', range: word.range } };
}

/** Letters of curl's short options that take the rest of the word, or the next one, as their value. */
const curlValues = 'AbcCdDeEFhHKmoPQrtTuUwxXyYz';

/** `-k` alone or in a cluster such as `-fsSLk`. */
function curlUses(args: readonly ShellWord[]): InsecureUse[] {
  const uses: InsecureUse[] = [];
  for (let i = 0; i < args.length; i++) {
    const text = args[i]!.text ?? '';
    if (!/^-[a-zA-Z0-9#]/.test(text)) continue;
    for (let at = 1; at < text.length; at++) {
      if (text[at] === 'k') {
        const mapped = args[i]!.mapped();
        const letter = sourceRange(mapped, at, at + 1);
        const alone = text.length === 2;
        uses.push({
          what: '-k',
          kind: 'flag',
          range: alone ? args[i]!.range : letter,
          remedy: alone ? { kind: 'words', range: args[i]!.range } : { kind: 'replace', range: letter, text: '' },
        });
      }
      if (curlValues.includes(text[at]!)) {
        if (at === text.length - 1) i++;
        break;
      }
    }
  }
  return uses;
}

/** What switches a check on again, by what switches it off: the value at the end of a line. */
const opposites: Readonly<Record<string, string>> = { off: 'on', false: 'true', no: 'yes', '0': '1' };

/** Writes the opposite of the value that a line ends with; hosts that ssh does not know yet are taken once, and known from then on. */
function safeValue(text: MappedText, what: string, at: number): InsecureUse['remedy'] {
  const [tail, value] = /(off|false|no|0)"?$/i.exec(what) ?? [];
  if (tail === undefined || value === undefined) return null;
  const end = at + what.length - (tail.length - value.length);
  const instead = /^StrictHostKeyChecking/i.test(what) ? 'accept-new' : opposites[value.toLowerCase()]!;
  return { kind: 'replace', range: sourceRange(text, end - value.length, end), text: instead };
}

/** Where the text of a configuration file switches a check off. `file`: where it goes, as far as that is known. */
export function insecureLines(text: MappedText, guard: Guard, file: string | null): readonly InsecureUse[] {
  // What the build itself made has no signature to check.
  if (!hints.test(text.text) || /\b(?:file|copy):/.test(text.text)) return [];
  const patterns = lines.filter(line => line.guard === guard && (!line.file || (file !== null && line.file.test(file))));
  // What follows a comment sign says nothing.
  return [...text.text.matchAll(/^([ \t]*)([^#;\s].*)/gm)].flatMap(({ 1: blanks, 2: line, index: start }) =>
    patterns.flatMap(({ pattern }) =>
      [...line!.matchAll(pattern)].map(({ 0: what, index }) => {
        const at = start + blanks!.length + index;
        return { what, kind: 'line' as const, range: sourceRange(text, at, at + what.length), remedy: safeValue(text, what, at) };
      }),
    ),
  );
}
