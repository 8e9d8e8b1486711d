import { remedyOf } from '../../../container/edits';
import type { ContainerOptions, NamedValue, Setting } from '../../../container/types';
import { isInsecureVariable } from '../../../knowledge/insecure-options';
import { openedBy } from '../../../knowledge/open-access';
import { findSecrets, findNamedSecret, isSecretName, secretValueKind } from '../../../knowledge/secrets';
import { masks, noFix, type Report } from '../../../rule/define-rule';
import { range, type Range } from '../../../text/range';

/** A secret that is written in the open. */
export interface WrittenSecret {
  /** The variable, label, ... that holds it; `null`: it is part of a command. */
  readonly name: string | null;
  readonly range: Range;
  /** Whether everybody tries it first. */
  readonly weak: boolean;
  readonly setting: Setting<unknown>;
}

/** Where the value of a secret is not: it names a file. */
const isElsewhere = (name: string, value: string): boolean => /_FILE$/i.test(name) || value.startsWith('/run/secrets/');

/** A secret in a pair of a name and its value. */
export function secretIn(setting: Setting<NamedValue>): WrittenSecret | null {
  const pair = setting.value;
  if (!pair?.value || setting.inherited || isElsewhere(pair.name, pair.value)) return null;
  const found = findNamedSecret(pair.name, pair.value);
  const weak = !found && isSecretName(pair.name) && secretValueKind(pair.value) === 'default';
  if (!found && !weak) return null;
  const { valueRange } = pair;
  const isExact = valueRange.end - valueRange.start === pair.value.length;
  const inner = found && isExact ? range(valueRange.start + found.range.start, valueRange.start + found.range.end) : valueRange;
  const text = found ? pair.value.slice(found.range.start, found.range.end) : pair.value;
  return { name: pair.name, range: inner, weak: weak || secretValueKind(text) === 'default', setting };
}

/** Secrets by their form in a word of a command. */
export function secretsInWord(setting: Setting<string>): readonly WrittenSecret[] {
  if (setting.value === null || setting.inherited) return [];
  return findSecrets(setting.value).map(() => ({ name: null, range: setting.range, weak: false, setting }));
}

