import { dirname, resolve } from 'node:path';
import {
  maskAlone,
  namespacesOf,
  networkPolicies,
  type NetworkPart,
  type PolicySigner,
  emptyWorkspace,
  imagePolicies,
  isNamespace,
  signedImages,
  type TrustedSigner,
} from '../../../shared/src/index';
import { masked, plain } from '../../../shared/src/early';
import { readPublicKey } from '../../../shared/host/node/signature/public-key';
import type { Attempt } from './attempt';
import { eachInput, sayTroubles } from './each-input';
import { shownPath } from './inputs';
import type { Output } from './output';
import { startRun, type Run } from './run';
import { InputError, UsageError, type Arguments } from './usage';
import { writeNew } from './write-new';

/** `bulkhead init network-policy [PATH...]`. Gives the exit code. */
export function initNetworkPolicy(paths: readonly string[], args: Arguments, output: Output, attempt: Attempt): number {
  const asked = args.get('namespace');
  if (asked !== undefined && !isNamespace(asked)) throw new UsageError(`--namespace must be the name of a namespace, not "${asked}"`);
  const run = startRun(args, attempt, output, paths);
  const parts: NetworkPart[] = [];
  const troubles = eachInput(run, attempt, output, input => {
    const opened = run.engine.open(input.file);
    if (opened.isChecked(run.context(input))) parts.push(...opened.network());
    opened.forget();
  });
  const failed = sayTroubles(troubles, run, output);
  const namespaces = namespacesOf(parts);
  if (!parts.some(({ is }) => is === 'workload')) throw new InputError('no workloads found: name the manifests or their directory');
  if (asked === undefined && namespaces.length > 1)
    throw new UsageError(`the workloads are in several namespaces: choose one with --namespace: ${namespaces.join(', ')}`);
  const namespace = asked ?? namespaces[0] ?? null;
  const [first] = run.found.found;
  const { text, policies, left } = networkPolicies(parts, namespace, first ? run.facts.of(first) : emptyWorkspace);
  const file = args.get('output-file') ?? (namespace === null ? 'network-policy.yaml' : `network-policy-${namespace}.yaml`);
  if (!writeNew(file, run.guarded, text, output)) return 2;
  output.say(masked`${policies} policies${left.length === 0 ? plain('') : masked`; left for you to resolve:`}`);
  for (const clause of left) output.say(masked`  ${maskAlone(clause)}`);
  return failed ? 2 : 0;
}

/** `bulkhead init image-policy [REPOSITORY...]`. Gives the exit code. */
export function initImagePolicy(operands: readonly string[], args: Arguments, output: Output, attempt: Attempt): number {
  const repositories = operands.map(readRepository);
  const run = startRun(args, attempt, output, []);
  const given = signersOf(args, run);
  const config = run.findScope(process.cwd()).config;
  const trusted = config?.config.trustedSigners ?? [];
  if (given.length === 0 && trusted.length === 0)
    throw new UsageError('name the signer: --key FILE, or --identity and --issuer, or "trustedSigners" in .bulkhead.yaml');
  const read = (signer: TrustedSigner): PolicySigner =>
    signer.key === null
      ? { issuer: signer.issuer!, subject: signer.identity! }
      : { key: keyIn(resolve(dirname(config!.path), signer.key), run) };
  const [first] = run.found.found;
  const { signed, others } = signedImages(first ? run.facts.of(first) : emptyWorkspace, { signers: given, trusted, read, repositories });
  if (signed.length === 0) {
    const seen = others.length === 0 ? 'no workload here names an image' : `the workloads here run ${listed(others)}`;
    throw new InputError(
      given.length > 0
        ? `nothing here says which images are yours: name them, such as ghcr.io/acme (${seen})`
        : `"trustedSigners" names no signer for any of the images that the workloads here use (${seen})`,
    );
  }
  const engine = args.get('engine') === 'sigstore' ? 'sigstore' : 'kyverno';
  const manner = { engine, enforce: args.has('enforce'), transparency: !args.has('no-transparency-log') } as const;
  if (!manner.transparency && signed.some(({ signers }) => signers.some(signer => !('key' in signer))))
    throw new UsageError('--no-transparency-log is allowed only with keys: without a log, the certificate of an identity proves nothing');
  if (!writeNew(args.get('output-file') ?? 'image-policy.yaml', run.guarded, imagePolicies(signed, manner), output)) return 2;
  if (!manner.enforce) output.say(plain('The policy only reports at first: a comment in it says how to enforce it'));
  if (others.length > 0) output.say(masked`The policy does not cover ${maskAlone(listed(others))}`);
  return 0;
}

/** The first of many names. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}

/** A registry with the first part of names, or a whole name, in full. Throws `UsageError`. */
function readRepository(operand: string): string {
  if (!/^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+|localhost)(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/.test(operand))
    throw new UsageError(
      `"${operand}" is not a registry followed by the first part of image names, such as ghcr.io/acme or docker.io/acme`,
    );
  if (operand === 'docker.io') throw new UsageError('for Docker Hub, include the account: docker.io/acme');
  return operand;
}

/** Who has to have signed, as the options say; empty: they say nothing. Throws `UsageError`. */
function signersOf(args: Arguments, run: Run): readonly PolicySigner[] {
  const [subject, issuer] = [args.get('identity'), args.get('issuer')];
  if (subject === undefined && issuer !== undefined)
    throw new UsageError('--issuer needs --identity: an issuer vouches for many identities');
  const keys = args.all('key').map(file => ({ key: keyIn(resolve(file), run) }));
  if (subject === undefined) return keys;
  if (/^[*]*$/.test(subject) || !/^[\x21-\x7e]+$/.test(subject))
    throw new UsageError(
      '--identity must name a signer, such as https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main',
    );
  const by = issuer ?? 'https://token.actions.githubusercontent.com';
  if (!/^https:\/\/[\w.-]+(?:\/[\w./-]*)?$/.test(by)) throw new UsageError(`--issuer must be an https address, not "${by}"`);
  return [...keys, { issuer: by, subject }];
}

/** The public key of a file, in PEM. Throws `InputError`. */
function keyIn(path: string, { reading }: Run): string {
  const text = reading.sideText(path);
  if (!text.ok) throw new InputError(`${shownPath(path)}: ${text.message}`);
  const key = readPublicKey(text.value);
  if (!key.ok) throw new InputError(`${shownPath(path)}: ${key.reason}`);
  return /-----BEGIN (?:RSA )?PUBLIC KEY-----[^-]*-----END (?:RSA )?PUBLIC KEY-----/.exec(text.value)![0];
}
