import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { createLineTable, type NewSilence, type SilencedBy } from '../../../shared/src/index';
import { quote } from './answer';
import type { AgentFile, AgentHost } from './port';
import { findSilenced } from './silenced';

/** A file that lint was asked for; `excluded`: the configuration leaves it out. */
export interface AskedFile {
  readonly file: AgentFile;
  readonly excluded: boolean;
}

/** What has been silenced since the work began. */
export interface Silences {
  /** What the files are compared with; `not known` where nothing can be. */
  readonly since: MaskedText;
  readonly recent: readonly { readonly path: MaskedText; readonly line: number | null; readonly what: MaskedText }[];
}

/** How findings came to be silent, in words that go on from their count. */
const how: Readonly<Record<SilencedBy, string>> = {
  comment: 'by a new comment',
  annotation: 'by a new annotation',
  exception: 'by an exception in the configuration',
  settings: 'by the configuration',
  baseline: 'by the baseline',
  exclude: 'since the configuration excludes the file',
  'rule-off': 'since the rule is off',
  profile: 'since the profile has fewer rules',
  severity: 'count for less: the configuration lowers their severity',
  configuration: 'by the configuration',
};

const unknown: Silences = { since: plain('not known'), recent: [] };

/** Compares files with the state of their repositories in which the work on them began. */
export async function silencesOf(asked: readonly AskedFile[], host: AgentHost): Promise<Silences> {
  const tops = new Map<string, AskedFile[]>();
  for (const one of asked) {
    const { tracked } = one.file;
    if (tracked === null || host.earlier === null) return unknown;
    tops.set(tracked.top, [...(tops.get(tracked.top) ?? []), one]);
  }
  let since: string | null = null;
  const recent: Silences['recent'][number][] = [];
  try {
    for (const [top, own] of tops) {
      const earlier = await host.earlier!(top);
      if (earlier === null) return unknown;
      since ??= earlier.since;
      const files = own.map(({ file: { opened, context, result, tracked }, excluded }) => ({
        opened,
        context,
        excluded,
        findings: excluded ? [] : result.findings,
        place: tracked!.place,
      }));
      const found = await findSilenced(files, {
        engine: host.engine,
        read: paths => earlier.read(paths),
        parse: (path, text) => host.parseConfig(path, text),
      });
      found.forEach((silences, at) => recent.push(...inWords(own[at]!.file, silences)));
    }
  } catch {
    // what cannot be read is compared with nothing
    return unknown;
  }
  return since === null ? unknown : { since: trusted(since), recent };
}

/** A line for each comment, and one for each way to silence that is in no file, with the rules that it silences. */
function inWords({ path, opened }: AgentFile, silences: readonly NewSilence[]): Silences['recent'] {
  const lines = createLineTable(opened.file.text);
  const groups = new Map<string, NewSilence[]>();
  for (const silence of silences) {
    const key = JSON.stringify([silence.by, silence.peer, silence.range]);
    groups.set(key, [...(groups.get(key) ?? []), silence]);
  }
  return [...groups.values()].map(group => {
    const [{ by, peer, range }] = group as [NewSilence];
    const count = group.reduce((sum, { findings }) => sum + findings, 0);
    const rules = [...new Set(group.map(({ rule }) => rule))];
    const named = rules.length > 3 ? `${rules.slice(0, 3).join(', ')} and ${rules.length - 3} more rules` : rules.join(', ');
    const of = peer === undefined ? plain('') : masked` of ${trusted(peer)}`;
    const findings = trusted(count === 1 ? '1 finding' : `${count} findings`);
    return {
      path: quote(trusted(path)),
      line: range && lines.position(range.start).line + 1,
      what: masked`${findings} (${trusted(named)}) ${trusted(how[by])}${of}`,
    };
  });
}
