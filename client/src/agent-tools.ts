import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  type AgentToolAnswer,
  agentPlanMethod,
  agentToolMethod,
  type AgentToolName,
  type AgentToolParams,
  type AgentToolPlan,
  agentTools,
} from '../../shared/src/output/protocol/agents';

/** What VS Code has of tools since 1.95; the types that are compiled against are older. */
interface ToolApi {
  readonly lm: { registerTool(name: AgentToolName, tool: Tool): vscode.Disposable };
  readonly LanguageModelTextPart: new (text: string) => object;
  readonly LanguageModelToolResult: new (parts: readonly object[]) => object;
}

type Answer = (call: { readonly input: unknown }, token: vscode.CancellationToken) => Promise<object>;
type Tool = Readonly<Record<'prepareInvocation' | 'invoke', Answer>>;

/** Names of files that are ours whatever they hold. */
const certain = '**/{Dockerfile,Containerfile,compose.yaml,compose.yml,docker-compose.yaml,docker-compose.yml}';

let hasFiles = false;
/** Notes that the workspace has files of ours: those have a skill, which is in the way elsewhere. */
export function noteFiles(): void {
  if (!hasFiles) void vscode.commands.executeCommand('setContext', 'bulkhead.hasFiles', (hasFiles = true));
}

/** Offers the tools to language models where VS Code can; the server answers them, and has a person asked before something is changed or sent. */
export function registerAgentTools(client: () => Promise<BaseLanguageClient>): vscode.Disposable {
  void vscode.workspace.findFiles(certain, undefined, 1).then(found => found.length > 0 && noteFiles());
  const { lm, LanguageModelTextPart, LanguageModelToolResult } = vscode as unknown as ToolApi;
  const ask = async <Result>(method: string, params: AgentToolParams, token: vscode.CancellationToken): Promise<Result> =>
    await (await client()).sendRequest<Result>(method, params, token);
  const toolOf = (tool: AgentToolName): Tool => ({
    prepareInvocation: async ({ input }, token) => {
      const { doing, confirm } = await ask<AgentToolPlan>(agentPlanMethod, { tool, input }, token);
      const confirmationMessages = confirm && { title: confirm.title, message: new vscode.MarkdownString(confirm.text) };
      return { invocationMessage: doing, ...(confirm && { confirmationMessages }) };
    },
    invoke: async ({ input }, token) => {
      const { text, isError } = await ask<AgentToolAnswer>(agentToolMethod, { tool, input }, token);
      if (isError) throw new Error(text);
      return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
    },
  });
  try {
    return vscode.Disposable.from(...(Object.keys(agentTools) as AgentToolName[]).map(name => lm.registerTool(name, toolOf(name))));
  } catch {
    // missing, or, shortly before 1.95, a proposal that extensions may not use
    return vscode.Disposable.from();
  }
}
