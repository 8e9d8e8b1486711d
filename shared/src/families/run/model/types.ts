import type { ContainerOptions, Setting } from '../../../rule/container/types';
import type { EngineProgram } from '../../../knowledge/run-flags';
import type { ShellCommand, ShellScript, ShellWord } from '../../../syntax/shell/types';
import type { ReasonId } from '../../../base/terms/reasons';
import type { Comment } from '../../../base/text/comment';
import type { Range } from '../../../base/text/range';
import type { Memo } from '../../../base/text/memoize';
import type { YamlDocument } from '../../../syntax/yaml/types';
import type { GivenOption, OptionWord, ParsedOptions } from './parse-options';

// All ranges are offsets in the text of the part: the file's, or of the YAML document that the script stands in.

/** What holds a command, which decides how it is written: a shell script, a recipe of make, a unit of systemd, a step, a fence of Markdown. */
export type PlaceKind = 'shell' | 'make' | 'unit' | 'workflow' | 'markdown';

/** A script and where it stands. */
export interface PlacedScript {
  readonly kind: PlaceKind;
  readonly script: ShellScript;
  /** Why nothing in it may be edited; `null`: it may. */
  readonly locked: ReasonId | null;
  /** Where in the part it stands. */
  readonly range: Range;
  /** Whether line breaks in it are the shell's, so that a backslash continues a line; not in a folded or plain scalar of YAML. */
  readonly lines: boolean;
  /** What its host sets for it, as a unit says in `Environment=`; `null`: set, and not known to what. */
  readonly variables?: ReadonlyMap<string, string | null>;
}

/** A command of an engine's client: `docker run`, `podman create`, `docker exec`, or any other. */
export interface ClientCommand {
  readonly program: EngineProgram;
  /** `run`, `create`, `exec`, ...; `null`: it has none. */
  readonly verb: string | null;
  readonly verbRange: Range;
  readonly shell: ShellCommand;
  readonly placed: PlacedScript;
  /** Addresses of engines that it is given: `-H`, `--host`, `DOCKER_HOST=` in front of it. */
  readonly hosts: readonly { readonly address: string; readonly range: Range }[];
  /** Whether it runs as root on its host, as far as is seen: `sudo`, or a unit of the system. */
  readonly asRoot: boolean;
}

/** A command that makes a container. */
export interface RunCommand extends ClientCommand {
  readonly verb: 'run' | 'create';
  /** The words behind the verb. */
  readonly words: readonly ShellWord[];
  readonly args: readonly OptionWord[];
  readonly parsed: ParsedOptions;
  /** Why nothing in it may be edited; `null`: it may. */
  readonly locked: ReasonId | null;
  /** Whether something may put words behind those that are seen (`xargs`). */
  readonly appended: boolean;
}

/** What is read of a file, or of a document of YAML, in which scripts stand. */
export interface RunModel extends Memo {
  readonly text: string;
  /** `null`: the text is a file of its own. */
  readonly document: YamlDocument | null;
  readonly scripts: readonly PlacedScript[];
  readonly commands: readonly RunCommand[];
  /** Commands of engines that make no container, in order of place. */
  readonly others: readonly ClientCommand[];
  readonly comments: readonly Comment[];
  /** Whether hints are all that is wanted: it is documentation. */
  readonly isDocumentation: boolean;
}

/** A value of a command line: the flag that gives it, or the word behind the image. */
export interface RunSetting<T> extends Setting<T> {
  /** `null`: a word behind the image. */
  readonly option: GivenOption | null;
  /** Where the value begins in its word, of a list that commas part. */
  readonly from: number;
  readonly to: number;
}

/** A container of a command line. */
export interface RunContainer extends ContainerOptions {
  readonly target: 'container';
  readonly command: RunCommand;
  readonly model: RunModel;
  /** Whether the value of a setting stands in the text character for character, so that part of it can be written anew. */
  isExact(setting: RunSetting<unknown>): boolean;
}