/** `authentication-disabled` but for what is a family's own. */
export const authenticationDisabled = {
  title: 'Authentication switched off',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: { nist800190: ['3.4.2', '4.4.2'], cwe: ['CWE-306'] },
  messages: {
    off: { text: '{name} lets everybody in to {program}' },
    published: { text: '{name} lets everybody in to {program}, which is published on all interfaces', severity: 'error' },
    option: { text: '"{option}" lets everybody in' },
  },
  fixes: { remove: { title: 'Remove {name}', class: 'attended' } },
  assumptions: { 'has-password': 'Who connects has a password, and the program is given one' },
  on: {
    container(container: ContainerOptions, report: Report<'off' | 'published' | 'option', 'remove'>): void {
      const isOpen = container
        .list('ports')
        .items.some(({ value }) => value && (value.address === null || value.address === '0.0.0.0' || value.address === '::'));
      for (const setting of container.list('env').items) {
        const pair = setting.value;
        if (!pair?.value || setting.inherited) continue;
        const program = openedBy(pair.name, pair.value) ?? openedIn(pair.name, pair.value);
        if (program === null) continue;
        const remedy = report.remedy('remove', remedyOf(container.edit.remove(setting), { assumes: [{ id: 'has-password' }] }), {
          name: pair.name,
        });
        report(setting.range, isOpen ? 'published' : 'off', { name: pair.name, program }, ...remedy);
      }
      for (const { value: option, range: place, inherited } of container.list('args').items) {
        if (
          option !== null &&
          !inherited &&
          /^--(?:api\.insecure(?:=true)?|noauth|NotebookApp\.token=['"]*|ServerApp\.token=['"]*)$/.test(option)
        )
          report(place, 'option', { option }, noFix('manual'));
      }
    },
  },
} as const;

/** Settings of images that only Compose files have. */
function openedIn(name: string, value: string): string | null {
  if (name === 'NEO4J_AUTH' && value === 'none') return 'Neo4j';
  if (name === 'ME_CONFIG_BASICAUTH' && /^false$/i.test(value)) return 'Mongo Express';
  return name === 'PMA_ARBITRARY' && value === '1' ? 'any database that phpMyAdmin reaches' : null;
}

/** Options that skip the check of a certificate, as a word of their own. */
const insecureOption =
  /^(?:--?(?:insecure-skip-tls-verify|insecure-skip-verify|tls-skip-verify|skip-tls-verify|no-check-certificate|no-verify-ssl|serversTransport\.insecureSkipVerify)(?:=true)?)$/i;

/** `tls-verification-disabled` but for what is a family's own. */
export const tlsVerificationDisabled = {
  title: 'TLS verification switched off',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.3.5', '4.3.5'], cwe: ['CWE-295'] },
  messages: {
    variable: { text: '{name} makes "{container}" trust anyone who claims to be the server' },
    option: { text: '"{option}" makes "{container}" trust anyone who claims to be the server' },
  },
  fixes: { verify: { title: 'Remove {name}', class: 'attended' } },
  assumptions: { known: 'The certificate is from a well-known authority, or from one that it is given' },
  on: {
    container(container: ContainerOptions, report: Report<'variable' | 'option', 'verify'>): void {
      for (const setting of container.list('env').items) {
        const pair = setting.value;
        if (pair?.value == null || setting.inherited || !isInsecureVariable('tls', pair.name, pair.value)) continue;
        const remedy = remedyOf(container.edit.remove(setting), { assumes: [{ id: 'known' }] });
        report(setting.range, 'variable', { name: pair.name }, ...report.remedy('verify', remedy, { name: pair.name }));
      }
      for (const { value: option, range: place, inherited } of [...container.list('entrypoint').items, ...container.list('args').items]) {
        if (option !== null && !inherited && insecureOption.test(option)) report(place, 'option', { option }, noFix('manual'));
      }
    },
  },
} as const;

/** `docker-daemon-tcp` but for what is a family's own. */
export const dockerDaemonTcp = {
  title: 'Docker API over unencrypted TCP',
  severity: 'error',
  category: 'access',
  profile: 'baseline',
  references: {
    nist800190: ['3.4.3', '4.4.3'],
    cwe: ['CWE-306', 'CWE-319'],
    links: ['https://docs.docker.com/engine/security/protect-access/'],
  },
  messages: {
    published: { text: 'The Docker API is published without TLS: whoever reaches it is root on the host' },
    open: { text: 'The Docker API listens without TLS: whoever reaches it is root there', severity: 'warning' },
    client: { text: 'Docker is used over plain TCP: whoever is on the way is root there', severity: 'warning' },
  },
  fixes: {},
  on: {
    container(container: ContainerOptions, report: Report<'published' | 'open' | 'client', never>): void {
      const port = container
        .list('ports')
        .items.find(
          ({ value, inherited }) => !inherited && value?.container && value.container.first <= 2375 && value.container.last >= 2375,
        );
      if (port) return report(port.value!.hostRange, 'published', {}, noFix('manual'));
      const isDind = /(?:^|\/)docker:[^/]*dind/.test(container.image?.text ?? '');
      for (const setting of container.list('env').items) {
        const pair = setting.value;
        if (!pair || setting.inherited) continue;
        if (isDind && pair.name === 'DOCKER_TLS_CERTDIR' && pair.value === '') report(setting.range, 'open', {}, noFix('manual'));
        if (pair.name === 'DOCKER_HOST' && /^tcp:\/\/.*:2375\b/.test(pair.value ?? '') && !/proxy/i.test(pair.value!))
          report(setting.range, 'client', {}, noFix('manual'));
      }
      for (const { value: word, range: place, inherited } of container.list('args').items) {
        if (word !== null && !inherited && /^--?(?:H|host)=?tcp:\/\/|^--tls=false$|^tcp:\/\/0\.0\.0\.0:2375/.test(word))
          report(place, 'open', {}, noFix('manual'));
      }
    },
  },
} as const;

/** Marks a secret as one, for who reports it. */
export function maskOf(secret: WrittenSecret): ReturnType<typeof masks> {
  return masks(secret.range);
}
