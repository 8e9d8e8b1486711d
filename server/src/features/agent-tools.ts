import type { CancellationToken } from 'vscode-languageserver';
import { joined, masked, type MaskedText, plain, printable, trusted } from '../../../shared/src/early';
import { maskAlone, needsLookup, parseImageReference } from '../../../shared/src/index';
import { type AgentToolAnswer, type AgentToolParams, type AgentToolPlan, agentTools } from '../../../shared/src/output/protocol/agents';
import { type Answer, answerOf, failed, quote } from '../agents/answer';
import { callTool } from '../agents/call';
import { cancellationOf } from '../lookups/digests';
import { markdownText } from '../lsp/markdown';
import { relativePath } from '../lsp/uri';
import type { ServerContext } from '../session/context';
import { createAgentHost, placeOf } from './agent-host';

/** A question lists no more than these. */
const listed = 12;

/** The names here of the tools that agents elsewhere know by others. */
const namesHere = new Map(Object.entries(agentTools).map(([here, there]): [string, string] => [there, here]));

/** Calls a tool for a language model of the editor. What is wrong with the call is an answer. */
export async function callAgentTool(context: ServerContext, params: AgentToolParams, token: CancellationToken): Promise<AgentToolAnswer> {
  const refused = await refusalOf(context, params);
  const answer = refused === null ? inNamesHere(await call(context, params, token)) : failed(refused);
  return { text: answer.text, isError: answer.isError };
}

/** What a person is asked before a call: how much it changes, and what that takes for granted; which registries it asks. */
export async function planAgentTool(context: ServerContext, params: AgentToolParams, token: CancellationToken): Promise<AgentToolPlan> {
  const { say } = context;
  const { tool, input } = params;
  const { path, paths, rule, write } = argumentsOf(input);
  const name = nameOf(shortened(context, path ?? paths?.[0]));
  const refused = await refusalOf(context, params);
  switch (tool) {
    case 'bulkhead_lint':
      return { doing: say('agentLint', { name: paths && paths.length > 1 ? masked`${name}, +${paths.length - 1}` : name }), confirm: null };
    case 'bulkhead_explain':
      return { doing: say('agentExplain', { rule: nameOf(rule) }), confirm: null };
    case 'bulkhead_harden': {
      const text = write === true && refused === null ? await changesOf(context, params, token) : null;
      return { doing: say('agentHarden', { name }), confirm: text && { title: say('agentHardenTitle', { name }), text } };
    }
    case 'bulkhead_pin': {
      const text = refused === null && path !== undefined ? await questionsOf(context, path, write === true, token) : null;
      return { doing: say('agentPin', { name }), confirm: text && { title: say('agentPinTitle', { name }), text } };
    }
  }
}

/** Why a tool is not called at all, whatever the list of tools says; `null`: it is. */
async function refusalOf(context: ServerContext, { tool, input }: AgentToolParams): Promise<MaskedText | null> {
  if (!Object.hasOwn(agentTools, tool)) return plain('no such tool');
  if (tool !== 'bulkhead_harden' && tool !== 'bulkhead_pin') return null;
  if (!context.trusted) return context.say('agentUntrusted');
  const { path } = argumentsOf(input);
  const place = tool === 'bulkhead_pin' && path !== undefined ? placeOf(context, path) : null;
  if (place === null || typeof place === 'string') return null;
  return (await context.scopes.resolve(place.uri)).settings.registryLookup === 'off' ? context.say('lookupOff') : null;
}

async function call(context: ServerContext, { tool, input }: AgentToolParams, token: CancellationToken): Promise<Answer> {
  return await callTool(agentTools[tool], input, createAgentHost(context, token), cancellationOf(token));
}

/** The answer with the names that the tools have here. */
function inNamesHere(answer: Answer): Answer {
  const { structured } = answer as { readonly structured: { readonly next?: { readonly tool: string } | null } | null };
  if (!structured?.next) return answer;
  const next = { ...structured.next, tool: trusted(namesHere.get(structured.next.tool)!) };
  return answerOf({ ...structured, next });
}

/** What was given, as far as it has the types that it should. */
function argumentsOf(input: unknown): {
  readonly path?: string;
  readonly paths?: readonly string[];
  readonly rule?: string;
  readonly write?: unknown;
} {
  if (typeof input !== 'object' || input === null) return {};
  const { path, paths, rule, write } = input as Readonly<Record<string, unknown>>;
  return {
    ...(typeof path === 'string' && { path }),
    ...(Array.isArray(paths) && { paths: paths.filter(one => typeof one === 'string') }),
    ...(typeof rule === 'string' && { rule }),
    write,
  };
}

/** A path as it is below its folder, where it is in one. */
function shortened({ folders }: ServerContext, path: string | undefined): string | undefined {
  const place = path === undefined ? '' : placeOf({ folders }, path);
  if (typeof place === 'string') return path;
  return relativePath(folders.of(place.uri)!, place.uri) || path;
}

/** A name that a model has given, in a line. */
function nameOf(name: string | undefined): MaskedText {
  return quote(maskAlone((name ?? '').slice(-200)));
}

/** How many edits harden would make, and what they assume, as Markdown; `null`: none, or it says itself why not. */
async function changesOf(context: ServerContext, { tool, input }: AgentToolParams, token: CancellationToken): Promise<MaskedText | null> {
  const answer = await call(context, { tool, input: { ...(input as object), write: false } }, token);
  const { changed, applied } = (answer.structured ?? {}) as {
    readonly changed?: boolean;
    readonly applied?: readonly { readonly title: MaskedText; readonly assumes: readonly MaskedText[] }[];
  };
  if (changed !== true || !applied) return null;
  const { say } = context;
  const lines = applied.slice(0, listed).map(({ title, assumes }) => {
    const change = masked`- ${markdownText(title)}`;
    return assumes.length === 0 ? change : masked`${change}. ${say('assumes', { list: markdownText(joined(assumes, '; ')) })}`;
  });
  const more = applied.length > listed ? [masked`- ${say('moreGroups', { count: applied.length - listed })}`] : [];
  return joined([say('agentEdits', { count: applied.length }), plain(''), ...lines, ...more], '\n');
}

/** Which registries would be asked about how many images, as Markdown; `null`: none, or the call says itself why not. */
async function questionsOf(context: ServerContext, path: string, write: boolean, token: CancellationToken): Promise<MaskedText | null> {
  const host = createAgentHost(context, token);
  const counts = new Map<string, number>();
  for await (const found of host.noNetwork === null ? host.open({ paths: [path], folders: false }, cancellationOf(token)) : []) {
    if (!('file' in found)) continue;
    const places = found.file.opened.images().filter(place => needsLookup(place) && !found.file.leavesPin(place));
    for (const { reference, kind } of new Map(places.map(place => [place.reference, place])).values()) {
      const parsed = parseImageReference(reference);
      const registry = kind === 'action' ? 'github.com' : ((parsed.invalid === null ? parsed.registry : null) ?? 'docker.io');
      counts.set(registry, (counts.get(registry) ?? 0) + 1);
    }
  }
  if (counts.size === 0) return null;
  const { say } = context;
  const lines = [...counts].map(([registry, count]) => masked`- ${markdownText(printable(maskAlone(registry)))} (${count})`);
  return joined([say('agentAsks'), plain(''), ...lines, plain(''), say(write ? 'agentPinned' : 'agentNotPinned')], '\n');
}
