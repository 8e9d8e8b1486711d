import { literalText, stringText } from './fix/render/scalar-text';

/** A value to be written; members of maps that are `undefined` do not exist. */
export type WrittenYaml = string | number | boolean | null | readonly WrittenYaml[] | WrittenMap;

/** A map to be written. */
export interface WrittenMap {
  readonly [key: string]: WrittenYaml | undefined;
}

const isMap = (value: WrittenYaml): value is WrittenMap => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members of a map that exist. */
function membersOf(map: WrittenMap): readonly (readonly [string, WrittenYaml])[] {
  return Object.entries(map).flatMap(([name, member]) => (member === undefined ? [] : [[name, member] as const]));
}

/** A string on one line, plain where every decoder takes it for that string. */
function yamlString(text: string): string {
  return stringText(text, 'plain', 'double', false);
}

function scalar(value: string | number | boolean | null): string {
  return typeof value === 'string' ? yamlString(value) : literalText(value);
}

/** Whether a value is written behind its key, on the same line. */
function isInline(value: WrittenYaml): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}

function lines(value: WrittenYaml, indent: string): string[] {
  if (isInline(value)) return [`${indent}${scalar(value)}`];
  if (isMap(value)) {
    return membersOf(value).flatMap(([name, member]) => {
      const key = `${indent}${yamlString(name)}:`;
      // a key alone is how people write a variable that is passed on
      if (member === null) return [key];
      if (isInline(member)) return [`${key} ${scalar(member)}`];
      const inner = lines(member, `${indent}  `);
      return inner.length === 0 ? [`${key} ${isMap(member) ? '{}' : '[]'}`] : [key, ...inner];
    });
  }
  return value.flatMap(item => {
    const inner = lines(item, `${indent}  `);
    if (inner.length === 0) return [`${indent}- ${isMap(item) ? '{}' : '[]'}`];
    return [`${indent}- ${inner[0]!.slice(indent.length + 2)}`, ...inner.slice(1)];
  });
}

/**
 * A new document in block style, two blanks to a level, items of a list below their key's own column: as the documentation of Compose and
 * Kubernetes writes them. Ends with a line break.
 */
export function writeYaml(value: WrittenMap): string {
  return `${lines(value, '').join('\n')}\n`;
}

/** Lines of comment out of texts, each on its own line whatever is in it; ends with a line break. Empty for no text. */
export function yamlComment(texts: readonly string[]): string {
  return texts.map(text => `# ${text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')}`.trimEnd() + '\n').join('');
}
