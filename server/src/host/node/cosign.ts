import { resolve } from 'node:path';
import type { Cancellation } from '../../../../shared/src/base/ports/cancellation';
import { unknownVerdict } from '../../../../shared/src/services/signature/verify';
import type { SignatureVerdict } from '../../../../shared/src/base/ports/signature';
import { findOnPath, isProgram, leftOut, withoutFolders } from '../../../../shared/host/node/find-program';
import type { Running } from './process/process-tree';
import { runProcess, type ProcessEnd } from './process/run-process';
import { inFolder } from './process/own-folder';

/** How the user's cosign is run. */
export interface CosignOptions {
  /** The program that a person named; `null`: it is looked for on the path. */
  readonly path: string | null;
  readonly env: NodeJS.ProcessEnv;
  /** Folders that somebody else may have filled: what lies in one is not run because it is on the path. */
  readonly outside: readonly string[];
  readonly cancellation: Cancellation;
  readonly running: Running;
}

/** Who has to have signed. */
export interface Identity {
  /** The subject of the certificate; `*` stands for any characters. */
  readonly identity: string;
  readonly issuer: string;
}

/** Has an identity verified. */
export interface Cosign {
  /** `image` is a name with a digest. Never rejects. */
  verify(image: string, digest: string, who: Identity): Promise<SignatureVerdict>;
}

const timeoutMs = 60_000;
const maxBytes = 4 << 20;

/** Finds cosign, and asks it for its version once; what is wrong with it is told by every verdict. Nothing is started before that. */
export function createCosign(options: CosignOptions): Cosign {
  const { path, outside } = options;
  const env = withoutFolders(options.env, outside);
  const found =
    path === null ? findOnPath('cosign', options.env, outside) : { path: isProgram(resolve(path)) ? resolve(path) : null, left: null };
  let usable: Promise<string | null> | null = null;

  const run = async (args: readonly string[]): Promise<ProcessEnd> => {
    const { cancellation, running } = options;
    const ended = await inFolder(cwd => runProcess({ path: found.path!, args, cwd, env, timeoutMs, maxBytes, cancellation, running }));
    return 'how' in ended ? ended : { how: 'not-started', code: null, signal: null, stdout: '', stderr: ended.message };
  };
  /** Why cosign is of no use; `null`: it is. */
  const refusal = async (): Promise<string | null> => {
    if (found.left !== null && found.path === null) return `${leftOut(found.left)}; specify it explicitly if you trust it`;
    if (found.path === null)
      return path === null ? 'an identity is verified by cosign, which is not on the path' : `${path} is not an executable program`;
    const { code, stdout } = await run(['version', '--json']);
    const version = code === 0 ? versionIn(stdout) : null;
    if (version === null) return 'cosign does not say which version it is';
    // GHSA-whqx-f9j3-ch6m: a bundle could be verified against the wrong entry of the log
    return isOld(version) ? `cosign ${version} is too old to be believed: 2.6.2 and 3.0.4 are not` : null;
  };
  return {
    verify: async (image, digest, who) => {
      const wrong = await (usable ??= refusal());
      if (wrong !== null) return unknownVerdict(digest, wrong);
      return readVerdict(await run(['verify', ...identityArguments(who), '--output', 'json', image]), digest);
    },
  };
}

function versionIn(stdout: string): string | null {
  const text = /"gitVersion":\s*"v?(\d{1,5}\.\d{1,5}\.\d{1,5})/.exec(stdout);
  return text?.[1] ?? null;
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major === 2) return minor < 6 || (minor === 6 && patch < 2);
  return major < 2 || (major === 3 && minor === 0 && patch < 4);
}

function identityArguments({ identity, issuer }: Identity): readonly string[] {
  const pattern = identity.split('*').map(piece => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const subject = pattern.length === 1 ? `--certificate-identity=${identity}` : `--certificate-identity-regexp=^${pattern.join('.*')}$`;
  return [subject, `--certificate-oidc-issuer=${issuer}`];
}

/** What cosign's exit code and output come to. Only 0, with this very digest in its answer, is believed; its prose is never repeated as a fact. */
function readVerdict({ how, code, stdout, stderr }: ProcessEnd, digest: string): SignatureVerdict {
  const verdict = { digest, key: null, format: null, attestations: [] };
  if (how !== 'exit') return unknownVerdict(digest, how === 'timed-out' ? 'cosign did not end within a minute' : 'cosign could not be run');
  if (code === 0)
    return speaksOf(stdout, digest)
      ? { ...verdict, state: 'signed', reasons: [] }
      : unknownVerdict(digest, 'cosign speaks of another image than it was asked about');
  if (code === 10) return { ...verdict, state: 'unsigned', reasons: [] };
  const last = stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  // 12, and 1 where there are bundles; every other failure ends in 1 as well
  if (code === 12 || /no matching (?:signatures|attestations)|none of the expected identities matched/.test(stderr))
    return { ...verdict, state: 'other-signer', reasons: ['a signature is of another identity'] };
  return unknownVerdict(digest, `cosign: ${last === '' ? `exit code ${code}` : last}`);
}

function speaksOf(stdout: string, digest: string): boolean {
  try {
    const all = JSON.parse(stdout) as unknown;
    return (
      Array.isArray(all) &&
      all.some(one => JSON.stringify((one as { critical?: { image?: unknown } } | null)?.critical?.image ?? '').includes(`"${digest}"`))
    );
  } catch {
    return false;
  }
}
