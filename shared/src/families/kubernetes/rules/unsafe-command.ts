import { setValue } from '../../../yaml/operations';
import { productionValue } from '../../../knowledge/development';
import { defineRule } from '../../../rule/define-rule';
import { stringOf } from '../../../yaml/values';
import type { ContainerView } from '../model/types';
import type { YamlScalar } from '../../../yaml/types';
import type { Range } from '../../../text/range';

/** `sudo` where a shell would run it: at the start, behind an operator, or as a path. */
const sudo = /(?:^|[\s;&|(`"'/])(sudo)(?=["'\s]|$)/;

/** Options and variables of git-sync that name the program which it runs as git. */
const gitOption = /^--?git(?:=|$)/;
const gitVariables = new Set(['GITSYNC_GIT', 'GIT_SYNC_GIT']);

/** Where a word runs `sudo`; `null`: nowhere. */
function findSudo(word: YamlScalar, text: string): Range | null {
  const raw = text.slice(word.range.start, word.range.end);
  if (!raw.includes('sudo')) return null;
  const match = sudo.exec(raw);
  if (!match) return null;
  const start = word.range.start + match.index + match[0].length - 'sudo'.length;
  return { start, end: start + 'sudo'.length };
}

/** Variables of a program whose debugger runs code for whoever reaches it; other modes of development only tell too much. */
const debuggers = /^(?:FLASK_(?:DEBUG|ENV)|WERKZEUG_DEBUG_PIN)$/;

const isGitSync = ({ image }: ContainerView): boolean => image !== null && /(?:^|\/)git-sync(?:[:@]|$)/.test(image.text);

export const rule = defineRule({
  id: 'kubernetes/unsafe-command',
  title: 'Command that raises privileges or injects code',
  severity: 'warning',
  category: 'privilege',
  profile: 'recommended',
  references: { nist800190: ['3.4.3', '3.4.4', '4.4.3', '4.4.4'], nsaCisa: ['1.7'], mitre: ['T1609'], cwe: ['CWE-250', 'CWE-78'] },
  peers: { kubescape: ['C-0062'], checkov: ['CKV_K8S_159'], semgrep: ['flask-debugging-enabled'] },
  messages: {
    sudo: { text: 'Container "{container}" raises its privileges with sudo' },
    'git-sync': { text: 'Container "{container}" makes git-sync run another program in place of git' },
    debugger: { text: '{name}={value} lets anyone who sees an error of the program run code in it' },
  },
  fixes: { production: { title: 'Set {name} to {good}', class: 'attended' } },
  on: {
    container(container, report) {
      const { node, pod } = container;
      if (!node.get('command') && !node.get('args') && !node.get('env')) return;
      const words = [...(container.command ?? []), ...(container.args ?? [])];
      for (const word of words) {
        const range = word.shared ? null : findSudo(word, pod.object.document.text);
        if (range) report(range, 'sudo');
      }
      for (const { path, name, nameNode, value } of container.env) {
        const good = debuggers.test(name) && value !== null ? productionValue(name, value) : null;
        if (good === null) continue;
        const fix = report.fix('production', () => [setValue([...path, 'value'], good)], { data: { name, good } });
        report(nameNode.range, 'debugger', { name, value: value! }, fix);
      }
      if (!isGitSync(container)) return;
      for (const word of words) if (gitOption.test(stringOf(word) ?? '')) report(word.range, 'git-sync');
      for (const { name, nameNode } of container.env) if (gitVariables.has(name)) report(nameNode.range, 'git-sync');
    },
  },
});
