import { folderOf } from './paths';
import type { ValuesFact, WorkspaceIndex } from './types';

/** More folders above a file are not looked at. */
const deepest = 20;

/** The folders that a file is in, from the nearest up; `''` is the root. */
export function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = path; at !== '' && folders.length < deepest;) folders.push((at = folderOf(at)));
  return folders;
}

/** The folder of the chart that a template belongs to; `null`: it lies in no folder `templates`. */
function chartOf(template: string): string | null {
  const at = `/${template}`.lastIndexOf('/templates/');
  return at < 0 ? null : template.slice(0, Math.max(at - 1, 0));
}

/** Whether a file is one of the chart's own, not of a chart within it. */
const isOwn = (folder: string, { path }: ValuesFact): boolean =>
  !path.slice(folder.length).includes('/charts/') && !(folder === '' && path.startsWith('charts/'));

/** The `values.yaml` of the chart that a template belongs to. */
export function mainValues(filesIn: (folder: string) => readonly ValuesFact[], template: string): ValuesFact | undefined {
  const folder = chartOf(template);
  return folder === null
    ? undefined
    : filesIn(folder).find(({ path }) => path === (folder === '' ? 'values.yaml' : `${folder}/values.yaml`));
}

/** What changes nothing of a text but its quotes and blanks. */
const plainFilters = new Set(['quote', 'squote', 'toString', 'trim']);

/** A text of a template (a path in the index) with what its chart's values say; the text itself where anything else decides what becomes of it. */
export function filledIn(text: string, template: string, { textOfValue }: Pick<WorkspaceIndex, 'textOfValue'>): string {
  let isKnown = true;
  const filled = text.replace(/\{\{([^{}]{0,200})\}\}/g, (action, body: string) => {
    const [value = '', ...filters] = body.split('|').map(word => word.replace(/^-|-$/g, '').trim());
    const preset =
      filters
        .find(filter => filter.startsWith('default '))
        ?.slice('default '.length)
        .trim() ?? '';
    const others = filters.filter(filter => !filter.startsWith('default ') && !plainFilters.has(filter));
    const known =
      /^\.Values(?:\.\w{1,60}){1,10}$/.test(value) && others.length === 0 ? textOfValue(template, value.slice('.Values.'.length)) : null;
    const word = known === null || known !== '' ? known : (/^"([^"\\]*)"$/.exec(preset)?.[1] ?? null);
    isKnown &&= word !== null;
    return word ?? action;
  });
  return isKnown && !filled.endsWith(':') && !filled.includes('{{') ? filled : text;
}

/**
 * Whether one of a chart's files of values sets a value (with `text`: to that), and whether one leaves it unset (sets it to something else);
 * charts around it may set it under its name. What a file other than `values.yaml` does not say, it leaves as that has it.
 */
export function chartValue(
  filesIn: (folder: string) => readonly ValuesFact[],
  template: string,
  value: string,
  text?: string,
): { readonly on: boolean; readonly off: boolean } | null {
  let folder = chartOf(template);
  const main = mainValues(filesIn, template);
  if (!main) return null;
  let on = false;
  let off = text === undefined ? !main.on.includes(value) : main.texts[value] !== text;
  for (let name = value, level = 0; folder !== null && level < deepest; level++) {
    for (const fact of filesIn(folder)) {
      if (!isOwn(folder, fact)) continue;
      const isSet = fact.on.includes(name);
      const isUnset = fact.off.includes(name);
      const known = isSet || isUnset ? fact.texts[name] : undefined;
      // filled in later, it may become anything
      const isOpen = isSet && isUnset;
      on ||= text === undefined ? isSet : known === text || isOpen;
      off ||= text === undefined ? isUnset : (isSet || isUnset) && (known !== text || isOpen);
    }
    const inner: RegExpExecArray | null = /^(?:(.*)\/)?charts\/([^/]+)$/.exec(folder);
    folder = inner ? (inner[1] ?? '') : null;
    if (inner && !name.startsWith('global.')) name = `${inner[2]}.${name}`;
  }
  return { on, off };
}
