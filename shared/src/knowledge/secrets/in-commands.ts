import { readOptionValue, readValue, skipBlanks, type FoundValue } from './read-values';

/** How a program takes a credential. `login`: what stands behind the sign is the secret; `glued`: only without a blank between. */
interface Taking {
  readonly options: RegExp;
  readonly how: 'value' | 'glued' | 'login';
  /** What must stand in the command too. */
  readonly only?: RegExp;
  readonly sign?: string;
}

const value = (options: RegExp, only?: RegExp): Taking => ({ options, how: 'value', ...(only && { only }) });
const login = (options: RegExp, sign = ':'): Taking => ({ options, how: 'login', sign });

/** Programs with short options, or options with a plain name, that bring a credential; long ones tell by their names. */
const table: readonly (readonly [programs: string, taking: Taking])[] = [
  ['mysql mysqladmin mysqldump mysqlshow mysqlcheck mysqlimport mysqlbinlog mysqlsh mariadb mariadb-admin mariadb-dump 7z 7za', { options: /-p/, how: 'glued' }],
  ['sshpass twine mongo mongosh mongodump mongorestore mongoimport mongoexport cqlsh useradd usermod ncftpput ncftpget influx', value(/-p/)],
  ['docker podman buildah nerdctl skopeo crane oras helm regctl az', value(/-p/, /\blogin\b/)],
  ['curl', login(/-u|-U|--user|--proxy-user|-E|--cert/)],
  ['http https xh', login(/-a|--auth/)],
  ['lftp', login(/-u|--user/, ',')],
  ['redis-cli keydb-cli valkey-cli', value(/-a/)],
  ['ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldapmodrdn', value(/-w/)],
  ['ldappasswd', value(/-w|-s/)],
  ['sqlcmd bcp osql zip unzip', value(/-P/)],
  ['smbclient rpcclient', login(/-U|--user/, '%')],
  ['openssl', value(/-k|-K/)],
  ['ssh-keygen', value(/-N|-P/)],
  ['doctl', value(/-t/, /\bauth\b/)],
]; // prettier-ignore

const byProgram = new Map<string, Taking[]>();
for (const [programs, taking] of table) {
  for (const name of programs.split(' ')) byProgram.set(name, [...(byProgram.get(name) ?? []), taking]);
}

/** Programs that take it as a word at a place, or from standard input. */
const others = ['htpasswd', 'vault', 'snyk', 'bundle', 'composer', 'chpasswd', 'passwd', 'sudo', 'kinit', 'cryptsetup', 'gh', 'glab'];
const names = [...byProgram.keys(), ...others].sort((a, b) => b.length - a.length);
// regex: like /(?<![\w.-])(?:(?:docker|docker login)(?![\w-])|--password-stdin)/g
const programs = new RegExp(`(?<![\\w.-])(?:(?:${names.join('|')}|net user)(?![\\w-])|--password-stdin|--from-literal)`, 'g');

const longestCommand = 2000;
/** So many lines of a here-document are passwords. */
const mostLines = 30;
/** One of these stands in every command that brings a credential: most texts are done with it. */
const hints = /-[a-zA-Z]|login|passw|config|net user|from-literal/;

/** What commands are given as a credential by short options, by place or by standard input, as the file spells it. Linear: each command is read once. */
export function secretsInCommands(text: string): readonly FoundValue[] {
  const found: FoundValue[] = [];
  if (!hints.test(text)) return found;
  programs.lastIndex = 0;
  for (let match = programs.exec(text); match !== null; match = programs.exec(text)) {
    const end = commandEnd(text, match.index);
    const own = new Set<string>([match[0]]);
    for (let next = programs.exec(text); next !== null && next.index < end; next = programs.exec(text)) own.add(next[0]);
    programs.lastIndex = end;
    const start = argumentsBefore(text, match.index);
    const command = text.slice(start, end);
    for (const name of own) {
      for (const taking of byProgram.get(name) ?? [])
        if (!taking.only || taking.only.test(command)) found.push(...optionValues(text, start, command, taking));
      found.push(...otherValues(text, match.index, text.slice(match.index, end), name));
    }
  }
  return found;
}

