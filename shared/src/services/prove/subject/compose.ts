import type { ComposeView } from '../../../families/compose/model/types';
import { member, memberAt, type MapValue, type Value } from '../../../families/compose/model/value';
import type { Range } from '../../../base/text/range';
import { composeIn } from '../../convert/convert';
import type { Cannot } from '../contract';
import { readService, type ServiceReading } from './compose-service';
import { cannot, createDraft, refuse, type Draft } from './draft';
import { createSubstitutes, type Substitutes } from './substitutes';
import { subjectOf } from './subject-of';
import type { SubjectAnswer, SubjectReader, SubjectRequest } from './types';

/** More services are not started for one. */
const mostPeers = 20;

interface Reading extends Pick<SubjectRequest, 'path' | 'read'> {
  readonly view: ComposeView;
  readonly project: MapValue;
  readonly base: number;
  readonly substitutes: Substitutes;
}

/** Services of Compose files, each with what it depends on. Nothing but the file itself is looked at, and the Dockerfiles that it names. */
export const composeSubjects: SubjectReader = {
  names: (path, text) => composeIn({ path, text })?.view.services.map(({ name }) => name) ?? [],
  read: readCompose,
};

function readCompose({ path, text, name, random, read }: SubjectRequest): SubjectAnswer {
  const found = composeIn({ path, text });
  const project = found?.view.project.canonical;
  if (!found || !project) return [cannot('unclear', path, null)];
  const names = found.view.services.map(service => service.name);
  const chosen = name ?? (names.length === 1 ? names[0]! : '');
  const reading: Reading = { view: found.view, project, base: found.base, substitutes: createSubstitutes(random), path, read };
  const drafts = new Map<string, Draft>();
  const order: Draft[] = [];
  const refusals: Cannot[] = [];
  const start = (service: string, onTheWay: readonly string[]): void => {
    const known = drafts.get(service);
    if (known) {
      if (onTheWay.includes(service)) refusals.push(cannot('unclear', `depends_on ${[...onTheWay, service].join(' → ')}`, known.place));
      return;
    }
    if (drafts.size > mostPeers) return;
    const { draft, needs } = draftOf(service, reading);
    drafts.set(service, draft);
    for (const needed of needs) start(needed, [...onTheWay, service]);
    order.push(draft);
  };
  start(chosen, []);
  if (drafts.size > mostPeers) refusals.push(cannot('needs-peer', `${drafts.size - 1}+`, drafts.get(chosen)!.place));
  return subjectOf({ family: 'compose', path, platform: 'engine', volumeGroup: null, drafts: order, refusals });
}

function draftOf(name: string, reading: Reading): { readonly draft: Draft; readonly needs: ReadonlySet<string> } {
  const { view, project, base, substitutes, path, read } = reading;
  const place = (value: Value): Range | null =>
    value.node && value.file.document === view.document ? { start: value.node.range.start + base, end: value.node.range.end + base } : null;
  const range = view.services.find(service => service.name === name)?.reportRange;
  const draft = createDraft(name, substitutes, range ? { start: range.start + base, end: range.end + base } : null);
  const needs = new Set<string>();
  const service = memberAt(project, 'services', name);
  if (service?.kind !== 'map') {
    refuse(draft, 'not-here', `service ${name}`);
    return { draft, needs };
  }
  if (view.project.unresolved.has(name)) refuse(draft, 'unclear', 'extends', place(member(service, 'extends') ?? service));
  if (view.document.templated) refuse(draft, 'unclear', '{{ }}');
  // a variable that has to be set may have a substitute, and what is not there is found by itself
  const problem = view.project.problems.find(
    ({ code, steps }) => code === 'yaml' || (code !== 'undefined' && code !== 'required' && steps[0] === 'services' && steps[1] === name),
  );
  if (problem) refuse(draft, 'unclear', problem.message, problem.file.document === view.document ? shifted(problem.range, base) : null);
  const serviceReading: ServiceReading = { draft, project, place, needs, files: { path, read } };
  readService(service, serviceReading);
  return { draft, needs };
}

function shifted(range: Range | null, base: number): Range | null {
  return range && { start: range.start + base, end: range.end + base };
}
