import type { ShellCommand, ShellWord } from '../../syntax/shell/types';
import { isSecretFile } from '../secret-files';
import { isSecretLiteral, isSecretName } from './detect';

/** A place where a command is given a credential that it sends or stores. */
export interface CredentialUse {
  /** The program with its sub-command, for a message: `docker login`. */
  readonly what: string;
  /** The word that holds it, or the sub-command where it comes another way. */
  readonly word: ShellWord;
}

/** Programs and the words that follow them where they set a credential up; then how it is given: an option, the word at a place behind them, or anyhow. */
const setups: readonly (readonly [programs: string, words: RegExp, options: RegExp | null, place?: number])[] = [
  ['aws', /^configure set aws_(?:access_key_id|secret_access_key|session_token)\b/, null, 3],
  ['gcloud', /^auth activate-service-account\b/, null],
  ['az', /^login\b/, /^(?:-p|--password|--federated-token)$/],
  ['doctl', /^auth init\b/, /^(?:-t|--access-token)$/],
  ['docker podman buildah nerdctl skopeo crane oras regctl', /^(?:auth |registry )?login\b/, /^(?:-p|--password|--password-stdin|--identity-token)$/],
  ['helm', /^registry login\b/, /^(?:-p|--password|--password-stdin)$/],
  ['npm pnpm yarn', /^(?:config )?set \S*(?:_?authToken|_auth|_password|npmAuthToken|npmAuthIdent)\b/i, null, -1],
  ['composer', /^config (?:-\S+ )*(?:--global |-g )?(?:http-basic|github-oauth|gitlab-token|gitlab-oauth|bearer)\./, null, -1],
  ['bundle bundler', /^config (?:set )?(?:-\S+ )*(?!build\.|mirror\.|local\.)\S[^\s.]*\.\S+ \S*[:$]/, null, -1],
  ['vault snyk', /^(?:login|auth)(?= [^-])/, null, 1],
  ['gh glab', /^auth login\b/, /^(?:--with-token|-t|--token|--stdin)$/],
  ['curl', /^/, /^(?:-u|--user|--proxy-user|-U|--oauth2-bearer)$/],
  ['wget', /^/, /^(?:--password|--http-password|--ftp-password|--proxy-password)$/],
  ['svn twine sshpass lftp', /^/, /^(?:--password|-p)$/],
]; // prettier-ignore

const byProgram = new Map<string, (typeof setups)[number][]>();
for (const setup of setups) for (const name of setup[0].split(' ')) byProgram.set(name, [...(byProgram.get(name) ?? []), setup]);

const header = /^(?:[\w.-]+=)?(?:authorization|private-token|job-token|deploy-token|x-[\w-]{0,30}(?:token|key|auth)[\w-]{0,20})\s{0,3}:/i;

/** Options with which the credential comes by standard input. */
const isStdin = /^--(?:password-)?stdin$|^--with-token$/;

/** Whether a word brings a value: not nothing, and no variable that its own script assigns. */
function brings({ script }: ShellCommand, word: ShellWord): boolean {
  const { variables, text } = word;
  if (variables.length === 0) return word.substitutions.length > 0 || (text !== null && isSecretLiteral(text));
  const own = new Set(script.commands.flatMap(c => c.assignments.map(a => a.name)));
  return variables.some(({ name }) => !own.has(name));
}

/** Where a command is given credentials: by options and settings, headers, addresses with a password from a variable, files that it writes them to. */
export function credentialUses(command: ShellCommand): readonly CredentialUse[] {
  const { name, args } = command;
  if (name === null) return [];
  const uses: CredentialUse[] = [];
  const add = (word: ShellWord, what: string): void => {
    if (!uses.some(use => use.word === word)) uses.push({ word, what });
  };
  const own = byProgram.get(name);
  if (own) {
    const line = args.map(arg => arg.text ?? arg.raw).join(' ');
    for (const [, words, options, place] of own) {
      const match = words.exec(line);
      if (!match) continue;
      const what = [name, ...match[0].split(' ').filter(part => /^[a-z][a-z-]*$/.test(part))].slice(0, 3).join(' ');
      if (options) {
        const word = optionWord(args, options);
        const login = name !== 'curl' || (word?.variables.length ?? 0) > 0 || /[^:]:[^:]/.test(word?.raw ?? '');
        if (word && login && (isStdin.test(word.raw) || brings(command, word))) add(word, what);
      } else {
        const word = place === undefined ? (args.find(arg => /^--key-file/.test(arg.raw)) ?? args[1]) : args.at(place);
        if (word && (name === 'gcloud' || brings(command, word))) add(word, what);
      }
    }
  }
  const target = writesTo(command);
  for (const word of args) {
    if (!word.raw.includes('$') || word.variables.length === 0) continue;
    const { text } = word.mapped();
    const named = word.variables.some(v => isSecretName(v.name));
    const inAddress =
      text.includes('://') && (named ? /:\/\/[^/\s]{0,300}?\$[^/\s]{0,300}@/ : /:\/\/[^/\s$]{0,300}:\$[^/\s]{0,300}@/).test(text);
    const kept = target !== null && (named || /auth|password|token|secret/i.test(text) || /(?:^|\/)id_\w+$|\.(?:pem|key)$/.test(target));
    if ((inAddress || kept || header.test(text)) && brings(command, word))
      add(word, args[0] && /^[a-z]+$/.test(args[0].raw) ? `${name} ${args[0].raw}` : name);
  }
  return uses;
}

/** The value of the first option of a kind: the next word, or the word itself where it is glued or has none. */
function optionWord(args: readonly ShellWord[], options: RegExp): ShellWord | undefined {
  for (let i = 0; i < args.length; i++) {
    const { raw } = args[i]!;
    const equals = raw.indexOf('=');
    if (equals > 0 && options.test(raw.slice(0, equals))) return args[i];
    if (options.test(raw)) return isStdin.test(raw) ? args[i] : args[i + 1];
    if (/^-[a-zA-Z]./.test(raw) && !raw.startsWith('--') && options.test(raw.slice(0, 2)) && /[$:]/.test(raw)) return args[i];
  }
  return undefined;
}

/** The credential file that echo, printf or cat writes, directly or through tee. */
function writesTo({ name, redirections, pipeline }: ShellCommand): string | null {
  if (name !== 'echo' && name !== 'printf') return null;
  const tee = pipeline.members.length > 1 ? pipeline.members.at(-1)?.command : null;
  const words = [...redirections.filter(r => r.operator.startsWith('>')).map(r => r.target), ...(tee?.name === 'tee' ? tee.args : [])];
  return words.map(word => word?.mapped().text ?? '').find(path => isSecretFile(path)) ?? null;
}