/** Where the arguments of a program start: the `args` of a container may stand in front of its `command`. */
function argumentsBefore(text: string, at: number): number {
  const from = Math.max(0, at - 600);
  const before = text.slice(from, at);
  if (!/command["']?[ \t]{0,8}:[^\n:]{0,100}(?:\n[ \t]{0,100}- [^\n:]{0,40})?$/.test(before)) return at;
  const args = before.lastIndexOf('args');
  if (args < 0 || /\n[ \t]*(?:- )?(?:name|image)["']?:/.test(before.slice(args))) return at;
  return from + args;
}

/** The end of the command that starts at a place: of its line, of those that it goes on in, and of the list whose item it is. */
function commandEnd(text: string, start: number): number {
  const bound = Math.min(text.length, start + longestCommand);
  for (let at = start; at < bound; at++) {
    const char = text.charAt(at);
    if (char === ';' || (char === '&' && text.charAt(at + 1) === '&') || char === '|') return at + 1;
    if (char !== '\n' || /[\\`^][ \t]*\r?$/.test(text.slice(Math.max(start, at - 8), at))) continue;
    if (!/^\s*(?:-\s|["'\],]|["']?(?:args|command)["']?\s*:)/.test(text.slice(at + 1, at + 200))) return at + 1;
  }
  return bound;
}

function optionValues(text: string, base: number, command: string, { options, how, sign }: Taking): FoundValue[] {
  const found: FoundValue[] = [];
  // regex: like /(?<=[\s"',[])(?:-u|--user)/g
  const pattern = new RegExp(`(?<=[\\s"',[])(?:${options.source})`, 'g');
  for (let match = pattern.exec(command); match !== null; match = pattern.exec(command)) {
    const at = base + match.index + match[0].length;
    const next = text.charAt(at);
    const values: FoundValue[] = [];
    if (next === '=') values.push(...readValue(text, at + 1));
    else if (/["']/.test(next) && /\S/.test(text.charAt(at + 1)) && !/[,\]]/.test(text.charAt(at + 1))) values.push(...readValue(text, at));
    else if (/[\s\\"'`,]/.test(next)) values.push(...(how === 'glued' ? [] : readOptionValue(text, at)));
    // `-p` of `-pass` is another option; one letter and more letters of one kind are no password
    else if (!match[0].startsWith('--') && next !== '') values.push(...readValue(text, at));
    for (const own of values) {
      if (how !== 'login') found.push({ start: own.start, text: own.text });
      else {
        const colon = own.text.indexOf(sign!);
        if (colon > 0) found.push({ start: own.start + colon + 1, text: own.text.slice(colon + 1) });
      }
    }
  }
  return found;
}

function otherValues(text: string, base: number, command: string, name: string): FoundValue[] {
  switch (name) {
    case 'htpasswd':
      return /\s["']?-\w*b/.test(command.replace(/["',[\]]+/g, ' ')) ? lastWord(command, base) : [];
    case 'bundle':
    case 'composer':
      return /\bconfig\b/.test(command) ? lastWord(command, base).flatMap(word => [word, behind(word, ':')]) : [];
    case 'vault':
    case 'snyk':
      return wordsBehind(text, base, command, /\b(?:login|auth)(?=\s+[^-\s])/);
    case 'net user':
      return wordsBehind(text, base, command, /^net user\s+\S+(?=\s)/);
    case '--from-literal':
      return [...command.matchAll(/from-literal[= ]["']?[\w.-]{1,200}=/g)].flatMap(match => [
        ...readValue(text, base + match.index + match[0].length),
      ]);
    case 'sudo':
      return /\s-S\b|passwd|login/.test(command) ? fromStandardInput(text, base) : [];
    case 'chpasswd':
    case 'passwd':
    case 'kinit':
    case 'cryptsetup':
    case 'gh':
    case 'glab':
    case '--password-stdin':
      return [...fromStandardInput(text, base), ...fromHere(text, base, command)];
    case 'docker':
    case 'podman':
      return /^\w+ secret create\b/.test(command) ? [...fromStandardInput(text, base), ...fromHere(text, base, command)] : [];
    default:
      return [];
  }
}

function behind(word: FoundValue, sign: string): FoundValue {
  const at = word.text.indexOf(sign) + 1;
  return { start: word.start + at, text: word.text.slice(at) };
}

function lastWord(command: string, base: number): FoundValue[] {
  let end = command.length;
  while (end > 0 && /["'\]\s;|&\\]/.test(command.charAt(end - 1))) end--;
  let start = end;
  while (start > 0 && !/[\s"',[\]]/.test(command.charAt(start - 1))) start--;
  return start < end ? [{ start: base + start, text: command.slice(start, end) }] : [];
}

function wordsBehind(text: string, base: number, command: string, pattern: RegExp): FoundValue[] {
  const match = pattern.exec(command);
  return match ? [...readValue(text, skipBlanks(text, base + match.index + match[0].length))] : [];
}

/** What `echo` or `printf` hands over the pipe to a command that asks for a password: `echo "root:secret" | chpasswd`. */
function fromStandardInput(text: string, at: number): FoundValue[] {
  const from = Math.max(0, at - 600);
  const before = text.slice(from, at);
  const start = Math.max(before.lastIndexOf('echo '), before.lastIndexOf('printf '));
  const pipe = before.lastIndexOf('|');
  if (
    start < 0 ||
    pipe < start ||
    !/^\|[\s\\]{0,40}(?:sudo [^|;&]{0,80})?["']?$/.test(before.slice(pipe)) ||
    before.slice(start).includes('{{')
  )
    return [];
  const found: FoundValue[] = [];
  for (const match of before.slice(start, pipe).matchAll(/[^\s"']+/g)) {
    for (const part of match[0].split(/\\n/)) {
      const own = { start: from + start + match.index, text: part };
      found.push(own);
      if (part.includes(':')) found.push(behind(own, ':'));
    }
  }
  return found;
}

/** What stands in a here-string or here-document: `chpasswd <<< "root:secret"`. */
function fromHere(text: string, base: number, command: string): FoundValue[] {
  const string = command.indexOf('<<<');
  if (string >= 0) {
    return readValue(text, skipBlanks(text, base + string + 3)).flatMap(own => (own.text.includes(':') ? [own, behind(own, ':')] : [own]));
  }
  const here = /<<-?[ \t]{0,4}["']?(\w{1,60})/.exec(command);
  if (!here) return [];
  const lines = text
    .slice(base + here.index, base + here.index + longestCommand)
    .split('\n', mostLines)
    .slice(1);
  const stop = lines.findIndex(line => line.trim() === here[1]);
  return lines.slice(0, stop < 0 ? undefined : stop).map(line => behind({ start: base, text: line.trim() }, ':'));
}
