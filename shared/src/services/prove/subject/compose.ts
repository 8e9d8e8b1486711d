import type { ComposeView } from '../../../families/compose/model/types';
import { loadProject, type Project } from '../../../families/compose/model/load';
import { member, memberAt, type ComposeFile, type MapValue, type Value } from '../../../families/compose/model/value';
import { parseStream } from '../../../syntax/yaml/parse';
import type { YamlDocument } from '../../../syntax/yaml/types';
import type { Range } from '../../../base/text/range';
import { composeIn } from '../../convert/convert';
import type { Cannot } from '../contract';
import { readService, type ServiceReading } from './compose-service';
import { cannot, createDraft, refuse, type Draft } from './draft';
import { createSubstitutes, type Substitutes } from './substitutes';
import { mostPeers, subjectOf } from './subject-of';
import type { SubjectAnswer, SubjectReader, SubjectRequest } from './types';

interface Reading extends Pick<SubjectRequest, 'path' | 'read'> {
  readonly view: ComposeView;
  /** With the files that it includes and extends. */
  readonly loaded: Project;
  readonly project: MapValue;
  readonly base: number;
  readonly substitutes: Substitutes;
}

/** Services of Compose files, each with what it depends on. Nothing but the file itself is looked at, and the files that it names for it. */
export const composeSubjects: SubjectReader = {
  names: (path, text) => composeIn({ path, text })?.view.services.map(({ name }) => name) ?? [],
  read: readCompose,
};

function readCompose({ path, text, name, random, read }: SubjectRequest): SubjectAnswer {
  const found = composeIn({ path, text });
  const loaded = found && loadWhole(path, found.view.document, read);
  const project = loaded?.canonical;
  if (!found || !loaded || !project) return [cannot('unclear', path, null)];
  const names = found.view.services.map(service => service.name);
  const chosen = name ?? (names.length === 1 ? names[0]! : '');
  const reading: Reading = { view: found.view, loaded, project, base: found.base, substitutes: createSubstitutes(random), path, read };
  const drafts = new Map<string, Draft>();
  const order: Draft[] = [];
  const refusals: Cannot[] = [];
  const start = (service: string, onTheWay: readonly string[]): void => {
    const known = drafts.get(service);
    if (known) {
      if (onTheWay.includes(service)) refusals.push(cannot('unclear', `depends_on ${[...onTheWay, service].join(' → ')}`, known.place));
      return;
    }
    if (drafts.size > mostPeers + 1) return;
    const { draft, needs } = draftOf(service, reading);
    drafts.set(service, draft);
    for (const needed of needs) start(needed, [...onTheWay, service]);
    order.push(draft);
  };
  start(chosen, []);
  return subjectOf({ family: 'compose', path, platform: 'engine', volumeGroup: null, drafts: order, refusals });
}

/** The project as the file says it, with what it takes from other files: no environment, no `.env`, and no file that is only beside it. */
function loadWhole(path: string, document: YamlDocument, read: SubjectRequest['read']): Project {
  const open = (other: string): readonly ComposeFile[] | undefined => {
    const text = read(other);
    return text === null
      ? undefined
      : parseStream(text, new Map(), undefined, true).map(chunk => ({ path: other, document: chunk.document }));
  };
  return loadProject([{ path, document }], { lookup: () => undefined, open: true, profiles: ['*'], exists: () => undefined, read: open });
}

function draftOf(name: string, reading: Reading): { readonly draft: Draft; readonly needs: ReadonlySet<string> } {
  const { view, loaded, project, base, substitutes, path, read } = reading;
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
  if (loaded.unresolved.has(name)) refuse(draft, 'unclear', 'extends', place(member(service, 'extends') ?? service));
  if (view.document.templated) refuse(draft, 'unclear', '{{ }}');
  // a variable that has to be set may have a substitute, and what is not there is found by itself
  const problem = loaded.problems.find(
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
