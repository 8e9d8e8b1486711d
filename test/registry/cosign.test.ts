import { execFile } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeClient } from '../../shared/host/node/registry/resolver';
import { readPublicKey } from '../../shared/host/node/signature/public-key';
import { neverCancelled } from '../../shared/src/base/ports/cancellation';
import { verifySignature } from '../../shared/src/services/signature/verify';
import { push } from '../unit/signature/artefacts';
import { signatureCases } from '../unit/signature/cases';
import { missingPackages, scratchFolder, startRegistry, stopAll, type RealRegistry } from './real';

/** The user's cosign 3, where there is one: `BULKHEAD_COSIGN`, or the first on the path. */
const cosign = [
  process.env['BULKHEAD_COSIGN'] ?? '',
  ...(process.env['PATH'] ?? '').split(delimiter).map(folder => join(folder, 'cosign')),
].find(path => {
  try {
    accessSync(path, constants.X_OK);
    return path !== '';
  } catch {
    return false;
  }
});
if (missingPackages.length > 0)
  console.log(`skipped: signatures in a real registry: they need ${missingPackages.join(', ')} (apt-get install)`);
else if (cosign === undefined)
  console.log('skipped: verdicts of cosign itself: there is none (BULKHEAD_COSIGN); those that it gave are compared');

describe.skipIf(missingPackages.length > 0)("signatures in Debian's docker-registry", () => {
  const cases = signatureCases();
  const nameOf = (at: number): string => `signed/case-${at}`;
  let registry: RealRegistry;
  beforeAll(async () => {
    registry = await startRegistry('open');
    for (const [at, { repository }] of cases.entries()) await push(repository, registry.host, nameOf(at));
  }, 60_000);
  afterAll(stopAll);

  const client = createNodeClient({ env: { HOME: scratchFolder() }, certificateFiles: [], outside: null, log: () => undefined });

  it.each([...cases.entries()].map(([at, one]) => [one.name, at] as const))('%s', async (_, at) => {
    const { pem, accepted, digest } = cases[at]!;
    const key = readPublicKey(pem);
    if (!key.ok) throw new Error(key.reason);
    const reference = `${registry.host}/${nameOf(at)}:1.0`;
    const verdict = await verifySignature(client, reference, [key.value], neverCancelled);
    expect(verdict).toMatchObject({
      state: accepted ? 'signed' : (expect.stringMatching(/^(?:unsigned|other-signer)$/) as string),
      digest,
    });
  });

  it.skipIf(cosign === undefined)('are judged by cosign itself as the cases say', { timeout: 300_000 }, async () => {
    const folder = scratchFolder();
    const said: string[] = [];
    for (const [at, { name, pem, digest }] of cases.entries()) {
      const key = join(folder, `${at}.pub`);
      writeFileSync(key, pem);
      const options = ['--insecure-ignore-tlog=true', '--allow-http-registry', '--key', key];
      const accepted = await promisify(execFile)(cosign!, ['verify', ...options, `${registry.host}/${nameOf(at)}@${digest}`], {
        env: { HOME: folder, PATH: process.env['PATH'] },
      }).then(
        () => true,
        () => false,
      );
      said.push(`${name}: ${accepted ? 'accepted' : 'refused'}`);
    }
    expect(said).toEqual(cases.map(({ name, accepted, cosign: says = accepted }) => `${name}: ${says ? 'accepted' : 'refused'}`));
  });
});
