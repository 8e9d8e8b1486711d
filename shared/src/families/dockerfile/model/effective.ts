import { type Effective, type EffectiveFact, fact, inOrder, origins, phrase, userOfImage } from '../../../evidence/effective';
import type { Service } from '../../../evidence/service';
import type { StageFact } from '../../../workspace/types';
import type { Stage } from './types';

/** What the image of a stage starts as, wherever it is run. `stageFact`: what other files are given of the stage. */
export function effectiveStage(stage: Stage, service: Service, stageFact: StageFact | null): Effective {
  const { state, root } = stage;
  const { text } = root.image;
  const base = phrase('ofImage', { by: text ?? root.image.raw });
  const [name, group] = state.user?.value?.split(':') ?? [];
  const user = state.user && (name === undefined ? phrase('unknown') : name === '0' || name === 'root' ? '0 (root)' : name);
  const starts = [state.entrypoint, state.cmd].flatMap(instruction =>
    instruction ? stage.file.text.slice(instruction.range.start, instruction.range.end).replace(/\s+/g, ' ') : [],
  );
  const facts: EffectiveFact[] = [
    fact('image', text ?? root.image.raw, origins.file),
    ...(starts.length > 0 ? [fact('starts', starts, origins.file)] : []),
    user ? fact('user', user, origins.file) : { ...userOfImage({ ...service, known: { ...service.known, stage: null } }).fact, from: base },
    group === undefined ? fact('groups', phrase('imageGroups'), origins.none) : fact('groups', group, origins.file),
    ...list(
      'writes',
      stageFact?.folders.map(({ path }) => path),
    ),
    ...list(
      'mounts',
      stageFact?.volumes.map(({ target }) => `VOLUME ${target}`),
    ),
    ...list(
      'ports',
      stageFact?.ports.map(({ port, to, protocol }) => `${port === to ? port : `${port}-${to}`}/${protocol}`),
    ),
    ...(state.healthcheck ? [] : [fact('health', phrase('none'), origins.none)]),
  ];
  return { name: service.trial?.name ?? '', range: stage.image.range, level: null, facts: inOrder(facts) };
}

function list(id: EffectiveFact['id'], values: readonly string[] = []): readonly EffectiveFact[] {
  return values.length === 0 ? [] : [fact(id, [...new Set(values)], origins.file)];
}
