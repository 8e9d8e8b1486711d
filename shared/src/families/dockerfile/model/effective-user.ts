import type { EffectiveUser } from '../../family/users';
import { upTo } from '../../../base/text/ends';
import { stageProfile } from './stage-image';
import type { DockerfileModel } from './types';

/** The user at the end of each stage: that of its last USER, else of the image that it grows on. A stage whose user is not known is left out. */
export function stageUsers({ stages }: DockerfileModel): readonly EffectiveUser[] {
  return stages.flatMap((stage): EffectiveUser[] => {
    const { range } = stage.from;
    const { user } = stage.state;
    if (user) return user.value === null ? [] : [{ range, user: user.value, origin: 'file', by: null }];
    const known = stageProfile(stage)?.defaultUser;
    if (!known || stage.windows) return [];
    const name = known.uid === 0 ? 'root' : (known.name ?? (known.uid === null ? null : String(known.uid)));
    const { text, raw } = stage.root.image;
    return name === null ? [] : [{ range, user: name, origin: 'image', by: upTo(text ?? raw, '@') }];
  });
}
