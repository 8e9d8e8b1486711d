import type { ScriptFamily } from '../family/types';
import { textFacts } from '../../evidence/program/text-facts';
import { mayHoldCommands } from './model/find-commands';
import { mayRelease } from './model/releases';
import { convertibleCommands } from './model/command-text';
import { imagePlaces } from './model/image';
import { placeOf } from './model/place-of';
import { readModel } from './model/read';
import { targets } from './model/visit';
import { containerGroup } from '../../rule/checks/container/group';
import { runPart } from './part';

const reasons = {
  shell: 'the shell script runs containers',
  make: 'the makefile runs containers',
  unit: 'the unit runs containers',
  markdown: 'the page shows commands that run containers',
} as const;

/** Command lines that make containers: `docker run` and its kin, in scripts, makefiles, units of systemd, steps of workflows and documentation. */
export const run: ScriptFamily = {
  id: 'run',
  label: 'scripts that run containers',
  language: 'script',
  targets,
  sharedRules: 'workflow',
  sharedTargets: ['commands'],
  claims: ({ path, text }) => {
    const place = placeOf(path, text);
    return place !== null && (mayHoldCommands(text) || mayRelease(place, text))
      ? { reason: reasons[place], dialect: { templated: false, fragment: false } }
      : null;
  },
  isGuest: ({ document }, host) => (host === 'workflow' || host === 'gitlab') && mayHoldCommands(document.text),
  part: runPart,
  facts: ({ document, fileText, path }) => (document ? [] : textFacts(fileText, path)),
  images: piece => imagePlaces(readModel(piece), piece.base),
  convertibles: piece => convertibleCommands(readModel(piece)),
  groups: [containerGroup('run', { 'default-network': 'reach other containers' })],
  scaffold: { target: 'container', range: 'container.reportRange', example: 'docker run -d --name web nginx:1.29.1\n', fence: 'sh' },
};
