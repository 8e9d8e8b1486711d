import { ErrorCodes, ResponseError, type CancellationToken, type CodeAction, type CodeActionParams } from 'vscode-languageserver';
import { fileBytes, type MaskedText } from '../../../shared/src/early';
import {
  effectiveConfig,
  imagePolicies,
  isNamespace,
  maskAlone,
  namespacesOf,
  networkPolicies,
  type NetworkPart,
  type PolicySigner,
  signedImages,
  type TrustedSigner,
  type WorkspaceIndex,
} from '../../../shared/src/index';
import { writePolicyHereCommand, type PolicyParams, type PolicyResult } from '../../../shared/src/output/protocol/policies';
import { type Checked, type ServerContext } from '../session/context';
import { maxSideBytes } from '../decisions/limits';
import type { MaskedAction } from '../lsp/gate';
import { joinUri, parentUri } from '../lsp/uri';
import type { Scope } from '../session/scopes';
import { actionKinds, isAskedFor } from './action-kinds';
import { creationOf } from './create-file';
import { argumentFields } from '../lsp/document-messages';

/** What an action carries to `codeAction/resolve`. */
export interface PolicyData {
  readonly uri: string;
  readonly version: number;
  readonly policy: PolicyParams;
}

type Written = Extract<PolicyResult, { ok: true }>;

/** Answers the command: policies for what is there, or what has to be chosen first. */
export async function policyText(context: ServerContext, argument: unknown, token: CancellationToken): Promise<PolicyResult> {
  const params = readParams(argument);
  if (!context.trusted) return { ok: false, message: maskAlone(context.say('policyNeedsTrust')) };
  const uri = params.isFolder ? joinUri(params.uri, 'manifest.yaml') : params.uri;
  const known = context.scopes.peek(uri);
  const scope = await context.scopes.resolve(uri);
  if (!known) context.scopes.drop(uri);
  const made = params.kind === 'network' ? await networkText(context, scope, params, token) : await imageText(context, scope, params);
  if (!made.ok) return made;
  const result: { readonly text: MaskedText; readonly left: readonly MaskedText[] } = {
    text: fileBytes(made.text),
    left: made.left.map(clause => maskAlone(clause)),
  };
  return { ...made, ...result };
}

/** What other files say, once they have been read. */
async function settledIndex({ facts }: ServerContext, scope: Scope): Promise<WorkspaceIndex> {
  const index = facts.of(scope);
  // the first question starts the reading
  void index.complete;
  await facts.settled(scope);
  return index;
}

async function networkText(
  context: ServerContext,
  scope: Scope,
  { uri, isFolder, namespace: asked }: PolicyParams,
  token: CancellationToken,
): Promise<PolicyResult> {
  const index = await settledIndex(context, scope);
  const parts: NetworkPart[] = [];
  await context.facts.each(scope, (opened, of) => {
    if (token.isCancellationRequested || (isFolder && !of.startsWith(uri.endsWith('/') ? uri : `${uri}/`))) return;
    if (effectiveConfig(scope.configFile?.config ?? null, opened.file.path, {}) !== 'excluded') parts.push(...opened.network());
  });
  if (!parts.some(({ is }) => is === 'workload')) return { ok: false, message: context.say('noWorkloads') };
  const namespaces = namespacesOf(parts);
  if (asked === undefined && namespaces.length > 1) return { ok: false, choose: 'namespace', among: namespaces };
  const namespace = asked === undefined ? (namespaces[0] ?? null) : asked;
  const { text, left } = networkPolicies(parts, namespace, index);
  return { ok: true, text, left, fileName: namespace === null ? 'network-policy.yaml' : `network-policy-${namespace}.yaml` };
}

async function imageText(context: ServerContext, scope: Scope, params: PolicyParams): Promise<PolicyResult> {
  const { signer, images, engine = 'kyverno' } = params;
  const trustedSigners = scope.configFile?.config.trustedSigners ?? [];
  const keys = new Map<TrustedSigner, PolicySigner>();
  for (const one of signer ? [] : trustedSigners) keys.set(one, await readSigner(context, scope, one));
  const signers: readonly PolicySigner[] = signer
    ? ['key' in signer ? { key: readKey(signer.key) } : { issuer: signer.issuer, subject: signer.identity }]
    : [];
  const index = await settledIndex(context, scope);
  const { signed, others } = signedImages(index, {
    signers,
    trusted: trustedSigners,
    read: one => keys.get(one) ?? null,
    repositories: images ?? [],
  });
  if (signed.length === 0) {
    if (others.length === 0) return { ok: false, message: context.say('noWorkloads') };
    return { ok: false, choose: signers.length === 0 ? 'signer' : 'images', among: others };
  }
  const text = imagePolicies(signed, { engine, enforce: false, transparency: true });
  const left = others.length === 0 ? [] : [`nothing is said of ${others.join(', ')}`];
  return { ok: true, text, left, fileName: 'image-policy.yaml' };
}

