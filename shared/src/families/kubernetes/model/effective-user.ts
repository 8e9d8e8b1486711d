import { pulledImage } from '../../../evidence/known-image';
import type { EffectiveUser } from '../../family/users';
import type { StageFact, WorkspaceIndex } from '../../../workspace/types';
import type { FactPlace } from '../../../workspace/fact-place';
import { upTo } from '../../../base/text/ends';
import { runAsUser } from './security';
import type { ContainerView } from './types';

/** The user of an image: its name or number as written, the number behind a name, and where that is said. */
export interface ImageUser {
  readonly value: string;
  readonly uid: number | null;
  readonly place: FactPlace | null;
  /** Whether the place is a USER that may be written anew. */
  readonly written: boolean;
}

/** The user that an image starts with; `null` where nobody knows. */
export function imageUserOf(image: string, stage: StageFact | null, workspace: Pick<WorkspaceIndex, 'imageFacts'>): ImageUser | null {
  if (stage?.user) {
    const { value, uid } = stage.user;
    return value === null ? null : { value: value.split(':', 1)[0]!, uid, place: stage.user, written: true };
  }
  const base = stage ? stage.base : image;
  const user = base === null ? null : (pulledImage(base, workspace)?.profile?.defaultUser ?? null);
  // a configuration has a name without its number; one that is not verified is believed that it is root
  if (!user || (user.uid === null && workspace.imageFacts(base!)?.level !== 'verified')) return null;
  const value = user.uid === 0 ? 'root' : user.numeric === false ? (user.name ?? '') : String(user.uid);
  return { value, uid: user.uid, place: stage, written: false };
}

/**
 * The user that a container starts as: what pod or container set, else what the Dockerfile of its image says, else what is known of the image.
 * `null` where it is not known.
 */
export function containerUser(container: ContainerView, workspace: Pick<WorkspaceIndex, 'buildsOf' | 'imageFacts'>): EffectiveUser | null {
  const { image, pod } = container;
  if (!image || image.variable || pod.isWindows) return null;
  const { range } = image;
  const set = runAsUser(container);
  if (set)
    return set.unknown || set.value === null
      ? null
      : { range, user: set.value === 0 ? 'root' : String(set.value), origin: 'file', by: null };
  const [build] = workspace.buildsOf(image.text);
  const known = imageUserOf(image.text, build?.stage ?? null, workspace);
  if (!known || known.value === '') return null;
  const user = /^0+$/.test(known.value) ? 'root' : known.value;
  return build ? { range, user, origin: 'dockerfile', by: build.stage.path } : { range, user, origin: 'image', by: upTo(image.text, '@') };
}
