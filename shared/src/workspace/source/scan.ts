import { ofLastText } from '../../base/text/last-text';
import { blockHeader, parentIndent } from '../../syntax/yaml/mask';

const isBlank = (code: number): boolean => code === 32 || code === 9;

/**
 * Whether a text has template actions (`{{ }}`, `{% %}`) that shape it: they stand where a key or a value begins, outside comments, block
 * scalars and quoted scalars. Others (`"{{inputs.parameters.tag}}"` of an Argo workflow, an alert's text) leave plain, whole YAML.
 */
export const hasShapingActions = ofLastText((text: string): boolean => {
  if (!text.includes('{{') && !text.includes('{%')) return false;
  let block = -1;
  for (let at = 0; at < text.length;) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const line = text.slice(at, end);
    at = end + 1;
    const content = line.trimStart();
    if (content === '' || content === '\r') continue;
    const indent = line.length - content.length;
    if (block >= 0 && indent > block) continue;
    block = -1;
    if (content.startsWith('#')) continue;
    if ((line.includes('{{') || line.includes('{%')) && isShapedLine(line)) return true;
    if (blockHeader.test(line)) block = parentIndent(line);
  }
  return false;
});

function isShapedLine(line: string): boolean {
  let before = ' ';
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '#' && isBlank(line.charCodeAt(at - 1))) return false;
    if (char === '{' && (line.charAt(at + 1) === '{' || line.charAt(at + 1) === '%')) {
      // In the middle of a plain scalar an action is text; in a key it shapes the map.
      return ' :-[{,'.includes(before) || line.indexOf(': ', Math.max(line.indexOf('}}', at), at)) > 0;
    }
    if ((char === '"' || char === "'") && ' :-[{,'.includes(before)) {
      for (at++; at < line.length && line.charAt(at) !== char; at++) if (char === '"' && line.charAt(at) === '\\') at++;
      // The scalar goes on in the next line, where nothing can be told any more: what is open stays quoted.
      if (at >= line.length) return false;
    }
    if (!isBlank(char.charCodeAt(0))) before = char;
  }
  return false;
}

/** Whether a text reads like a Dockerfile: its first instruction, `ARG` left out, is a well-formed `FROM`. */
export function looksLikeDockerfile(text: string): boolean {
  const escape = /^#[ \t]*escape[ \t]*=[ \t]*`[ \t]*\r?$/im.test(text.slice(0, 500)) ? '`' : '\\';
  let instruction = '';
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length;) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(at, Math.min(end, at + 2000)).trim();
    at = end + 1;
    if (line === '' || line.startsWith('#')) continue;
    const goesOn = line.endsWith(escape);
    instruction += goesOn ? `${line.slice(0, -1)} ` : line;
    if (goesOn && at < text.length && instruction.length < 2000) continue;
    if (!/^arg\s/i.test(instruction))
      return /^from\s+(?:--platform=\S+\s+)?["']?[\w$./:@{}+-]+["']?(?:\s+as\s+[\w.-]+)?$/i.test(instruction.trim());
    instruction = '';
  }
  return false;
}