/** A signer of the configuration with its key. Throws where that cannot be read. */
async function readSigner({ files }: ServerContext, scope: Scope, { key, identity, issuer }: TrustedSigner): Promise<PolicySigner> {
  if (key === null) return { issuer: issuer!, subject: identity! };
  const folder = parentUri(scope.configFile!.uri)!;
  const read = await files.read(joinUri(folder, key), { root: scope.base ?? folder, maxBytes: maxSideBytes });
  if (read.text === null)
    throw new ResponseError(ErrorCodes.InvalidParams, `the key of "trustedSigners" ${read.problem ?? 'does not exist'}`);
  return { key: readKey(read.text) };
}

/** The public key of a text. Throws where there is none: a private key goes nowhere. */
function readKey(text: string): string {
  const key = /-----BEGIN (?:RSA )?PUBLIC KEY-----[A-Za-z0-9+/=\s]{40,4000}-----END (?:RSA )?PUBLIC KEY-----/.exec(text)?.[0];
  if (key === undefined || text.includes('PRIVATE KEY-----'))
    throw new ResponseError(ErrorCodes.InvalidParams, 'the key is no public key in PEM');
  return key;
}

/** The actions for the workload whose name is under the cursor. */
export function policyActions(context: ServerContext, checked: Checked, { range, context: { only } }: CodeActionParams): MaskedAction[] {
  const { support, policies, say, trusted: isTrusted } = context;
  const { document, scope, check } = checked;
  if (!isTrusted || scope.base === null || !isAskedFor(actionKinds.policy, only)) return [];
  if (!policies && !(support.createFiles && support.resolveEdits && parentUri(document.uri) !== null)) return [];
  const { line } = range.start;
  const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  if (!/\bname["']?:/.test(text)) return [];
  const workload = check.opened.network().find(part => part.is === 'workload' && document.positionAt(part.range.start).line === line);
  if (!workload) return [];
  const { namespace } = workload;
  const hasSigners = (scope.configFile?.config.trustedSigners ?? []).length > 0;
  const offers: readonly (readonly [title: MaskedText, params: PolicyParams])[] = [
    [
      namespace === null ? say('writeNetworkPolicy') : say('writeNetworkPolicyOf', { namespace: maskAlone(namespace) }),
      { kind: 'network', uri: document.uri, namespace },
    ],
    // who cannot ask who signs can only write what is said already
    ...(policies || hasSigners ? [[say('writeImagePolicy'), { kind: 'image', uri: document.uri }] as const] : []),
  ];
  return offers.map(([title, params]): MaskedAction => {
    const action: MaskedAction = { title, kind: actionKinds.policy };
    if (policies) return { ...action, command: { title, command: writePolicyHereCommand, arguments: [params] } };
    const data: PolicyData = { uri: document.uri, version: document.version, policy: params };
    return { ...action, data };
  });
}

/** An action with the edit that creates the new file beside the document; without one where nothing can be written. */
export async function resolvePolicy(
  context: ServerContext,
  action: CodeAction,
  data: PolicyData,
  token: CancellationToken,
): Promise<CodeAction> {
  const parent = parentUri(data.uri);
  const made = parent === null ? null : await policyText(context, data.policy, token);
  if (parent === null || !made?.ok) return action;
  const { text, fileName }: Written = made;
  return { ...action, edit: creationOf(joinUri(parent, fileName), text) };
}

/** The argument as it came from outside. */
function readParams(argument: unknown): PolicyParams {
  const given = argumentFields<keyof PolicyParams>(argument);
  const wrong = (what: string): never => {
    throw new ResponseError(ErrorCodes.InvalidParams, what);
  };
  const { uri, namespace, images } = given;
  const kind = given.kind === 'network' || given.kind === 'image' ? given.kind : wrong('kind must be network or image');
  if (typeof uri !== 'string') return wrong('uri must be a string');
  if (namespace !== undefined && namespace !== null && !(typeof namespace === 'string' && isNamespace(namespace)))
    wrong('namespace must be the name of a namespace');
  if (given.engine !== undefined && given.engine !== 'kyverno' && given.engine !== 'sigstore') wrong('engine must be kyverno or sigstore');
  if (
    images !== undefined &&
    !(Array.isArray(images) && images.every(image => typeof image === 'string' && /^[\w.-]+(?::\d+)?(?:\/[\w.-]+)+$/.test(image)))
  )
    wrong('images must be full image names');
  return {
    kind,
    uri,
    isFolder: given.isFolder === true,
    ...(namespace !== undefined && { namespace: namespace as string | null }),
    ...(given.engine !== undefined && { engine: given.engine as 'kyverno' | 'sigstore' }),
    ...(images !== undefined && { images: images as readonly string[] }),
    ...(given.signer !== undefined && { signer: readGivenSigner(given.signer, wrong) }),
  };
}

function readGivenSigner(value: unknown, wrong: (what: string) => never): NonNullable<PolicyParams['signer']> {
  const { key, identity, issuer } = argumentFields<'key' | 'identity' | 'issuer'>(value);
  if (typeof key === 'string') return { key };
  const isIdentity = typeof identity === 'string' && /^[\x21-\x7e]{1,1000}$/.test(identity) && !/^\*+$/.test(identity);
  const isIssuer = typeof issuer === 'string' && /^https:\/\/[\w.-]+(?:\/[\w./-]*)?$/.test(issuer);
  return isIdentity && isIssuer ? { identity, issuer } : wrong('"signer" must be a key, or an identity and its issuer (https)');
}
