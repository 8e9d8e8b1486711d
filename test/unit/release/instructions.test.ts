import { expect, it } from 'vitest';
import type { Manifest } from '../../../tools/release/checks';
import { installParts } from '../../../tools/release/instructions';

/** The pages have people run what `channels` names, and nothing else. */

const none = { marketplace: null, openVsx: null, npm: null, image: null, action: null, preCommit: null, gitlab: null };
const manifest: Manifest = {
  name: 'bulkhead',
  version: '1.2.3',
  publisher: 'acme',
  repository: { url: 'https://github.com/acme/bulkhead.git' },
  engines: { vscode: '^1.91.0', node: '>=20.0.0' },
  devDependencies: {},
  channels: none,
};
const textOf = (channels: Partial<Manifest['channels']>): string =>
  Object.values(installParts({ ...manifest, channels: { ...none, ...channels } }))
    .flatMap(parts => Object.values(parts))
    .join('\n');

/** What each channel adds, in words that nothing else has. */
const commands: readonly (readonly [Partial<Manifest['channels']>, string])[] = [
  [{ marketplace: 'acme.bulkhead' }, 'code --install-extension acme.bulkhead'],
  [{ openVsx: 'acme.bulkhead' }, 'codium --install-extension acme.bulkhead'],
  [{ npm: '@acme/bulkhead' }, 'npx --yes @acme/bulkhead@1.2.3 lint .'],
  [{ image: 'ghcr.io/acme/bulkhead' }, '"$PWD:/src:ro" ghcr.io/acme/bulkhead:1.2.3 lint .'],
  [{ npm: 'bulkhead', action: 'acme/bulkhead' }, 'uses: acme/bulkhead/action@COMMIT # v1.2.3'],
  [{ npm: 'bulkhead', preCommit: 'acme/hooks' }, "additional_dependencies: ['bulkhead@1.2.3']"],
  [{ npm: 'bulkhead', gitlab: 'gitlab.com/acme/bulkhead' }, 'component: gitlab.com/acme/bulkhead/bulkhead@1.2.3'],
];

it.each(commands)('%j: %s', (channels, command) => {
  expect(textOf(channels)).toContain(command);
  for (const [, other] of commands.filter(([others]) => !Object.keys(others).every(channel => channel in channels)))
    expect(textOf(channels)).not.toContain(other);
});

it('without a channel everything is built from a clone', () => {
  const text = textOf({});
  expect(text).toContain('Nothing is published yet');
  expect(commands.filter(([, command]) => text.includes(command))).toEqual([]);
  expect(text).not.toMatch(/npx|gh attestation|acme/);
});

it('an action or hook that installs from npm is not there before npm is', () => {
  expect(textOf({ action: 'acme/bulkhead', preCommit: 'acme/hooks', gitlab: 'gitlab.com/acme/bulkhead' })).not.toContain('acme/');
});
