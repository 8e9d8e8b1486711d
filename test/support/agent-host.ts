import { callTool } from '../../server/src/agents/call';
import type { AgentChange, AgentHost, FoundFile } from '../../server/src/agents/port';
import type { ToolName } from '../../server/src/agents/tools';
import { neverCancelled } from '../../shared/src/base/ports/cancellation';
import {
  configFileName,
  createEngine,
  createWords,
  defaultConfig,
  effectiveConfig,
  emptyWorkspace,
  parseConfig,
  type Profile,
  rules,
} from '../../shared/src/index';
import { fail, type Outcome } from '../../shared/src/services/registry/failure';
import type { Lookup } from '../../shared/src/services/registry/resolver';
import { plain, trusted, type MaskedText } from '../../shared/src/early';

/** What a host in memory has. */
export interface MemoryFiles {
  readonly files: Record<string, string>;
  readonly write?: boolean;
  /** The digests that registries know. */
  readonly network?: Readonly<Record<string, string>>;
  /** The files as they were when the work began; absent: that cannot be told. */
  readonly earlier?: Readonly<Record<string, string>>;
  readonly profile?: Profile;
}

const engine = createEngine(rules);
const parse = (text: string) => parseConfig(text, rules).config;

/** A host whose files are in memory; what tools write is written there. */
export function memoryHost({ files, write = false, network, earlier, profile }: MemoryFiles): AgentHost {
  const open = (path: string, text: string): FoundFile => {
    const opened = engine.open({ path, text });
    const config = effectiveConfig(parse(files[configFileName] ?? ''), path, profile === undefined ? {} : { profile });
    const context = {
      config: config === 'excluded' ? defaultConfig : config,
      today: '2026-12-01',
      workspace: emptyWorkspace,
      digest: () => null,
    };
    const place = { path, workspace: null, chosen: null, baseline: null, effective: effectiveConfig };
    const file = { path, opened, context, result: opened.lint(context), spared: new Set<string>(), leavesPin: () => false };
    const tracked = { ...file, tracked: { top: '', place } };
    return config === 'excluded' ? { excluded: tracked } : { file: tracked };
  };
  return {
    engine,
    words: createWords(rules),
    noWriting: write ? null : plain('writing is not allowed here'),
    noNetwork: network ? null : plain('the network is not allowed here'),
    async *open(input) {
      await Promise.resolve();
      if ('text' in input) yield open(input.filename, input.text);
      else
        for (const path of input.paths) {
          const text = files[path];
          yield text === undefined ? { none: { path, reason: plain('does not exist') } } : open(path, text);
        }
    },
    apply: ({ path }, { text }: AgentChange): Promise<MaskedText | null> => {
      files[path] = text;
      return Promise.resolve(null);
    },
    lookUp: references =>
      Promise.resolve(
        new Map(
          references.map((reference): [string, Outcome<Lookup>] => {
            const digest = network?.[reference];
            return [
              reference,
              digest === undefined ? fail('not-found', 'not found') : { ok: true, value: { digest, mediaType: '', at: 0 } },
            ];
          }),
        ),
      ),
    page: rule => Promise.resolve(trusted(`# ${rule}`)),
    earlier:
      earlier === undefined
        ? null
        : () =>
            Promise.resolve({
              since: 'HEAD',
              read: paths => Promise.resolve(new Map(paths.map(path => [path, earlier[path] ?? null]))),
            }),
    parseConfig: (_path, text) => parse(text),
  };
}

/** Calls a tool over files in memory; never cancelled. */
export async function call(name: ToolName, args: unknown, host: MemoryFiles = { files: {} }) {
  return await callTool(name, args, memoryHost(host), neverCancelled);
}
