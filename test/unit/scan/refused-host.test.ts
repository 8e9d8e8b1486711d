import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { refusedHost } from '../../../server/src/host/node/scanner/refused-host';

/** Which registries a scanner is started for: a file names them. */

const addresses =
  (...all: string[]) =>
  (): Promise<readonly LookupAddress[]> =>
    Promise.resolve(all.map(address => ({ address, family: address.includes(':') ? 6 : 4 })));
const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const silent = (): Promise<never> => new Promise(() => undefined);
const proxied = { HTTPS_PROXY: 'http://proxy.example.com:3128' };
const late = 'registry.example.com: no name server has said within 0.02 s what it stands for, so that it may be an address';
const local = 'registry.example.com: an address of this machine or of a private network';

test.each<[string, () => Promise<readonly LookupAddress[]>, NodeJS.ProcessEnv, string | null]>([
  ['a public address', addresses('203.0.113.7'), {}, null],
  ['an address of a link', addresses('169.254.169.254'), {}, local],
  ['one of this machine among others', addresses('203.0.113.7', '::1'), {}, local],
  ['an address of IPv4 within IPv6', addresses('::ffff:10.0.0.1'), {}, local],
  ['a name that nobody knows', failing('ENOTFOUND'), {}, null],
  // whoever owns the name may have it answered later
  ['a name server that does not answer', silent, {}, late],
  ['a name server that fails', failing('EAI_AGAIN'), {}, 'registry.example.com: no name server says what it stands for (EAI_AGAIN), so'],
  ['... where a proxy looks names up', failing('EAI_AGAIN'), proxied, null],
  ['... but for this host', silent, { ...proxied, NO_PROXY: 'example.com' }, late],
  ['... by a variable that scanners do not know', silent, { ALL_PROXY: 'http://proxy.example.com' }, late],
  ['an address of a link, with a proxy', addresses('169.254.169.254'), proxied, local],
])('%s', async (_, ask, env, expected) => {
  const refused = await refusedHost('registry.example.com/app:1', { allowed: [], env }, ask, 20);
  if (expected === null) expect(refused).toBeNull();
  else expect(refused).toContain(expected);
  expect(await refusedHost('registry.example.com/app:1', { allowed: ['registry.example.com'], env }, ask, 20)).toBeNull();
});
