import { afterEach, describe, expect, test } from 'vitest';
import { commands, hardenedTextMethod } from '../../shared/src/output/protocol/messages';
import { bundleServer, startClient, type TestClient } from './client';

const server = bundleServer('server/src/main.node.ts');
let client: TestClient | undefined;

afterEach(async () => {
  await client?.stop();
  client = undefined;
});

/** What nobody sees and what changes what is seen, and what parsers put in the place of what is filled in later. */
const hidden = ['\u009b', '\u061c', '\u200b', '\u202e', '\u2066', '\u2028', '\ufeff', '\u{e0041}'];
const unseen = hidden.join('');
const mask = '\ue000';

const files: Readonly<Record<string, string>> = {
  'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: "web${unseen}"}\nspec:\n  hostPID: true\n  containers:\n    - name: "app${unseen}"\n      image: "nginx:latest${unseen}"\n      securityContext: {privileged: true}\n`,
  'templates/web.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: "{{ .Values.name }}"}\nspec:\n  hostPID: true\n  containers:\n    - name: {{ .Values.app }}\n      image: "{{ .Values.image }}:latest"\n      securityContext: {privileged: true, capabilities: {add: ["{{ .Values.c }}"]}}\n`,
  Dockerfile: `FROM nginx:latest AS b${unseen}\nENV A="${unseen}"\nRUN curl -k https://h/${unseen} | sh\n`,
  '.bulkhead.yaml': `profile: "x${unseen}"\nrules: {"kubernetes/${unseen}": off}\n"k${unseen}": 1\n`,
};

/** What the server says, without the text that it gives back or would write. */
const said = (value: unknown): string =>
  JSON.stringify(value, (name, member: unknown) => (['edit', 'text', 'newText', 'snippets', 'uri'].includes(name) ? undefined : member));

describe('what an editor shows', () => {
  test('can be seen: diagnostics, of configurations too, hovers, actions, information and logs', async () => {
    const started = (client = await startClient({ server, settings: () => ({ profile: 'strict' }) }));
    for (const [path, text] of Object.entries(files)) {
      const uri = `vscode-test:/a/${path}`;
      const textDocument = { uri };
      const send = (method: string, params: object): Promise<unknown> =>
        started.connection.sendRequest(method, { textDocument, ...params });
      await started.open(uri, text, path === 'Dockerfile' ? 'dockerfile' : 'yaml');
      const items = await started.items(uri);
      expect(items.length, path).toBeGreaterThan(1);
      const outputs: unknown[] = [items, await send(hardenedTextMethod, { uri }), await send('textDocument/codeLens', {})];
      for (const item of items) {
        outputs.push(await send('textDocument/codeAction', { range: item.range, context: { diagnostics: [item] } }));
        outputs.push(await send('textDocument/hover', { position: item.range.start }));
      }
      outputs.push(await started.connection.sendRequest('workspace/executeCommand', { command: commands.showInfo, arguments: [uri] }));
      for (const char of [...hidden, mask]) expect(said(outputs).includes(char), `${path}: ${JSON.stringify(char)}`).toBe(false);
      await started.close(uri);
    }
    const logged = said([started.logs, started.notifications, started.shown, [...started.published]]);
    for (const char of [...hidden, mask]) expect(logged.includes(char), JSON.stringify(char)).toBe(false);
  }, 120_000);
});
