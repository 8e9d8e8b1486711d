import type { CommandsView } from '../../../rule/pipeline/types';
import type { ShellCommand } from '../../../syntax/shell/types';
import type { PlacedScript, PlaceKind, RunModel } from './types';

/** Programs that scan, sign or push images, beside engines: rules of pipelines look at their commands. */
const programs = /^(?:trivy|grype|cosign|snyk|crane|skopeo|oras|regctl|buildah|helm|flux)$/;

const called =
  /\b(?:trivy|grype|cosign)[ \t]{1,9}\w|\b(?:docker|podman|nerdctl|buildah|skopeo|crane|oras|regctl)[ \t]{1,9}(?:push|login|scout)\b|\bsnyk[ \t]{1,9}container\b/;

/** Places whose scripts release something: a page of documentation shows commands, and a unit runs what is there. */
const releases = (kind: PlaceKind): boolean => kind === 'shell' || kind === 'make';

/** Whether a file may hold a command that scans, signs or pushes images: asked before anything is parsed. */
export function mayRelease(kind: PlaceKind, text: string): boolean {
  return releases(kind) && called.test(text);
}

/** The scripts of a file as rules of pipelines look at them; `null`: they have nothing to look at. */
export function releaseScripts({ scripts, document, text }: RunModel): CommandsView | null {
  const released = document || !called.test(text) ? [] : scripts.filter(({ kind }) => releases(kind)).map(({ script }) => script);
  return released.length > 0 ? { target: 'commands', file: { document: { text } }, scripts: released } : null;
}

/** The commands of a script that they look at beside those of engines, so that a comment can suppress what they find. */
export function releaseCommands({ kind, script }: PlacedScript): readonly ShellCommand[] {
  return releases(kind) ? script.commands.filter(({ name }) => name !== null && programs.test(name)) : [];
}
