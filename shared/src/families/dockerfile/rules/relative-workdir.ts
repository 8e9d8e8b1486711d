import { insertLines, replaceText } from '../../../rule/fix/operations';
import { markOf } from '../../../rule/fix/places';
import { baseFacts, imageDirectory, stageProfile, verifiedFacts } from '../model/stage-image';
import { firstWith } from '../model/chain';
import type { Stage, Word } from '../model/types';
import { defineRule, noFix } from '../../../rule/define-rule';
import { resolvePath } from '../../../base/text/path';

const onboardedWorkdir = /^ONBUILD\s+WORKDIR\s/i;
/** Whether a path starts at a root: a drive is one on Windows, and wherever the system is not known. BuildKit looks at WORKDIR alone. */
function isAbsolute(path: string, keyword: string, stage: Stage): boolean {
  if (/^[/$]/.test(path) || (keyword !== 'WORKDIR' && /^(?:\\|[A-Za-z]:)/.test(path))) return true;
  const os = stageProfile(stage)?.os ?? null;
  return /^(?:\\|[A-Za-z]:)/.test(path) && (stage.windows || os === null || os === 'windows');
}

/** A relative path from a directory; a slash at its end stays. */
function join(directory: string, path: string): string {
  const whole = resolvePath(`${directory}/${path}`);
  return whole !== '/' && /(?:^|\/)\.?$/.test(path) ? `${whole}/` : whole;
}

/** Microsoft's images of the system itself, which start in the root of their drive. */
const windowsSystem = /^mcr\.microsoft\.com\/windows(?:\/(?:servercore|nanoserver|server))?[:@]/;

/** The word as an absolute path below a directory; variables keep standing for what they hold. `null` where that is not plain. */
function absoluteOf(word: Word, path: string, stage: Stage, directory: string | null): string | null {
  if (word.raw !== word.text || /^[A-Za-z]:/.test(path)) return null;
  if (stage.windows) return windowsSystem.test(stage.root.image.text ?? '') && /^[\w-]/.test(word.raw) ? `C:/${word.raw}` : null;
  if (directory === null) return null;
  if (word.variables.length === 0) return join(directory, path);
  return /^\w/.test(path) ? `${directory.replace(/\/$/, '')}/${word.raw}` : null;
}

export const rule = defineRule({
  id: 'dockerfile/relative-workdir',
  title: 'Relative path with no absolute WORKDIR',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  peers: {
    hadolint: ['DL3000', 'DL3045'],
    buildkit: ['WorkdirRelativePath'],
    trivy: ['DS-0009'],
    checkov: ['CKV_DOCKER_10'],
    kics: ['WORKDIR Path Not Absolute'],
    tally: ['hadolint/DL3045'],
    'dockerfile-utils': ['WORKDIR_IS_NOT_ABSOLUTE'],
  },
  messages: {
    workdir: { text: 'WORKDIR "{path}" depends on the working directory of the base image', peers: { hadolint: ['DL3000'] } },
    destination: { text: 'Destination "{path}" is relative, and the stage sets no WORKDIR', peers: { hadolint: ['DL3045'] } },
  },
  fixes: {
    absolute: { title: 'Change to {absolute}', class: 'safe' },
    workdir: { title: 'Add a WORKDIR and enter its path', class: 'attended' },
  },
  assumptions: {
    root: 'The base image sets no working directory',
    configured: 'The working directory of the base image is the one configured in {digest} (trust level: {level})',
  },
  on: {
    instruction(instruction, report, { workspace }) {
      const { keyword, stage } = instruction;
      if (keyword !== 'WORKDIR' && keyword !== 'COPY' && keyword !== 'ADD') return;
      const { stateBefore: before } = instruction;
      const word = instruction.words.at(-1);
      // Only the first WORKDIR matters: with it absolute, those behind it are.
      // An empty image has nothing but its root directory to copy to.
      if (!stage || (stage.root.image.kind === 'scratch' && keyword !== 'WORKDIR')) return;
      if (!before || before.workdir !== null || !word) return;
      if (keyword !== 'WORKDIR' && instruction.words.length < 2) return;
      const path = instruction.file.expand(word, instruction);
      if (
        path === null ||
        path === '' ||
        isAbsolute(path, keyword, stage) ||
        (instruction.onbuildParent && firstWith(stage, onboardedWorkdir))
      )
        return;
      const facts = stage.windows ? null : verifiedFacts(stage, workspace);
      // what is not verified is a value to propose
      const claimed = stage.windows ? null : (baseFacts(stage, workspace)?.workdir ?? null);
      const directory = facts?.workdir ?? imageDirectory(stage);
      // Who copies to `.` relies on the directory that the base image is in: unless that is known, no other is right.
      const known = directory !== null || keyword === 'WORKDIR';
      const text = absoluteOf(word, path, stage, directory ?? (keyword === 'WORKDIR' ? '/' : null));
      report(
        word.range,
        keyword === 'WORKDIR' ? 'workdir' : 'destination',
        { path },
        text !== null
          ? report.fix('absolute', () => [replaceText(word.range, text)], {
              data: { absolute: text },
              class: directory === null || word.variables.length > 0 ? 'attended' : facts ? 'review' : undefined,
              assumes:
                directory === null
                  ? [{ id: 'root' }]
                  : facts
                    ? [{ id: 'configured', data: { digest: facts.digest, level: facts.level } }]
                    : [],
            })
          : noFix(stage.windows ? 'windows' : known ? 'variable' : claimed === null ? 'unknown-image' : 'needs-input'),
        !known &&
          !stage.windows &&
          !instruction.onbuildParent &&
          report.fix('workdir', () => [insertLines('before', instruction.index, `WORKDIR ${markOf(1)}`)], {
            places: [{ text: claimed ?? '', sample: claimed ?? '/app' }],
          }),
      );
    },
  },
});
