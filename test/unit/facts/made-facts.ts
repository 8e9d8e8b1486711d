import { expect } from 'vitest';
import { nodeLayerHost } from '../../../shared/host/node/layer-host';
import { defaultConfig, effectiveConfig } from '../../../shared/src/engine/config/effective';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { LintContext } from '../../../shared/src/engine/types';
import type { Finding } from '../../../shared/src/rule/finding/types';
import { rules } from '../../../shared/src/families/generated/index';
import type { FactLevel, ImageFacts } from '../../../shared/src/knowledge/image-facts';
import { findImageProfile } from '../../../shared/src/knowledge/image-profiles';
import { readChain } from '../../../shared/src/services/facts/chain';
import { readFiles } from '../../../shared/src/services/facts/file-reader';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { withImageFacts } from '../../../shared/src/workspace/with-image-facts';
import { makeImage, type MadeImage } from '../../support/image-chain';
import { layer, sourceOf, type MadeEntry } from '../../support/tar';

export const engine = createEngine(rules);
/** No table has it: what is said of it comes from its own bytes. */
export const name = 'registry.example.com/made/image:1.0';
expect(findImageProfile(name)).toBeNull();

/** The facts of a made image with these files. */
export async function factsOf(
  config: MadeImage['config'],
  entries: readonly MadeEntry[],
  level: FactLevel = 'verified',
): Promise<ImageFacts> {
  const { digest, chain } = makeImage({ config });
  const read = readChain(digest, chain, level);
  if (!read.ok) throw new Error(read.problem);
  const { facts } = read.value;
  const made = layer(entries);
  const { files } = await readFiles(facts, chain.configuration, [made.blob], sourceOf([made]), nodeLayerHost);
  return { ...facts, files };
}

export const strict = effectiveConfig(null, '', { profile: 'strict' });
export const config = strict === 'excluded' ? defaultConfig : strict;

export function contextWith(facts: ImageFacts | null): LintContext {
  const { index } = createWorkspaceIndex({ complete: true });
  return { config, today: '2026-11-30', workspace: withImageFacts(index, () => facts), digest: () => null };
}

export function lint(path: string, text: string, facts: ImageFacts | null): readonly Finding[] {
  return engine.open({ path, text }).lint(contextWith(facts)).findings;
}

/** What a rule says: the message, and the class of the first fix. */
export function said(rule: string, path: string, text: string, facts: ImageFacts | null): readonly string[] {
  return lint(path, text, facts).flatMap(found => (found.rule === rule ? [`${found.messageId} ${found.fixes[0]?.class ?? 'none'}`] : []));
}

export const passwd: MadeEntry = {
  path: 'etc/passwd',
  content: 'root:x:0:0::/root:/bin/sh\nweb:x:10001:10001::/:/bin/sh\ntoor:x:0:0::/root:/bin/sh\n',
};
export const program = (path: string, content = '\x7fELF'): MadeEntry => ({ path, mode: 0o755, content });
export const shell = program('bin/sh');
export const server = program('server');
export const netBind = Buffer.from([1, 0, 0, 2, 0, 4, ...Array<number>(14).fill(0)]);
export const ipcLock = Buffer.from([1, 0, 0, 2, 0, 0x40, ...Array<number>(14).fill(0)]);
export const carrying = (capability: Buffer): MadeEntry => ({ ...server, pax: { 'SCHILY.xattr.security.capability': capability } });
export const dropping = program('entry.sh', '#!/bin/sh\nif [ "$(id -u)" = 0 ]; then\n  exec gosu web "$0" "$@"\nfi\nexec "$@"\n');
export const starts = { Entrypoint: ['/server'] } as const;
export const levels: readonly FactLevel[] = ['verified', 'as-served', 'claimed'];

export const deployment = (more = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: ${name}
${more}`;
