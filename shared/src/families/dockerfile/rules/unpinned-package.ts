import type { DockerfileModel, RunCommand } from '../model/types';
import type { ShellScript } from '../../../syntax/shell/types';
import { memoize } from '../../../base/text/memoize';
import { packageManagerCall } from '../../../syntax/shell/package-manager';
import { unpinnedPackages, type ShellVariableValue } from '../../../syntax/shell/package-pins';
import { defineRule } from '../../../rule/define-rule';

/** The names that a script may give a value, by its words: in front of `=`, and behind `for`, `read` and `export`. */
function namesSetIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name, sign] of text.matchAll(/(\w+)(=?)/g)) if (sign === '=') names.add(name!);
  for (const part of text.split(/[;|&]/)) {
    const verb = /\b(?:for|read|export) /.exec(part);
    if (verb) for (const [name] of part.slice(verb.index + verb[0].length).matchAll(/\w+/g)) names.add(name);
  }
  return names;
}

/** Those of each script of a file that somebody asked for. */
const scriptNames = memoize((_file: DockerfileModel) => new Map<ShellScript, ReadonlySet<string>>());

/** What the script sees under a name: ARG and ENV, or nothing where neither they nor the script set it. */
function variablesOf({ instruction, stage, script, file }: RunCommand): ShellVariableValue {
  return name => {
    const variable = stage?.variable(name, instruction);
    if (variable) return variable.value;
    const known = scriptNames(file);
    let names = known.get(script);
    if (!names) known.set(script, (names = namesSetIn(script.text.text)));
    return names.has(name) ? null : '';
  };
}

export const rule = defineRule({
  id: 'dockerfile/unpinned-package',
  title: 'Package installed without a version',
  severity: 'info',
  category: 'supply-chain',
  profile: 'strict',
  references: { cisDocker: ['4.11'], nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195'], cwe: ['CWE-1357'] },
  peers: {
    hadolint: ['DL3008', 'DL3013', 'DL3016', 'DL3018', 'DL3028', 'DL3033', 'DL3037', 'DL3041', 'DL3062'],
    kics: [
      'Apt Get Install Pin Version Not Defined',
      'Unpinned Package Version in Apk Add',
      'Unpinned Package Version in Pip Install',
      'NPM Install Command Without Pinned Version',
      'Gem Install Without Version',
      'Yum install Without Version',
      'Missing Version Specification In dnf install',
      'Zypper Install Without Version',
    ],
  },
  messages: {
    one: { text: '{manager} installs whichever version of "{package}" is current' },
    several: { text: 'The versions of "{package}" and {count} more are not pinned: {manager} installs the current ones' },
  },
  on: {
    command(view, report) {
      const call = packageManagerCall(view.command);
      if (!call || call.packages.length === 0) return;
      const words = unpinnedPackages(call, variablesOf(view));
      const [first] = words;
      if (!first) return;
      const data = { manager: call.program, package: first.text ?? first.raw };
      report(first.range, words.length > 1 ? 'several' : 'one', words.length > 1 ? { ...data, count: words.length - 1 } : data);
    },
  },
});
