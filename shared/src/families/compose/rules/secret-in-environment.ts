import { findContainerSecrets, secretInPair, type ContainerSecret } from '../../../rule/checks/container/secrets';
import { remedyOf } from '../../../rule/container/edits';
import type { NamedValue, Setting } from '../../../rule/container/types';
import { defineRule, masks, noFix, weighs, type Attachment } from '../../../rule/define-rule';
import { findSecrets } from '../../../knowledge/secrets/detect';
import { secretFileFix } from '../fix/secret-file';
import { rawText } from '../model/items';
import { variablesIn, type Variable } from '../model/template';
import { rangeIn, type ServiceView } from '../model/types';
import { entriesOfValue, itemsOfValue, member, stringValue, type Value } from '../model/value';

/** Pairs of a name and a value below a key that is no field of a container. */
function pairsAt(service: ServiceView, value: Value | undefined): readonly Setting<NamedValue>[] {
  const pair = (name: string, inner: Value): Setting<NamedValue>[] => {
    const setting = service.settingOf(inner);
    const text = stringValue(inner);
    return text === null ? [] : [{ ...setting, value: { name, value: text, valueRange: setting.range } }];
  };
  if (value?.kind === 'map') return entriesOfValue(value).flatMap(([name, entry]) => pair(name, entry.value));
  return itemsOfValue(value).flatMap(item => {
    const text = stringValue(item) ?? '';
    const at = text.indexOf('=');
    const setting = service.settingOf(item);
    return at < 0 ? [] : [{ ...setting, value: { name: text.slice(0, at), value: text.slice(at + 1), valueRange: setting.range } }];
  });
}

/** The variables of a setting's text that fall back to something. */
function fallbacksIn(raw: string): readonly Variable[] {
  return variablesIn(raw).filter(({ operator, word }) => operator?.endsWith('-') && word !== null && word.end > word.start);
}

/** A value that is taken from the environment, and asked for where it is not set. */
interface Asking {
  readonly variable: string;
  /** What asks for the variable. */
  readonly text: string;
  /** The whole value. */
  readonly value: string;
}

/** The value with the fallback gone, or from a variable of its own name as a whole; `null` where others stand in it, or it is no variable of the container. */
function fromEnvironment(service: ServiceView, { setting, name }: ContainerSecret): Asking | null {
  if (name === null || !/^[A-Za-z_]\w*$/.test(name) || setting.field !== 'env') return null;
  const raw = service.edit.textOf(setting) ?? '';
  const [fallback, ...others] = fallbacksIn(raw);
  const variable = fallback?.name ?? name;
  const text = `\${${variable}:?set ${variable}}`;
  if (!fallback) return raw.includes('$') ? null : { variable, text, value: text };
  const from = service.at('environment')?.kind === 'list' ? raw.indexOf('=') + 1 : 0;
  const value = raw.slice(from, fallback.start) + text + raw.slice(fallback.end);
  return others.length > 0 ? null : { variable, text, value };
}

export const rule = defineRule({
  id: 'compose/secret-in-environment',
  title: 'Secret written in the file',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: {
    nist800190: ['3.1.4', '4.1.4'],
    mitre: ['T1552.001'],
    cwe: ['CWE-312', 'CWE-798'],
    links: ['https://docs.docker.com/compose/how-tos/use-secrets/'],
  },
  messages: {
    variable: { text: 'Anyone who reads the file can see the value of {name} here' },
    weak: { text: 'The value of {name} is one of the first that attackers try', severity: 'warning' },
    default: { text: 'Without a value, {name} defaults to a secret that anyone can read in this file', severity: 'warning' },
    command: { text: 'A secret is written in a command, where every process on the host can read it' },
    content: { text: 'A secret is written in the content of config "{name}"' },
  },
  fixes: {
    file: { title: 'Read the value from a secret file: {variable}', class: 'attended' },
    variable: { title: 'Read the value from the environment: {text}', class: 'attended' },
  },
  assumptions: {
    'in-environment': '{name} is set wherever the project is started, or in a .env file that Git ignores',
    'secret-file': "{file} contains the value, is ignored by Git, and is readable by the container's user",
  },
  on: {
    container(service, report) {
      const found = (secret: ContainerSecret | null): void => {
        if (!secret) return;
        const isFallback = fallbacksIn(service.edit.textOf(secret.setting) ?? '').length > 0;
        const isCommand = ['entrypoint', 'args', 'healthTest'].includes(secret.setting.field);
        const messageId = isCommand && !secret.weak ? 'command' : isFallback && !isCommand ? 'default' : secret.weak ? 'weak' : 'variable';
        const name = secret.name ?? '';
        const file = secret.setting.field === 'env' && !isFallback ? secretFileFix(service, name) : null;
        const attached: Attachment[] = messageId === 'variable' && secret.guessable ? [weighs('warning')] : [];
        if (file) {
          const assumes = [{ id: 'secret-file', data: { file: file.file } }];
          attached.push(report.fix('file', file.operations, { data: { variable: file.variable }, assumes }));
        }
        const asking = fromEnvironment(service, secret);
        if (asking) {
          const extras = { assumes: [{ id: 'in-environment', data: { name: asking.variable } }] };
          const remedy = remedyOf(service.edit.replace(secret.setting, asking.value), extras);
          attached.push(...report.remedy('variable', remedy, { text: asking.text }));
        }
        report(secret.range, messageId, { name }, ...(attached.length > 0 ? attached : [noFix('manual')]), masks(secret.range));
      };
      findContainerSecrets(service).forEach(found);
      for (const pair of pairsAt(service, service.at('build', 'args'))) found(secretInPair(pair));
    },
    project({ document, project }, report) {
      for (const [name, { value }] of entriesOfValue(member(project.merged, 'configs'))) {
        const content = member(value, 'content');
        const range = content && rangeIn(document, content);
        if (content && range && findSecrets(rawText(content)).length > 0) report(range, 'content', { name }, noFix('manual'));
      }
    },
  },
});
