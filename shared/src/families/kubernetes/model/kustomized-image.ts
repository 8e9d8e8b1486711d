import type { RuleContext } from '../../../rule/define-rule';
import type { ImageView } from './types';

/**
 * A check of images that leaves out those whose tag or digest a kustomization writes, in whatever the file ends up in: what it writes is
 * judged where it stands.
 */
export function unlessKustomized<R>(check: { image(image: ImageView, report: R, context: RuleContext): void }) {
  return (image: ImageView, report: R, context: RuleContext): void => {
    const { reference } = image;
    if (reference.invalid !== null || reference.digest !== null) return check.image(image, report, context);
    const { path, workspace } = context;
    const { object } = image.container.pod;
    const field = image.path.slice(object.path.length).filter(key => typeof key === 'string');
    if (workspace.kustomizesImage(path, image.label) || workspace.fillsIn(path, object, field.join('.'), true)) return;
    check.image(image, report, context);
  };
}
