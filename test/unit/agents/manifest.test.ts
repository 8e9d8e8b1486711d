import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { listTools } from '../../../server/src/agents/tools';
import { agentTools, type AgentToolName } from '../../../shared/src/output/protocol/agents';

const root = resolve(import.meta.dirname, '../../..');
const read = (name: string): string => readFileSync(resolve(root, name), 'utf8');

interface Tool {
  readonly name: AgentToolName;
  readonly displayName: string;
  readonly userDescription: string;
  readonly modelDescription: string;
  readonly when: string;
  readonly inputSchema: {
    readonly properties: Record<string, object>;
    readonly required: string[];
    readonly additionalProperties: boolean;
  };
}
const { contributes } = JSON.parse(read('package.json')) as {
  contributes: { languageModelTools: Tool[]; chatSkills: { path: string; when: string }[] };
};
const words = JSON.parse(read('package.nls.json')) as Record<string, string>;
const theirs = new Map(listTools({ write: true, network: true }).map(tool => [tool.name, tool]));

describe('the tools of VS Code', () => {
  it('are those of every agent', () => {
    expect(contributes.languageModelTools.map(({ name }) => name)).toEqual(Object.keys(agentTools));
    expect([...theirs.keys()]).toEqual(Object.values(agentTools));
  });

  test.each(contributes.languageModelTools.map(tool => [tool.name, tool] as const))('%s', (name, tool) => {
    const other = theirs.get(agentTools[name])!;
    // what is said of the tool begins alike; the editor neither takes a text nor saves one
    expect(tool.modelDescription.slice(0, 60)).toBe(other.description.slice(0, 60));
    expect(tool.modelDescription.length).toBeLessThan(500);
    const { text: _text, filename: _filename, ...properties } = other.inputSchema.properties;
    const typed = (schemas: Record<string, object>) =>
      Object.fromEntries(
        Object.entries(schemas).map(([key, { description: _, ...schema }]: [string, { description?: string }]) => [key, schema]),
      );
    expect(typed(tool.inputSchema.properties)).toEqual(typed(properties as Record<string, object>));
    expect(tool.inputSchema.additionalProperties).toBe(false);
    for (const text of [tool.displayName, tool.userDescription]) expect(words[text.slice(1, -1)]).toMatch(/./);
    // where the workspace is not trusted, what changes or sends is not even listed
    expect(tool.when.includes('isWorkspaceTrusted')).toBe(name === 'bulkhead_harden' || name === 'bulkhead_pin');
  });
});

describe('the skill', () => {
  const [{ path, when }] = contributes.chatSkills as [{ path: string; when: string }];
  const skill = read(path);

  it('is packaged, and there for files of ours alone', () => {
    expect(existsSync(resolve(root, path))).toBe(true);
    expect(read('.vscodeignore')).toContain('!skills/*/SKILL.md');
    expect(read('client/src/agent-tools.ts')).toContain(`'${when}'`);
  });

  it('has the name of its folder, names the files, and is short', () => {
    const [, front = ''] = /^---\n([\s\S]*?)\n---\n/.exec(skill) ?? [];
    expect(/^name: (.*)$/m.exec(front)?.[1]).toBe(path.split('/').at(-2));
    for (const file of ['Dockerfile', 'compose.yaml', 'Kubernetes manifests', 'GitHub Actions workflows']) expect(front).toContain(file);
    expect(skill.split('\n').length).toBeLessThanOrEqual(45);
  });

  it('names every tool by both of its names', () => {
    for (const name of [...Object.keys(agentTools), ...Object.values(agentTools)]) expect(skill).toContain(`\`${name}\``);
  });
});
