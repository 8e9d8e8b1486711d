import { unknown } from '../../../shared/src/evidence/known-image';
import { plainService, type Service } from '../../../shared/src/evidence/service';
import { findImageProfile } from '../../../shared/src/knowledge/image-profiles';
import { parseImageReference } from '../../../shared/src/syntax/image/reference';
import type { StageFact } from '../../../shared/src/workspace/types';

/** Something that starts an image, with nothing else said of it. */
export function serviceOf(image: string | null, more: Partial<Service> = {}): Service {
  const reference = image === null ? null : parseImageReference(image);
  const valid = reference?.invalid === null ? reference : null;
  return {
    ...plainService,
    memo: new Map(),
    platform: 'pod',
    image: image === null ? null : { text: image, name: image, reference: valid },
    known: { ...unknown, profile: valid && findImageProfile(valid) },
    ...more,
  };
}

/** The fact of a last stage on a base. */
export function stageOn(base: string | null, more: Partial<StageFact> = {}): StageFact {
  return {
    path: 'Dockerfile',
    range: { start: 0, end: 0 },
    name: null,
    isFinal: true,
    base,
    user: null,
    health: 'base',
    check: null,
    run: {
      keepsEntryPoint: true,
      programs: [],
      obstacle: null,
      named: null,
      doubts: [],
      keepsStart: true,
      drops: false,
      fileCapabilities: [],
      keeper: null,
      script: null,
      besideSources: false,
      start: null,
    },
    folders: [],
    ports: [],
    morePorts: false,
    volumes: [],
    arguments: [],
    content: '',
    ...more,
  };
}
