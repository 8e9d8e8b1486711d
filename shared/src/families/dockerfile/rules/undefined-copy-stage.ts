import { replaceText } from '../../../rule/fix/operations';
import { findImageProfile } from '../../../knowledge/image-profiles';
import { memoize } from '../../../base/text/memoize';
import type { DockerfileModel, ImageUse, Stage } from '../model/types';
import { defineRule, noFix } from '../../../rule/define-rule';
import { closest } from '../../../base/text/closest';

/** The stages that hold no file at all: nothing on an empty image, or on such a stage. */
const emptyStages = memoize((file: DockerfileModel): ReadonlySet<Stage> => {
  const empty = new Set<Stage>();
  for (const stage of file.stages) {
    if (stage.base ? !empty.has(stage.base) : stage.image.kind !== 'scratch') continue;
    if (!stage.instructions.some(({ keyword }) => /^(?:ADD|COPY|RUN|WORKDIR|ONBUILD)$/.test(keyword))) empty.add(stage);
  }
  return empty;
});

/** The names of the stages above. */
function namesAbove({ file, index }: Stage): readonly string[] {
  return file.stages.slice(0, index).flatMap(stage => stage.name ?? []);
}

/** Whether a name without registry, path, tag and digest is that of an image that is known. */
const isKnownImage = ({ reference }: ImageUse): boolean => reference?.invalid === null && findImageProfile(reference) !== null;

export const rule = defineRule({
  id: 'dockerfile/undefined-copy-stage',
  title: 'COPY --from with an unknown, empty or numbered stage',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  peers: { hadolint: ['DL3022'], kics: ['Using Unnamed Build Stages'], tally: ['hadolint/DL3022', 'tally/copy-from-empty-scratch-stage'] },
  messages: {
    later: { text: 'Stage "{name}" comes later; --from can refer only to earlier stages', severity: 'error' },
    unnamed: { text: 'If a stage is added earlier, number {name} refers to a different stage: use a stage name', severity: 'hint' },
    number: { text: 'No earlier stage has number {name}', severity: 'error' },
    typo: { text: 'No stage is named "{name}"; did you mean "{other}"?' },
    unknown: {
      text: 'No earlier stage is named "{name}": the name refers to a Docker Hub image or a named build context',
      severity: 'info',
    },
    empty: { text: 'Stage "{name}" is empty: it is based on scratch, and nothing is added to it', severity: 'error' },
  },
  fixes: {
    name: { title: 'Use the stage name {other}', class: 'safe' },
    rename: { title: 'Use {other}', class: 'attended' },
  },
  on: {
    image(image, report) {
      const { origin, stage, raw, range, instruction, literal } = image;
      if (origin === 'from' || !literal || !stage || instruction.onbuildParent) return;
      const [source] = image.stages;
      if (source) {
        if (source.index > stage.index) report(range, 'later', { name: raw });
        // All of an empty stage can be copied: it stands for a context that the build may be given under that name.
        else if (
          origin === 'copy-from' &&
          source !== stage &&
          emptyStages(stage.file).has(source) &&
          !instruction.words.slice(0, -1).every(word => /^\/?$/.test(word.text))
        )
          report(range, 'empty', { name: raw });
        else if (origin === 'copy-from' && /^\d+$/.test(raw)) {
          const { name } = source;
          const fix =
            name === null ? noFix('needs-value') : report.fix('name', () => [replaceText(range, name)], { data: { other: name } });
          report(range, 'unnamed', { name: raw }, fix);
        }
      } else if (origin === 'copy-from' && /^[+-]?\d+$/.test(raw)) report(range, 'number', { name: raw });
      else if (/^[\w-]+$/.test(raw) && raw !== 'scratch' && !isKnownImage(image)) {
        const other = closest(raw.toLowerCase(), namesAbove(stage));
        if (other === '' || raw.length < 5) return report(range, 'unknown', { name: raw });
        const operations = [replaceText(range, other)] as const;
        report(
          range,
          'typo',
          { name: raw, other },
          report.fix('rename', () => operations, { data: { other } }),
        );
      }
    },
  },
});
