import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { createGate, createLineTable, needsLookup, pinnedFile, planPins, refusalTexts } from '../../../shared/src/index';
import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import { type Answer, answerOf, failed, fitting, quote } from './answer';
import { diffOf } from './diff';
import { textAgain } from './input';
import { openOne } from './open-one';
import type { AgentHost } from './port';
import type { ToolArguments } from './read-arguments';

const bytes = { images: 22_000, diff: 14_000 };

/** `pin_container_images`. */
export async function pin(args: ToolArguments, host: AgentHost, cancellation: Cancellation): Promise<Answer> {
  if (host.noNetwork !== null) return failed(host.noNetwork);
  const file = await openOne(args, host, cancellation);
  if ('isError' in file) return file;
  const { opened, leavesPin } = file;
  const { text } = opened.file;
  const asked = opened.images().filter(place => needsLookup(place) && !leavesPin(place));
  const answers = await host.lookUp([...new Set(asked.map(({ reference }) => reference))], cancellation);
  const plan = planPins(pinnedFile(host.engine, opened), { lookup: reference => answers.get(reference), suppressed: leavesPin });
  const changed = plan.edits.length > 0;
  const written = args['write'] === true && changed;
  const problem = written ? await host.apply(file, plan, cancellation) : null;
  if (problem !== null) return failed(masked`${quote(trusted(file.path))}: not written: ${problem}`);
  const gate = createGate({ text, findings: [] });
  const lines = createLineTable(text);
  const images = fitting(
    plan.items.map(({ place, state, lookup, refused, failure }) => {
      const { line, character } = lines.position(place.range.start);
      const reason: MaskedText | null = refused ? trusted(refusalTexts[refused]) : failure && quote(gate.mask(failure.message));
      return {
        image: quote(gate.mask(place.reference)),
        line: line + 1,
        column: character + 1,
        state,
        digest: lookup && trusted(lookup.digest),
        reasonId: refused ?? failure?.kind ?? null,
        reason,
      };
    }),
    bytes.images,
  );
  const mayWrite = changed && !written && textAgain(args) === null && host.noWriting === null;
  return answerOf({
    path: quote(trusted(file.path)),
    changed,
    written,
    images: images.shown,
    omitted: images.omitted,
    ...diffOf(file.path, opened, plan.edits, gate, bytes.diff),
    next: mayWrite
      ? {
          tool: plain('pin_container_images'),
          arguments: { path: quote(trusted(file.path)), write: true },
          why: plain('writes these digests to the file'),
        }
      : null,
  });
}
