import { describe, expect, test } from 'vitest';
import type { Hover, MarkupContent } from 'vscode-languageserver/node';
import { clientsOf, fullCapabilities, rulesIn, type TestClient } from './client';
import { makeFolder } from './folders';

/** The server as it ships: its rules report several findings of one token. */
const start = clientsOf('server/src/main.node.ts');

const uri = 'untitled:/a.yaml';

/** A container with findings of two severities, for all of which its name is underlined. */
const deployment = (name: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: { app: shop }
  template:
    metadata:
      labels: { app: shop }
    spec:
      containers:
        - name: ${name}
          image: registry.example.com/shop:1.2.3
`;

async function hover(client: TestClient, at: string, of = uri): Promise<string> {
  const params = { textDocument: { uri: of }, position: client.position(of, at) };
  const found = await client.connection.sendRequest<Hover | null>('textDocument/hover', params);
  return (found?.contents as MarkupContent | undefined)?.value ?? '';
}

const ranks = ['Error', 'Warning', 'Information', 'Hint'];

describe('several findings of one token', () => {
  test('are a list, worst first, with what answers those that are shown as one, and one explanation', async () => {
    const client = await start({ options: { pages: false } });
    await client.open(uri, deployment('shop'));
    const at = client.position(uri, 'shop\n          image');
    const here = (await client.items(uri)).filter(({ range }) => range.start.line === at.line && range.start.character <= at.character);
    const text = await hover(client, 'shop\n          image');
    const [list, ...explanation] = text.split('\n\n');
    const written = list!.split('\n');
    const lines = written.filter(line => line.startsWith('- ')).map(line => /^- \*\*(\w+)\*\*: (.*) `([^`]+)`$/.exec(line)!);
    expect(lines.map(([, , , rule]) => rule).sort()).toEqual(here.flatMap(rulesIn).sort());
    // what the container may do, and its probes
    expect(here).toHaveLength(2);
    expect(lines.length).toBeGreaterThan(5);
    expect(written.filter(line => /^ {2}- .* \((?:review|your decision)\)/.test(line))).toHaveLength(rulesIn(here[0]!).length);
    const severities = lines.map(([, severity]) => ranks.indexOf(severity!));
    expect(severities).toEqual([...severities].sort());
    expect(new Set(severities).size).toBeGreaterThan(1);
    // one page, of the worst, and no message for a second time
    expect(text.match(/\*\*Standards\*\*/g)).toHaveLength(1);
    expect(explanation.join('\n')).toContain(`\`${lines[0]![3]!}\``);
    for (const [, , message] of lines) expect(text.split(message!)).toHaveLength(2);
    // what really runs is one line of it
    expect(text.length).toBeLessThan(2900);
  });

  test('of a base image: short enough to be read', async () => {
    const client = await start({ options: { pages: false } });
    await client.open('untitled:/Dockerfile', 'FROM node:20\nCOPY . .\nCMD ["node", "x"]\n');
    const text = await hover(client, '20', 'untitled:/Dockerfile');
    expect(text.split('\n').filter(line => line.startsWith('- **')).length).toBeGreaterThan(2);
    expect(text.length).toBeLessThan(1500);
  });

  test('as plain text, the same without marks', async () => {
    const client = await start({
      options: { pages: false },
      capabilities: { ...fullCapabilities, textDocument: { ...fullCapabilities.textDocument, hover: {} } },
    });
    await client.open(uri, deployment('shop'));
    const text = await hover(client, 'shop\n          image');
    expect(text).toMatch(/^- Warning: .* kubernetes\/[\w-]+\n {2}- .*\n- Warning: /);
    expect(text).not.toMatch(/\*\*|`|\]\(/);
  });

  test('where the editor lists the messages by itself: why the worst matters and what to do come first, the others are one line', async () => {
    const client = await start();
    await client.open(uri, deployment('shop'));
    const text = await hover(client, 'shop\n          image');
    // the source serves no page of a real rule, which would say why between these
    const [title, fix, fixes] = text.split('\n\n');
    expect(title).toMatch(/^\*\*Container may run as root\*\* `kubernetes\/run-as-root`$/);
    expect(fix).toBe('**Fix**');
    expect(fixes).toMatch(/^- .*\((?:review|your decision)\)/);
    // no message of any finding: they stand above
    const here = (await client.items(uri)).map(({ message }) => (typeof message === 'string' ? message : message.value));
    for (const message of here) expect(text).not.toContain(message);
    expect(text.match(/^\*\*Also here\*\*: .*$/gm)).toEqual([expect.stringMatching(/Capabilities not dropped; .*; /)]);
    expect(text.split('\n').filter(line => line !== '').length).toBeLessThan(9);
  });

  test('what an intruder does follows, where the finding is a step of it, each way a link to its line', async () => {
    const client = await start();
    const file = 'untitled:/compose.yaml';
    await client.open(file, 'services:\n  web:\n    image: alpine:3.22\n    privileged: true\n');
    const text = await hover(client, 'true', file);
    expect(text).toMatch(
      /\*\*What an intruder can do\*\*: container "web"\n\n1\. Runs code in container "web"\n2\. Becomes root on the host: .*#L4\)/,
    );
    expect(text).toContain('**First**: Run without "privileged"');
  });

  test('a name is shown as it is: no paragraph, link, image or markup comes out of it', async () => {
    const client = await start({ options: { pages: false } });
    const name =
      'a\\n\\n# b\\n[c](https://c.example) ![d](https://d.example/x.png) https://e.example www.f.example g@h.example <i> &lt; `j` **k**';
    await client.open(uri, deployment(`"${name}"`));
    const text = await hover(client, '"a');
    expect(text).toContain(
      'ontainer "a  \\# b \\[c\\](https\\://c.example) \\!\\[d\\](https\\://d.example/x.png) https\\://e.example www\\.f.example ' +
        'g\\@h.example \\<i\\> \\&lt; \\`j\\` \\*\\*k\\*\\*"',
    );
    const named = (await client.items(uri)).find(({ message }) => JSON.stringify(message).includes('a  # b'));
    expect(named!.message).toContain(`ontainer "${name.replaceAll('\\n', ' ')}"`);
    expect(JSON.stringify(await client.actions(uri, '"a'))).not.toMatch(/"(?:title|label)":"[^"]*\\n/);
  });
});

describe('a policy', () => {
  const policy = `apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata:
  name: signed
spec:
  images:
    - glob: registry.example.com/**
  authorities:
    - key:
        kms: hashivault://signing
`;

  test('says which images and workloads of the manifests it covers, and which it does not', async () => {
    const folder = makeFolder({
      'policy.yaml': policy,
      'shop.yaml': deployment('shop'),
      'cache.yaml': deployment('shop').replace('name: shop', 'name: cache').replace('registry.example.com/shop:1.2.3', 'redis:8.2.1'),
    });
    const client = await start({ folders: [folder] });
    const at = `${folder}/policy.yaml`;
    await client.open(at, policy);
    for (const place of ['signed', 'registry.example.com/**'])
      await expect
        .poll(() => hover(client, place, at), { timeout: 20_000 })
        .toMatch(
          /must be signed\*\*\n\n- registry\\?\.example\\?\.com\/shop\S*\n\n\*\*Images here that this policy does not cover\*\*\n\n- redis\S*\n\n\*\*Workloads here that this policy covers\*\*\n\n- Deployment shop\n\n\*\*Workloads here that this policy does not cover\*\*\n\n- Deployment cache/,
        );
    expect(await hover(client, 'spec', at)).toBe('');
  });
});
