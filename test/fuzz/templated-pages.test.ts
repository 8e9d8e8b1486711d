import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isMap, isPair, isScalar, isSeq, parseAllDocuments, visit } from 'yaml';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { Rule } from '../../shared/src/rule/define-rule';
import { rules } from '../../shared/src/families/generated/index';
import { ruleFile } from '../../tools/rules/files';
import { parsePage, type Block, type Case } from '../../tools/rules/page';
import { findingsOf, hardenedOf, prepareCase } from '../../tools/rules/run-case';
import { sweep } from '../support/sweep';
import { patience } from '../support/growth';

/**
 * What a template may come out as is no finding. The manifests that a rule accepts, and those that its fix leaves, are what some template comes
 * out as: one in which an action stands in place of a value, of a map, or of an entry with its key. So the rule must not find more in
 * that template than in the manifest.
 */
const engine = createEngine(rules);
const every = sweep.full ? 1 : 13;

/**
 * What is bad as it is written, and only excused by other words which a template may bring: the rule speaks of the words that it sees, or it
 * would be silent on every chart. By rule and message, then the place of the action.
 */
const excused: readonly (readonly [finding: RegExp, place: RegExp])[] = [
  [/^allow-all-network-policy\/everything$/, /policyTypes$/],
  [/^host-path-writable\/writable$/, /hostPath(\.path)?$/],
  [/^ineffective-capability\/ports$/, /\.image$/],
  [/^(low-uid|proc-mount|run-as-root)\/(user|unmasked)$/, /\.hostUsers$/],
  [/^rbac-(anonymous|cluster-admin|wildcard)\//, /^(metadata|roleRef|subjects|rules\.apiGroups)/],
  [/^secret-in-manifest\/encoded$/, /^type$/],
  [/^shared-process-namespace\/shared$/, /\.containers$/],
  [/^missing-(liveness|readiness)-probe\/missing$/, /^spec\.containers\.(?:command|args)$/],
  [/^ssh-port\//, /ports\.(protocol|targetPort)$|\.image$/],
  [/^system-namespace\/system$/, /\.priorityClassName$|^metadata\.labels/],
  [/^(writable-root-filesystem\/unset|proc-mount\/unmasked)$/, /\.nodeSelector/],
  [/^ingress-without-tls\/missing$/, /^metadata\.labels/],
  // nobody gives an object the name of one that the cluster makes by way of a template
  [/^default-namespace\/explicit$/, /^metadata\.name$/],
  // of another object: that one comes from a template as a whole, or under a name that only the template knows
  [/^(dangling-selector|missing-network-policy|missing-reference|single-replica|service-account-token|default-service-account)\//, /./],
];

/** A template that may come out as a text, and where its action stands. */
interface Template {
  readonly text: string;
  readonly place: string;
}

function templatesOf(text: string): readonly Template[] {
  const found: Template[] = [];
  for (const document of parseAllDocuments(text)) {
    if (!('errors' in document) || document.errors.length > 0) continue;
    visit(document, {
      Pair(_, { key, value }, path) {
        if (!isScalar(key) || !key.range) return;
        const range = isScalar(value) || isMap(value) || isSeq(value) ? value.range : null;
        if (!range) return;
        const names = path.flatMap(step => (isPair(step) && isScalar(step.key) ? [String(step.key.value)] : []));
        const place = [...names, String(key.value)].join('.');
        if (/^(apiVersion|kind)$/.test(place)) return;
        const [start] = key.range;
        const line = text.lastIndexOf('\n', start - 1) + 1;
        const end = text[range[1] - 1] === '\n' ? range[1] - 1 : range[1];
        const fill = (action: string): void => {
          found.push({ place, text: `${text.slice(0, text.indexOf(':', key.range![1]) + 1)} ${action}${text.slice(end)}` });
        };
        if (isScalar(value)) fill('{{ .Values.x }}');
        else fill(`{{- toYaml .Values.x | nindent ${start - line + 2} }}`);
        if (start > line && text.slice(line, start).trim() === '')
          found.push({ place, text: `${text.slice(0, start)}{{- include "x" . | nindent ${start - line} }}${text.slice(end)}` });
      },
    });
  }
  return found;
}

/** The findings of a rule in a block of a case, counted by message, with another text in the block. */
function count(rule: Rule, fixture: Case, block: Block, text: string): ReadonlyMap<string, number> {
  const file = block.setup.file === null ? null : `templates/${block.setup.file.split('/').at(-1)}`;
  // a trial is of something by its name, which a template may change; and it takes no finding away
  const mine: Block = { ...block, text, setup: { ...block.setup, file, trials: new Map() } };
  const prepared = prepareCase(
    engine,
    rule,
    fixture.blocks.map(each => (each === block ? mine : each)),
  );
  const counts = new Map<string, number>();
  for (const caseFile of prepared.files.filter(each => each.block === mine)) {
    for (const { messageId, rule: id } of findingsOf(engine, rule, caseFile.input, prepared.contextOf(caseFile))) {
      const name = `${id.slice(id.indexOf('/') + 1)}/${messageId}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

/** The texts of a case that its rule has nothing against, and the block in whose place each stands. */
function goodTexts(rule: Rule, fixture: Case): readonly { readonly block: Block; readonly text: string }[] {
  const accepted = fixture.blocks.filter(({ role }) => role === 'accepted').map(block => ({ block, text: block.text }));
  const hardened = hardenedOf(fixture, prepareCase(engine, rule, fixture.blocks)).map(({ block, from }) => ({
    block: from.block,
    text: block.text,
  }));
  return [...accepted, ...hardened].filter(({ block, text }) => block.setup.language === 'yaml' && !text.includes('{{'));
}

test(
  'nothing is missing from a template that may come out as what a rule accepts',
  () => {
    const wrong = new Map<string, string>();
    let number = 0;
    for (const rule of rules.filter(({ family }) => family === 'kubernetes')) {
      const page = parsePage(readFileSync(ruleFile(rule.id, '.md'), 'utf8'));
      for (const fixture of page.cases) {
        for (const { block, text } of goodTexts(rule, fixture)) {
          const before = count(rule, fixture, block, text);
          for (const template of templatesOf(text)) {
            if (number++ % every !== 0) continue;
            for (const [name, found] of count(rule, fixture, block, template.text)) {
              if (found <= (before.get(name) ?? 0)) continue;
              if (excused.some(([finding, place]) => finding.test(name) && place.test(template.place))) continue;
              wrong.set(`${name} (${fixture.title}): ${template.place}`, template.text);
            }
          }
        }
      }
    }
    expect(Object.fromEntries(wrong)).toEqual({});
  },
  patience,
);
