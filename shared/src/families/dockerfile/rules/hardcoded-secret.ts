import { clientPasswords, findAssignedSecrets, findSecrets, isSecretName } from '../../../knowledge/secrets/detect';
import type { DockerfileModel, Instruction, KeyValue } from '../model/types';
import { overlaps, range, type Range } from '../../../base/text/range';
import { firstIndex } from '../../../base/text/search';
import { masks, defineRule, noFix, weighs } from '../../../rule/define-rule';

/** The pair of ENV or ARG around a place whose name says that it is a secret: the other rule about secrets names it. */
function namedPair(model: DockerfileModel, place: Range): KeyValue | undefined {
  const { instructions } = model;
  const outer = instructions[firstIndex(instructions.length, i => instructions[i]!.range.start > place.start) - 1];
  const holder = outer?.trigger ?? outer;
  const pairs = holder?.keyword === 'ENV' || holder?.keyword === 'ARG' ? holder.pairs : [];
  return pairs.find(p => p.range.start <= place.start && place.end <= p.range.end && isSecretName(p.name));
}

/** Instructions with free text in which settings may be written; ENV and ARG are looked at by their names elsewhere. */
function hasSettings({ keyword, heredocs }: Instruction): boolean {
  return keyword === 'COPY' || keyword === 'ADD'
    ? heredocs.length > 0
    : !['FROM', 'ENV', 'ARG', 'EXPOSE', 'USER', 'WORKDIR'].includes(keyword);
}

export const rule = defineRule({
  id: 'dockerfile/hardcoded-secret',
  title: 'Credential hardcoded in the file',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  supersedes: ['dockerfile/secret-in-arg-or-env'],
  references: { cisDocker: ['4.10'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.001'], cwe: ['CWE-798', 'CWE-540'] },
  peers: { kics: ['Passwords And Secrets'], tally: ['tally/secrets-in-code'] },
  messages: {
    shaped: { text: 'The file contains what looks like a secret: {kind}' },
    named: { text: '"{name}" is set to a secret written in the file' },
  },
  on: {
    file(model, report) {
      const { text } = model;
      const shaped = findSecrets(text);
      const replaced = noFix('manual', 'the secret must be replaced');
      for (const { title, guessable = false, range: place } of shaped)
        report(namedPair(model, place)?.range ?? place, 'shaped', { kind: title }, masks(place), guessable && weighs('warning'), replaced);
      for (const instruction of model.instructions) {
        const { start, end } = instruction.range;
        const { keyword } = instruction.trigger ?? instruction;
        if (!hasSettings(instruction.trigger ?? instruction)) continue;
        for (const { name, range: own } of findAssignedSecrets(text.slice(start, end))) {
          // with a word for a key a build step signs what is thrown away: `SECRET_KEY=build-key manage.py collectstatic`
          if (
            keyword === 'RUN' &&
            /secret|_key$/i.test(name) &&
            /^[A-Za-z]+(?:[-_][A-Za-z]+)*$/.test(text.slice(start + own.start, start + own.end))
          )
            continue;
          const place = range(start + own.start, start + own.end);
          if (clientPasswords.has(name) || shaped.some(s => overlaps(s.range, place))) continue;
          report(place, 'named', { name }, masks(place), replaced);
        }
      }
    },
  },
});
