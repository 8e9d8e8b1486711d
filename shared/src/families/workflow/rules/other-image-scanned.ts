import { defineRule, noFix } from '../../../rule/define-rule';
import { upTo } from '../../../base/text/ends';
import { written } from '../../../rule/pipeline/commands';
import { commandsOf, does, inputOf, linesOf, scansOf } from '../model/pipeline';
import type { JobView, StepView } from '../model/types';
import { textOf } from '../model/values';

/** A reference in one spelling: variables of the environment without the ways to write them, expressions without blanks. */
function spelt(text: string, { env, workflow }: JobView): string {
  const variable = (name: string): string => textOf(env, name) ?? textOf(workflow.env, name) ?? `\${${name}}`;
  return text
    .trim()
    .replace(/\$\{\{([^{}]*)\}\}/g, (_, inner: string) => {
      const name = /^\s*env\.(\w+)\s*$/.exec(inner)?.[1];
      return name === undefined ? `\${{${inner.replace(/\s+/g, '')}}}` : variable(name);
    })
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, a: string | undefined, b: string | undefined) => variable(a ?? b ?? ''));
}

/** Images that a step builds, tags, loads or pulls; `null`: some of them are not known. */
function imagesOf(step: StepView): readonly string[] | null {
  if (does(step, 'build')) {
    const tags = inputOf(step, 'tags')?.text;
    return tags == null || /\b(?:steps|needs|fromJSON|format|join)\b/.test(tags) ? null : linesOf(tags);
  }
  const found: string[] = [];
  for (const command of commandsOf(step)) {
    if (!/^(?:docker|podman|buildah|nerdctl)$/.test(command.name ?? '')) continue;
    const words = command.args.map(word => written(step, word));
    const [verb] = words;
    if (verb === 'compose' || verb === 'load' || verb === 'import' || verb === 'bake' || words[1] === 'bake') return null;
    if (verb === 'pull' || verb === 'tag' || verb === 'push') found.push(...words.slice(1).filter(word => !word.startsWith('-')));
    words.forEach((word, i) => {
      if (/^(?:-t|--tag)$/.test(word)) found.push(words[i + 1] ?? '');
      else if (/^--tag=/.test(word)) found.push(word.slice('--tag='.length));
    });
  }
  return found;
}

const nameOf = (image: string): string => upTo(image, '@').replace(/:[^:/]*$/, '');

export const rule = defineRule({
  id: 'workflow/other-image-scanned',
  title: 'Scan of an image other than the one built',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: { nist800190: ['3.1.1', '4.1.1'] },
  messages: { other: { text: 'The job builds "{built}" but scans a different tag of that image' } },
  on: {
    job(job, report) {
      const lists = job.steps.map(imagesOf);
      // scripts and actions that are not read may build anything
      if (lists.includes(null) || job.steps.some(step => step.run !== null && step.run.script() === null)) return;
      const built = lists.flatMap(list => list ?? []).map(image => spelt(image, job));
      for (const { image, imageRange } of scansOf(job)) {
        if (image === null || !imageRange || /\b(?:steps|needs|matrix)\./.test(image) || image.includes('@')) continue;
        const scanned = spelt(image, job);
        const near = built.find(one => nameOf(one) === nameOf(scanned));
        // where the job builds no image of that name, it is another's: a base image, or one of the registry
        if (near === undefined || built.some(one => one === scanned || `${one}:latest` === scanned || one === `${scanned}:latest`))
          continue;
        if (built.some(one => one.includes('${') && !one.includes('${{'))) continue;
        report(imageRange, 'other', { built: near }, noFix('no-fix'));
      }
    },
  },
});
