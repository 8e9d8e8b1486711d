import { clientPassword } from '../../../knowledge/secrets/client-passwords';
import { findSecretValue, isRandom, isSecretLiteral, isSecretName } from '../../../knowledge/secrets/detect';
import { masks, defineRule, noFix } from '../../../rule/define-rule';
import { overlaps, range, shift, type Range } from '../../../base/text/range';
import { commandLinesOf, parseLine, type CommandLine } from '../model/commands';
import { stringOf } from '../../../syntax/yaml/values';
import { partRange } from '../model/data';
import { headersOf } from '../model/probes';
import type { ContainerView } from '../model/types';

/** `--name=value`, `-Dname=value`, `name=value`; the value may be in quotes. */
const option = /^(-{0,2}(?:D(?=[a-z]))?([A-Za-z][\w.-]{1,80}))=(["']?)([^"']{1,300})/;
/** Options whose next word is a password: others of such names may be switches. */
const spaced = /^--?(?:[a-z]{1,20}[-_.])?(?:password|passwd|requirepass|masterauth|api-?token|auth-?token|secret-?key|api-?key)$/i;
/** Names that read like secrets and name an object of the cluster, a file, or how something is done. */
const named = /secrets?$/i;
const label = /^[a-z0-9](?:[a-z0-9./-]{0,252}[a-z0-9])?$/;
/** What a client of the command line that takes a password may be called. */
const clients = /\b(?:mysql|mariadb|redis-cli|mongo|sshpass|sqlcmd|ldap|PGPASSWORD|MYSQL_PWD|SSHPASS)/;

interface Found {
  readonly name: string;
  readonly range: Range;
}

function isGivenAway(name: string, value: string): boolean {
  if (!isSecretLiteral(value) || value.startsWith('-') || value.toUpperCase() === name.toUpperCase()) return false;
  return !named.test(name) || !label.test(value) || isRandom(value);
}

/** The secrets among the options of a line. */
function inOptions({ pod }: ContainerView, { words, texts }: CommandLine): readonly Found[] {
  const place = (at: number, part: Range): Range => partRange(pod.object.document, words[at]!, part);
  return texts.flatMap((text, at): Found[] => {
    const match = text.includes('\n') ? null : option.exec(text);
    if (match) {
      const [all, before, name, quote, value] = match;
      const isSecret = isSecretName(name!) && isGivenAway(name!, value!) && !/\s/.test(value!);
      const start = before!.length + 1 + quote!.length;
      return isSecret ? [{ name: before!, range: place(at, range(start, all.length)) }] : [];
    }
    const next = texts[at + 1];
    if (next === undefined || !spaced.test(text) || /[\s/]/.test(next) || !isGivenAway(text, next)) return [];
    return [{ name: text, range: place(at + 1, range(0, next.length)) }];
  });
}

/** The passwords that clients of databases and the like are given, in the words or in a script. */
function inCommands(container: ContainerView, line: CommandLine): readonly Found[] {
  if (!line.texts.some(text => clients.test(text))) return [];
  const { script, placeOf } = parseLine(container, line);
  return script.commands.flatMap(command => {
    const found = command.inner ? null : clientPassword(command);
    return found ? [{ name: found.program, range: placeOf(found.secret) }] : [];
  });
}

export const rule = defineRule({
  id: 'kubernetes/secret-in-command',
  title: 'Secret written on a command line',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.4.1'],
    nist800190: ['3.1.4', '4.1.4'],
    mitre: ['T1552.001', 'T1552.007'],
    cwe: ['CWE-798', 'CWE-214'],
  },
  messages: {
    option: { text: '{name} of container "{container}" holds a secret that anyone can read here and in the process list' },
    client: { text: '{name} in container "{container}" is given a password that anyone can read here and in the process list' },
    shaped: { text: 'The command of container "{container}" contains what looks like a secret: {kind}' },
    header: { text: 'A probe of container "{container}" sends what looks like a secret: {kind}' },
  },
  on: {
    container(container, report) {
      const fix = noFix('manual', 'the value must be rotated and moved to a Secret');
      for (const value of headersOf(container)) {
        const secret = findSecretValue(stringOf(value) ?? '');
        const place = secret && partRange(container.pod.object.document, value, secret.range);
        if (place) report(place, 'header', { kind: secret.title }, fix, masks(place));
      }
      for (const line of commandLinesOf(container)) {
        const options = inOptions(container, line);
        for (const { name, range: place } of options) report(place, 'option', { name }, fix, masks(place));
        const clientsOf = inCommands(container, line).filter(({ range: own }) => !options.some(other => overlaps(own, other.range)));
        for (const { name, range: place } of clientsOf) report(place, 'client', { name }, fix, masks(place));
        line.texts.forEach((text, at) => {
          const secret = findSecretValue(text);
          const place = secret && partRange(container.pod.object.document, line.words[at]!, shift(secret.range, 0));
          const isKnown = [...options, ...clientsOf].some(
            other => place && other.range.start <= place.start && place.start < other.range.end,
          );
          if (place && !isKnown) report(place, 'shaped', { kind: secret.title }, fix, masks(place));
        });
      }
    },
  },
});
