import { replaceText } from '../../../rule/fix/operations';
import { markOf } from '../../../rule/fix/places';
import type { Proposal } from '../../../rule/fix/remedy';
import { type MappedText, sourceRange } from '../../../syntax/shell/mapped-text';
import { range } from '../../../base/text/range';

const outFile = /-OutFile[ \t]{1,9}('[^'"$]{1,200}'|[^\s;'"|{}()$`]{1,200})/gi;
const requests = /\b(?:Invoke-WebRequest|iwr|DownloadFile|Start-BitsTransfer|curl(?:\.exe)?|wget)\b/gi;

/** The most places that a fix can have. */
const mostPlaces = 9;

/**
 * Compares each file that a PowerShell script downloads with a digest, which a person enters, right behind the statement; `null` where one of the
 * downloads does not say where it goes, or is no statement of its own.
 */
export function checkFiles(script: MappedText): Proposal | null {
  const { text } = script;
  const files = [...text.matchAll(outFile)].map(match => {
    const from = match.index + match[0].length;
    const end = /^[^;|{}"'()]{0,200}/.exec(text.slice(from, from + 200))![0].length + from;
    return { name: match[1]!, end: text[end] === ';' ? end + 1 : -1 };
  });
  if (files.length === 0 || files.length > mostPlaces || files.length !== [...text.matchAll(requests)].length) return null;
  if (files.some(({ end }) => end < 0)) return null;
  return {
    places: files.map(() => ({ text: '', sample: '0'.repeat(64) })),
    operations: () =>
      files.map(({ name, end }, i) =>
        replaceText(
          range(sourceRange(script, end - 1, end).end),
          ` if ((Get-FileHash ${name} -Algorithm SHA256).Hash -ne '${markOf(i + 1)}') { throw 'checksum' };`,
        ),
      ),
  };
}
