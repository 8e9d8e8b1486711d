import type { RuleContext } from '../../define-rule';
import type { NamedImage } from './named-image';

/** A check of images that are pulled, for a family whose files run what others build: silent where a Dockerfile of the workspace becomes the image. */
export function ifPulled<R>(check: { image(image: NamedImage, report: R, context: RuleContext): void }) {
  return (image: NamedImage, report: R, context: RuleContext): void => {
    if (image.text === null || context.workspace.buildsOf(image.text).length === 0) check.image(image, report, context);
  };
}

/** The same for files that others get, who pull what was pushed: silent only where the image has neither registry nor owner, so that it stays where it was built. */
export function unlessLocal<V extends NamedImage, R>(check: { image(image: V, report: R, context: RuleContext): void }) {
  return (image: V, report: R, context: RuleContext): void => {
    const isLocal = image.text !== null && !image.text.includes('/') && context.workspace.buildsOf(image.text).length > 0;
    if (!isLocal) check.image(image, report, context);
  };
}
