import type { RunContainer } from '../../families/run/model/types';
import type { GivenOption } from '../../families/run/model/parse-options';
import type { Notes } from '../../base/terms/notes';
import type { ProjectDraft, ServiceDraft } from './service';
import { literalTemplate, templateOf } from './template';

/** A flag of a command on its way into a service. */
export interface Given {
  /** The long name, without dashes. */
  readonly name: string;
  /** As notes call it: `--rm`, `-v data:/data`. */
  readonly what: string;
  /** The value as a template. */
  readonly template: string;
  /** The value itself; `null` where the shell fills something in. */
  readonly value: string | null;
  /** The value with variables as written. */
  readonly shown: string;
  /** A part of the value, from a character to another, as a template. */
  part(from: number, to: number): string;
}

/** What a flag is carried into. */
export interface Carrying {
  readonly service: ServiceDraft;
  readonly project: ProjectDraft;
  readonly notes: Notes;
  /** The service of another command of the text, by the name that it gives its container. */
  readonly serviceOf: (container: string) => string | null;
  /** Whether a command of the text makes this network. */
  readonly makesNetwork: (name: string) => boolean;
  /** The mode of the network where it is no network of its own: `host`, `none`, `container:x`. */
  readonly mode: string | null;
}

/** The flags of a command in their order; values of a list that commas part (Podman's) are one each. */
export function givenOf({ command, model }: RunContainer, notes: Notes): readonly Given[] {
  return command.parsed.options.flatMap(option => {
    const { flag, value, shown, valueStart } = option;
    const word = command.words[option.valueWord]!;
    const whole = what(option);
    if (flag.kind === 'switch') {
      const template = literalTemplate(shown);
      return [{ name: flag.name, what: option.written, template, value, shown, part: () => template }];
    }
    const given = (from: number, text: string | null, seen: string): Given => ({
      name: flag.name,
      what: whole,
      get template() {
        return templateOf(word, from, from + seen.length, model.text, whole, notes);
      },
      value: text,
      shown: seen,
      part: (start, end) => templateOf(word, from + start, from + end, model.text, whole, notes),
    });
    if (!flag.splits || value === null || !value.includes(',')) return [given(valueStart, value, shown)];
    let at = valueStart;
    return value.split(',').map(text => {
      const from = at;
      at += text.length + 1;
      return given(from, text, text);
    });
  });
}

/** A flag as notes call it: with its value where that is short, of a variable its name alone. */
function what({ flag, written, shown }: GivenOption): string {
  if (flag.kind === 'switch') return written;
  const name = flag.name === 'env' || flag.name === 'label' ? shown.split('=', 1)[0]! : shown;
  return `${written} ${name.length > 60 ? `${name.slice(0, 57)}...` : name}`;
}
