import { mayBePublished } from '../../../knowledge/official-images';
import { parseImageReference } from '../../../syntax/image/reference';
import { isFloating } from '../../../rule/checks/image/floating-tag';
import { isResolvable } from '../../../rule/checks/image/named-image';
import { pinFix } from '../../../rule/checks/image/pin-fix';
import { defineRule, noFix, type Report, type RuleContext } from '../../../rule/define-rule';
import { range, type Range } from '../../../base/text/range';
import { isVariable } from '../../../syntax/yaml/certainty';
import { setValue } from '../../../syntax/yaml/operations';
import { textRange } from '../../../syntax/yaml/text-range';
import { stringOf } from '../../../syntax/yaml/values';
import type { Path, YamlDocument, YamlScalar } from '../../../syntax/yaml/types';

type Message = 'untagged' | 'latest' | 'floating' | 'tag';
type OwnReport = Report<Message, 'pin'>;

function messageOf(tag: string | null): Message {
  if (tag === null) return 'untagged';
  return tag === 'latest' ? 'latest' : isFloating(tag) ? 'floating' : 'tag';
}

/** An image behind `docker://`. */
function checkDocker(document: YamlDocument, node: YamlScalar, path: Path, report: OwnReport, { digest }: RuleContext): void {
  const text = (stringOf(node) ?? '').trim();
  if (!text.startsWith('docker://')) return;
  const image = text.slice('docker://'.length);
  const reference = parseImageReference(image);
  if (reference.invalid !== null || isVariable(image) || image.includes('$') || reference.digest !== null) return;
  const place = textRange(document, node);
  const part = reference.ranges.tag ?? reference.ranges.name;
  const start = place.range.start + 'docker://'.length;
  const at: Range = place.exact ? range(start + part.start, start + part.end) : place.range;
  const known = digest(image);
  const fix = report.fix('pin', () => (known === null ? [] : [setValue(path, `${text}@${known}`)]), {
    data: { image },
    needsDigest: known === null ? image : undefined,
  });
  const name = image.slice(reference.ranges.name.start, reference.ranges.name.end);
  report(at, messageOf(reference.tag), { image: name, tag: reference.tag ?? '' }, node.shared ? noFix('shared') : fix);
}

export const rule = defineRule({
  id: 'workflow/unpinned-image',
  title: 'Image of a job, service or docker:// step without a fixed version',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cwe: ['CWE-829'], nist800190: ['3.1.1', '4.1.1'] },
  peers: { zizmor: ['unpinned-images'], glsec: ['GL001'] },
  messages: {
    untagged: { text: 'Image {image} has no tag: the job runs whatever "latest" currently points to' },
    latest: { text: 'Image {image} uses "latest": the job runs whatever the tag points to at the time' },
    floating: { text: 'Tag "{tag}" of {image} moves from release to release', severity: 'hint', profile: 'strict' },
    used: { text: 'The container that uses the image' },
    tag: { text: 'Tag "{tag}" of {image} can move; a digest cannot', severity: 'hint', profile: 'strict' },
  },
  fixes: { pin: { title: 'Pin {image} to its digest', class: 'review' } },
  on: {
    image(image, report, context) {
      if (!isResolvable(image) || !image.settled() || image.reference.digest !== null) return;
      const { tag, ranges } = image.reference;
      // a runner of one's own gives what it has a name of its own
      if (tag === null && !mayBePublished(image.reference)) return;
      report(
        image.at(ranges.tag ?? ranges.name),
        messageOf(tag),
        { image: image.label, tag: tag ?? '' },
        pinFix(image, report, context),
        image.from && report.related(image.from.range, 'used'),
      );
    },
    uses({ uses, file }, report, context) {
      if (uses.kind === 'docker') checkDocker(file.document, uses.node, uses.path, report, context);
    },
    action({ document, image }, report, context) {
      if (image) checkDocker(document, image, ['runs', 'image'], report, context);
    },
  },
});
