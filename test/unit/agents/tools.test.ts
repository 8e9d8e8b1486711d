import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { callTool } from '../../../server/src/agents/call';
import { listTools, toolNames, type Allowed } from '../../../server/src/agents/tools';
import { neverCancelled } from '../../../shared/src/base/ports/cancellation';
import { memoryHost } from '../../support/agent-host';

const everything: Allowed = { write: true, network: true };
const nothing: Allowed = { write: false, network: false };

describe('the list of tools', () => {
  test.each([
    ['all is allowed', everything, [...toolNames]],
    ['nothing is', nothing, ['lint_container_config', 'harden_container_config', 'explain_container_rule']],
  ] as const)('%s: in this order, always the same', (_, allowed, names) => {
    expect(listTools(allowed).map(({ name }) => name)).toEqual(names);
    expect(JSON.stringify(listTools(allowed))).toBe(JSON.stringify(listTools(allowed)));
  });

  test('takes less than 4 kB of what a model can read, as it is sent', () => {
    const result = { tools: listTools(everything), resultType: 'complete', ttlMs: 3_600_000, cacheScope: 'private' };
    expect(JSON.stringify(result).length).toBeLessThan(4000);
  });

  test.each(listTools(everything).map(tool => [tool.name, tool] as const))('%s says what it does, and what it cannot do', (name, tool) => {
    expect(name).toMatch(/^[a-z_]{1,64}$/);
    expect(tool.description.length).toBeLessThan(400);
    // what is cut off by a client with many tools is not what it is about
    expect(tool.description.slice(0, 80)).toMatch(/Dockerfile|rule|images/);
    for (const hint of ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const)
      expect(typeof tool.annotations[hint], hint).toBe('boolean');
    expect(tool.annotations.openWorldHint).toBe(name === 'pin_container_images');
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    for (const schema of [tool.inputSchema, tool.outputSchema]) expect(ajv.validateSchema(schema)).toBe(true);
  });

  test.each([
    ['lint_container_config', true, true],
    ['harden_container_config', true, false],
    ['explain_container_rule', true, true],
    ['pin_container_images', true, false],
  ] as const)('%s only reads without --allow-write: %s; with it: %s', (name, without, having) => {
    const readOnly = (write: boolean): unknown =>
      listTools({ write, network: true }).find(tool => tool.name === name)?.annotations.readOnlyHint;
    expect([readOnly(false), readOnly(true)]).toEqual([without, having]);
  });

  test('no argument switches off a rule, names a configuration, accepts what is left to a person, or reaches further', () => {
    const names = listTools(everything).flatMap(({ inputSchema }) => Object.keys(inputSchema.properties));
    expect([...new Set(names)].sort()).toEqual(
      ['filename', 'minSeverity', 'path', 'paths', 'rule', 'rules', 'safeOnly', 'text', 'write'].sort(),
    );
  });
});

describe('answers are what the schemas say', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const files = { Dockerfile: 'FROM node:20\nADD a.txt /x/\n', 'web.yaml': 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n' };
  const tools = listTools(everything);
  test.each([
    ['lint_container_config', { paths: ['Dockerfile', 'web.yaml', 'gone'] }],
    ['lint_container_config', { paths: ['web.yaml'] }],
    ['lint_container_config', { filename: 'x', text: '' }],
    ['harden_container_config', { path: 'Dockerfile' }],
    ['harden_container_config', { path: 'web.yaml' }],
    ['explain_container_rule', { rule: 'DL3007' }],
    ['pin_container_images', { path: 'Dockerfile' }],
    ['pin_container_images', { path: 'web.yaml' }],
  ] as const)('%s %j', async (name, args) => {
    const { structured, isError } = await callTool(name, args, memoryHost({ files, network: { 'node:20': digest } }), neverCancelled);
    expect(isError).toBe(false);
    const { inputSchema, outputSchema } = tools.find(tool => tool.name === name)!;
    const ajv = new Ajv2020({ strict: false });
    expect(ajv.validate(inputSchema, args), ajv.errorsText()).toBe(true);
    expect(ajv.validate(outputSchema, structured), ajv.errorsText()).toBe(true);
  });
});
