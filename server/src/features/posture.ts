import { ProgressType, type CancellationToken } from 'vscode-languageserver';
import { masked, printable, trusted, type MaskedText } from '../../../shared/src/early';
import { createPosture, postureFileOf, postureHtml } from '../../../shared/src/index';
import {
  explainRuleCommand,
  openPosturedCommand,
  type PosturedFile,
  type PostureParams,
  type PostureResult,
} from '../../../shared/src/output/protocol/posture';
import type { ServerContext } from '../session/context';
import { joinUri } from '../lsp/uri';
import { findChecked, isMissed } from './check-file';

type Posture = ReturnType<typeof createPosture>;

/** The posture of files: what `bulkhead report` says of them, with links for an editor. */
export async function showPosture(
  context: ServerContext,
  { folder, files, progress }: PostureParams,
  token: CancellationToken,
): Promise<PostureResult> {
  const { config, baseline } = await headScope(context, folder);
  const posture = createPosture({
    version: context.version,
    profile: config.profile,
    kubernetesVersion: `1.${config.kubernetesMinor}`,
    today: context.checker.today(),
    rules: context.engine.rules,
    words: context.words,
    hasBaseline: baseline !== null,
  });
  const failed: { name: string; reason: string }[] = [];
  for (const [index, file] of files.entries()) {
    if (token.isCancellationRequested) break;
    const reason = await addTo(posture, context, file, token);
    if (reason !== null) failed.push({ name: file.name, reason });
    // a client that is gone wants to hear nothing
    if (progress !== undefined) await context.connection.sendProgress(new ProgressType<number>(), progress, index + 1).catch(() => {});
  }
  const made = posture.finish();
  const places = new Map<string, number>(files.map(({ name }, index) => [name, index]));
  const known = new Set(context.engine.rules.map(({ id }) => id));
  return {
    html: postureHtml(made, {
      file: path => command(openPosturedCommand, places.get(path)),
      rule: rule => command(explainRuleCommand, known.has(rule) ? rule : undefined),
    }),
    checked: made.files,
    findings: Object.values(made.counts).reduce((sum, count) => sum + count, 0),
    failed,
  };
}

/** Adds a file; gives why it is missing, where it should not be. */
async function addTo(
  posture: Posture,
  context: ServerContext,
  { uri, name }: PosturedFile,
  token: CancellationToken,
): Promise<string | null> {
  const found = await findChecked(context, uri, token);
  if ('problem' in found) return isMissed(uri, found.problem) ? printable(trusted(found.problem)) : null;
  if (!('checked' in found)) return null;
  const { opened, context: told, result } = found.checked.check;
  if (result === null) return found.checked.scope.off === null ? 'an internal error; see the log for details' : null;
  if (!opened.isChecked(told)) return null;
  try {
    posture.add(postureFileOf({ path: name, engine: context.engine, opened, context: told, result }));
  } catch (error) {
    context.log.failure('the posture of a file', error);
    return 'an internal error; see the log for details';
  }
  return null;
}

/** What holds for a folder: that of a file in it. */
async function headScope({ scopes }: ServerContext, folder: string) {
  const uri = joinUri(folder, 'Dockerfile');
  const known = scopes.peek(uri);
  const scope = await scopes.resolve(uri);
  if (!known) scopes.drop(uri);
  return scope;
}

/** A link that has the editor run a command; its argument is of our making, and never a text of a file. */
function command(name: typeof openPosturedCommand | typeof explainRuleCommand, argument: string | number | undefined): MaskedText | null {
  return argument === undefined ? null : masked`command:${trusted(name)}?${trusted(encodeURIComponent(JSON.stringify([argument])))}`;
}
