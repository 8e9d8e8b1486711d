import { findFormats } from '../../../knowledge/secrets/formats';
import { defineRule, masks, noFix, type Report } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { textRange } from '../../../syntax/yaml/text-range';
import type { YamlDocument, YamlScalar } from '../../../syntax/yaml/types';
import { mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { doesStep } from '../model/needs';
import type { NamedValues, StepView } from '../model/types';

type OwnReport = Report<'password' | 'shaped', never>;

const revoke = noFix('manual', 'the value must be revoked, and a new one stored as a repository secret');

/** Reports a password that is written out. */
function checkLiteral(document: YamlDocument, node: YamlScalar | null, name: string, report: OwnReport): void {
  const text = stringOf(node) ?? '';
  if (!node || text === '' || text.includes('${{') || /^(?:\*+|<.*>|x{3,})$/i.test(text)) return;
  const { range } = textRange(document, node);
  report(range, 'password', { name }, masks(range), revoke);
}

/** Reports values that are secrets by their form. */
function checkForms(document: YamlDocument, { values }: NamedValues, report: OwnReport): void {
  for (const { node, text, name } of values) {
    if (!node || text === null) continue;
    const place = textRange(document, node);
    const [secret] = findFormats(text);
    if (!secret) continue;
    const range: Range = place.exact
      ? { start: place.range.start + secret.range.start, end: place.range.start + secret.range.end }
      : place.range;
    report(range, 'shaped', { name }, masks(range), revoke);
  }
}

const passwords =
  /^(?:password|token|api[-_]key|access[-_]token|secret[-_]access[-_]key|aws-secret-access-key|client-secret|creds|credentials_json)$/i;

/** Reports what commands are given that is a secret by its form, and what one that logs in is given. */
function checkScript({ run }: StepView, report: OwnReport): void {
  for (const { name, args } of run?.script()?.commands ?? []) {
    for (const word of args)
      if (word.text !== null && findFormats(word.text).length > 0)
        report(word.range, 'shaped', { name: name ?? 'A command' }, masks(word.range), revoke);
    if (
      !/^(?:docker|podman|buildah|skopeo|nerdctl|oras|crane|helm)$/.test(name ?? '') ||
      !args.slice(0, 2).some(({ text }) => text === 'login')
    )
      continue;
    for (const [i, word] of args.entries()) {
      const value = /^(?:-p|--password)$/.test(word.raw) ? args[i + 1] : undefined;
      if (value?.text != null && value.text !== '' && !/[\ue000$]/.test(value.raw))
        report(value.range, 'password', { name: word.raw }, masks(value.range), revoke);
      if (word.text != null && /^--password=./.test(word.raw) && !/[\ue000$]/.test(word.raw)) {
        const range = { start: word.range.start + '--password='.length, end: word.range.end };
        report(range, 'password', { name: '--password' }, masks(range), revoke);
      }
    }
  }
}

export const rule = defineRule({
  id: 'workflow/hardcoded-credential',
  title: 'Password hardcoded in the workflow',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: {
    cwe: ['CWE-798'],
    mitre: ['T1552.001'],
    links: ['https://docs.github.com/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets'],
  },
  peers: { zizmor: ['hardcoded-container-credentials'], actionlint: ['credentials'] },
  messages: {
    password: { text: 'Anyone who can read the repository or its history knows this password ({name})' },
    shaped: { text: '{name} holds a token that anyone who can read the repository can use' },
  },
  on: {
    workflow({ document, env }, report) {
      checkForms(document, env, report);
    },
    job({ workflow: { document }, containers, env, inputs }, report) {
      for (const { map } of containers)
        checkLiteral(document, scalarOf(mapOf(map?.get('credentials'))?.get('password')), 'credentials.password', report);
      checkForms(document, env, report);
      checkForms(document, inputs, report);
    },
    step(step, report) {
      const { document } = step.file;
      if (doesStep(step, 'login'))
        for (const { name, node } of step.inputs.values) if (passwords.test(name)) checkLiteral(document, node, name, report);
      checkForms(document, step.env, report);
      if (!doesStep(step, 'login')) checkForms(document, step.inputs, report);
      checkScript(step, report);
    },
  },
});
