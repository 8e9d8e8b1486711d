import { setValue } from '../../../syntax/yaml/operations';
import { productionValue } from '../../../knowledge/development';
import { defineRule, noFix } from '../../../rule/define-rule';
import { stringOf } from '../../../syntax/yaml/values';
import { commandLinesOf, parseLine } from '../model/commands';
import type { ContainerView } from '../model/types';
import { downloadRuns } from '../../../syntax/shell/download-runs';
import { packageManagerCall } from '../../../syntax/shell/package-manager';
import type { YamlScalar } from '../../../syntax/yaml/types';
import type { Range } from '../../../base/text/range';

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

/** What a line must hold that downloads something to run it, or installs it: most are done with it. */
const fetches = /\b(?:curl|wget|aria2c|install|add|pacman)\b/;
/** Package managers that fetch code from the network. */
const managers = new Set('apt-get apk dnf yum microdnf tdnf zypper pacman pip pipx npm yarn pnpm gem'.split(' '));

/** What the lines of a container download and run, or install: the place, and the interpreter or package manager. */
function fetchedCode(
  container: ContainerView,
): readonly { readonly id: 'piped' | 'install'; readonly range: Range; readonly program: string }[] {
  return commandLinesOf(container).flatMap(line => {
    if (!line.texts.some(text => fetches.test(text))) return [];
    const { script, placeOf } = parseLine(container, line);
    const runs = [script, ...new Set(script.commands.map(command => command.script))]
      .filter((own, i, all) => all.indexOf(own) === i)
      .flatMap(downloadRuns)
      .filter((run, i, all) => all.findIndex(other => other.range.start === run.range.start) === i);
    const installs = script.commands.flatMap(command => {
      const call = packageManagerCall(command);
      const names = call?.packages.filter(({ raw }) => !/^["']?(?:\.{0,2}\/|\.$)/.test(raw)) ?? [];
      return call?.subcommand && call.action === 'install' && managers.has(call.manager) && names.length > 0 ? [call] : [];
    });
    return [
      ...runs.map(({ range, interpreter }) => ({ id: 'piped' as const, range: placeOf(range), program: interpreter })),
      ...installs.slice(0, 1).map(call => ({
        id: 'install' as const,
        range: placeOf({ start: call.command.nameWord!.range.start, end: call.subcommand!.range.end }),
        program: `${call.program} ${call.verb}`,
      })),
    ];
  });
}

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
    sudo: { text: 'Container "{container}" escalates its privileges with sudo' },
    'git-sync': { text: 'Container "{container}" makes git-sync run another program in place of git' },
    piped: { text: 'Container "{container}" lets {program} run an unverified download', severity: 'error' },
    install: { text: '"{program}" adds unscanned software to container "{container}" at each start, outside any build' },
    debugger: { text: '{name}={value} lets anyone who sees an error from the program run code in it' },
  },
  fixes: { production: { title: 'Set {name} to {good}', class: 'attended' } },
  on: {
    container(container, report) {
      const { node, pod } = container;
      for (const { id, range, program } of fetchedCode(container)) report(range, id, { program }, noFix('manual'));
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
