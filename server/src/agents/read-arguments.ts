import { suggest } from '../../../shared/src/early';
import type { Tool } from './tools';

/** The arguments of a call, checked against the schema of the tool; what is absent is absent. */
export type ToolArguments = Readonly<Record<string, string | boolean | readonly string[]>>;

/** A longer text is not checked in any case. */
const maxText = 1 << 23;

/** Reads the arguments of a call; a string says what is wrong with them, for the caller. */
export function readArguments({ name, inputSchema }: Tool, given: unknown): ToolArguments | string {
  const { properties, required = [] } = inputSchema;
  const known = Object.keys(properties);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return `the arguments of ${name} must be an object`;
  for (const [key, value] of Object.entries(given)) {
    const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (!schema) {
      const near = suggest(key, known);
      return `unknown argument "${key}"${near === null ? '' : `, did you mean ${near}?`}; ${name} takes ${known.join(', ')}`;
    }
    if (schema.type === 'array') {
      if (!Array.isArray(value) || value.some(item => typeof item !== 'string')) return `${key} must be a list of strings`;
    } else if (typeof value !== schema.type) return `${key} must be a ${schema.type}`;
    else if (schema.enum && !schema.enum.includes(value as string)) return `${key} must be one of ${schema.enum.join(', ')}`;
    else if (typeof value === 'string' && value.length > maxText) return `${key} is over ${maxText} characters`;
  }
  const args = given as ToolArguments;
  const missing = required.find(key => args[key] === undefined);
  if (missing !== undefined) return `${name} needs ${missing}`;
  if (known.includes('text')) {
    const named = known.includes('paths') ? 'paths' : 'path';
    if ((args['text'] === undefined) === (args[named] === undefined)) return `${name} needs either ${named}, or text and filename`;
    if ((args['text'] === undefined) !== (args['filename'] === undefined)) return 'text needs filename, and filename text';
    if (args['paths'] !== undefined && (args['paths'] as readonly string[]).length === 0)
      return 'paths is empty; name at least one file or folder';
  }
  return args;
}
