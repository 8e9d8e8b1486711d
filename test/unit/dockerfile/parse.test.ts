import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import type { Instruction } from '../../../shared/src/families/dockerfile/model/types';

function at(
  text: string,
  index: number,
): { instruction: Instruction; cut: (place: { start: number; end: number } | null) => string | null } {
  return {
    instruction: parseDockerfile(text).instructions[index]!,
    cut: place => (place === null ? null : text.slice(place.start, place.end)),
  };
}

describe('lines', () => {
  const keywords: [string, string, string[]][] = [
    ['empty', '', []],
    ['comments and blank lines', '# a\n\n  \t\nFROM a\n  # b\nRUN x', ['FROM', 'RUN']],
    ['lower case and indentation', '  from a\n\trun x', ['FROM', 'RUN']],
    ['continuation', 'FROM a\nRUN x \\\n  y\nCMD z', ['FROM', 'RUN', 'CMD']],
    ['blanks behind the mark', 'FROM a\nRUN x \\  \t\n  y\nCMD z', ['FROM', 'RUN', 'CMD']],
    ['a doubled mark does not continue', 'FROM a\nRUN x \\\\\nCMD z', ['FROM', 'RUN', 'CMD']],
    ['a mark alone', 'FROM a\nRUN x \\\n\\\n y\nCMD z', ['FROM', 'RUN', 'CMD']],
    ['comments and blank lines within', 'FROM a\nRUN x && \\\n# c\n\n  # d\n  y\nCMD z', ['FROM', 'RUN', 'CMD']],
    ['CRLF', 'FROM a\r\nRUN x \\\r\n y\r\n', ['FROM', 'RUN']],
    ['byte order mark', '\uFEFFFROM a', ['FROM']],
    ['the escape directive', '# escape=`\nFROM a\nRUN x `\n y \\\nCMD z', ['FROM', 'RUN', 'CMD']],
    ['a directive behind a comment is none', '# c\n# escape=`\nFROM a\nRUN x `\nCMD z', ['FROM', 'RUN', 'CMD']],
    ['heredoc', 'FROM a\nRUN <<EOF\nCMD x\nEOF\nCMD z', ['FROM', 'RUN', 'CMD']],
    ['heredoc with tabs', 'FROM a\nRUN <<-EOF\n\tCMD x\n\tEOF\nCMD z', ['FROM', 'RUN', 'CMD']],
    ['several heredocs', 'FROM a\nCOPY <<A <<"B" /x/\n1\nA\n2\nB\nCMD z', ['FROM', 'COPY', 'CMD']],
    ['heredoc under ONBUILD', 'FROM a\nONBUILD RUN <<E\nx\nE\nCMD z', ['FROM', 'ONBUILD', 'CMD']],
    ['no heredoc in CMD', 'FROM a\nCMD <<E\nRUN x', ['FROM', 'CMD', 'RUN']],
    ['no heredoc in exec form', 'FROM a\nRUN ["cat", "<<E"]\nCMD z', ['FROM', 'RUN', 'CMD']],
    ['no heredoc behind an open quote', "FROM a\nRUN echo it's <<E\nCMD z", ['FROM', 'RUN', 'CMD']],
    ['no heredoc in a here-string', 'FROM a\nRUN cat <<<x\nCMD z', ['FROM', 'RUN', 'CMD']],
    ['unterminated heredoc', 'FROM a\nRUN <<E\nCMD z', ['FROM', 'RUN']],
    ['comment behind a heredoc', 'FROM a\nRUN <<E\nx\nE\n# c\nCMD z', ['FROM', 'RUN', 'CMD']],
  ];
  it.each(keywords)('%s', (_, text, expected) => {
    expect(parseDockerfile(text).instructions.map(instruction => instruction.keyword)).toEqual(expected);
  });

  it('maps every part of a continued instruction to the file', () => {
    const text = 'FROM a\nCOPY --chown=me \\\n  # why\n  --from="x y" src/\\\ndir "$X" \\\n  /dest\n';
    const { instruction, cut } = at(text, 1);
    expect(instruction.flags.map(flag => [flag.name, flag.value, cut(flag.range), cut(flag.nameRange), cut(flag.valueRange)])).toEqual([
      ['chown', 'me', '--chown=me', 'chown', 'me'],
      ['from', 'x y', '--from="x y"', 'from', '"x y"'],
    ]);
    expect(instruction.words.map(word => [word.text, word.raw, cut(word.range)])).toEqual([
      ['src/dir', 'src/dir', 'src/\\\ndir'],
      ['$X', '"$X"', '"$X"'],
      ['/dest', '/dest', '/dest'],
    ]);
    expect(instruction.words[1]!.variables.map(variable => [variable.name, cut(variable.range)])).toEqual([['X', '$X']]);
    expect(cut(instruction.range)).toBe(text.slice(7, -1));
    expect(cut(instruction.argumentsRange)).toBe('src/\\\ndir "$X" \\\n  /dest');
    expect(instruction.continuations.map(cut)).toEqual(['\\\n', '\\\n', '\\\n']);
    expect(parseDockerfile(text).comments.map(comment => [comment.text, cut(comment.range)])).toEqual([['why', '# why']]);
  });

  it('reads heredocs with their bodies', () => {
    const text = 'FROM a\r\nCOPY <<-"A b" 3<<C /x/\r\n\tone\r\n\tA b\r\ntwo\r\nC\r\nCMD z';
    const { instruction, cut } = at(text, 1);
    expect(instruction.heredocs.map(h => [h.name, h.descriptor, h.expand, h.stripTabs, h.content, cut(h.range), cut(h.bodyRange)])).toEqual(
      [
        ['A b', 0, false, true, '\tone\r\n', '<<-"A b"', '\tone\r\n'],
        ['C', 3, true, false, 'two\r\n', '3<<C', 'two\r\n'],
      ],
    );
    expect(cut(instruction.range)).toBe('COPY <<-"A b" 3<<C /x/\r\n\tone\r\n\tA b\r\ntwo\r\nC');
  });

  it('reads directives', () => {
    const text = '#syntax = docker/dockerfile:1 \n# ESCAPE=`\n# check=skip=all\n# note\nFROM a';
    const model = parseDockerfile(text);
    expect(model.directives.map(d => [d.name, d.value, text.slice(d.valueRange.start, d.valueRange.end)])).toEqual([
      ['syntax', 'docker/dockerfile:1', 'docker/dockerfile:1'],
      ['escape', '`', '`'],
      ['check', 'skip=all', 'skip=all'],
    ]);
    expect(model.comments.map(comment => comment.text)).toEqual(['note']);
  });
});

describe('arguments', () => {
  const json: [string, string, (string | null)[] | null][] = [
    ['CMD', 'CMD ["a", "b \\"c\\"", "\\u0041"]', ['"a"', '"b \\"c\\""', '"\\u0041"']],
    ['CMD with blanks', 'CMD [ "a" , "b" ]', ['"a"', '"b"']],
    ['an empty array', 'CMD []', []],
    ['a comment behind', 'CMD ["a"] # no', null],
    ['single quotes', "CMD ['a']", null],
    ['HEALTHCHECK', 'HEALTHCHECK --interval=1s CMD ["a", "b"]', ['"a"', '"b"']],
    ['over lines', 'CMD ["a", \\\n  "b"]', ['"a"', '"b"']],
    ['with a heredoc mark', 'CMD ["cat", "<<EOF", "[,]", "\\\\"]', ['"cat"', '"<<EOF"', '"[,]"', '"\\\\"']],
    ['not of CMD', 'USER ["a"]', null],
  ];
  it.each(json)('exec form: %s', (_, text, expected) => {
    const { instruction, cut } = at(text, 0);
    expect(instruction.execForm?.map(word => cut(word.range)) ?? null).toEqual(expected);
    if (expected) expect(instruction.execForm!.map(word => word.text)).toEqual(expected.map(raw => JSON.parse(raw!) as string));
  });

  const pairs: [string, [string, string | null, string, boolean][]][] = [
    ['ENV A=1 B="two words" C=a\\ b D=\'x\'', [['A', '1', 'A=1', false], ['B', 'two words', 'B="two words"', false], ['C', 'a b', 'C=a\\ b', false], ['D', 'x', "D='x'", false]]], // prettier-ignore
    ['ENV key the "whole" rest', [['key', 'the whole rest', 'key the "whole" rest', true]]],
    ['ENV A=1 \\\n  # c\n  B=2', [['A', '1', 'A=1', false], ['B', '2', 'B=2', false]]], // prettier-ignore
    ['ARG A B=2 C=', [['A', null, 'A', false], ['B', '2', 'B=2', false], ['C', '', 'C=', false]]], // prettier-ignore
    ['LABEL "a.b"="c d"', [['a.b', 'c d', '"a.b"="c d"', false]]],
    ['ENV A=${B:-"x y"}', [['A', '${B:-"x y"}', 'A=${B:-"x y"}', false]]],
    ['ENV', []],
    ['ENV A', []],
  ];
  it.each(pairs)('%s', (text, expected) => {
    const { instruction, cut } = at(text, 0);
    expect(instruction.pairs.map(pair => [pair.name, pair.value?.text ?? null, cut(pair.range), pair.legacy])).toEqual(expected);
  });

  it('reads mounts', () => {
    const text = `FROM a\nRUN --mount=type=cache,dst=/root/.cache,ro --mount='type=secret,id=x,"target=/a,b"' true`;
    const { instruction, cut } = at(text, 1);
    expect(instruction.mounts.map(mount => [mount.type, mount.get('target'), mount.get('readonly'), mount.get('id')])).toEqual([
      ['cache', '/root/.cache', '', undefined],
      ['secret', '/a,b', undefined, 'x'],
    ]);
    expect(instruction.mounts[0]!.fields.map(field => cut(field.range))).toEqual(['type=cache', 'dst=/root/.cache', 'ro']);
    expect(cut(instruction.mounts[1]!.fields[2]!.valueRange)).toBe('/a,b');
  });

  it('shows what ONBUILD holds', () => {
    const text = 'FROM a\nONBUILD COPY --chown=x a b';
    const { instruction, cut } = at(text, 1);
    expect([instruction.trigger!.keyword, cut(instruction.trigger!.range), instruction.trigger!.flag('chown')?.value]).toEqual([
      'COPY',
      'COPY --chown=x a b',
      'x',
    ]);
    expect(instruction.trigger!.onbuildParent).toBe(instruction);
  });
});

describe('problems', () => {
  const cases: [string, [string, string][]][] = [
    ['FROM a', []],
    ['', [['no-instructions', '']]],
    ['# only a comment\n', [['no-instructions', '# only a comment\n']]],
    ['RUN x', [['no-stage', 'RUN']]],
    ['ARG A', [['no-stage', 'ARG']]],
    ['RUN x\nFROM a', [['before-from', 'RUN']]],
    ['FROM', [['from-arguments', 'FROM']]],
    ['FROM a b', [['from-arguments', 'a b']]],
    ['FROM a AS 1x', [['invalid-stage-name', '1x']]],
    ['FROM a\nRUNN x', [['unknown-instruction', 'RUNN']]],
    ['FROM a\nCOPY x', [['missing-destination', 'COPY']]],
    ['FROM a\nCOPY x <<E\ny\nE', [['heredoc-destination', '<<E']]],
    ['FROM a\nENV A', [['pair-without-value', 'A']]],
    ['FROM a\nENV A=1 B', [['pair-without-equals', 'B']]],
    ['FROM a\nENV =1', [['blank-name', '=1']]],
    ['FROM a\nUSER', [['missing-arguments', 'USER']]],
    ['FROM a\nCMD ["a", 1]', [['not-strings', '["a", 1]']]],
    ['FROM a\nCMD ["a"] # c', [['invalid-json-form', '["a"] # c']]],
    ["FROM a\nENTRYPOINT ['a']", [['invalid-json-form', "['a']"]]],
    ['FROM a\nRUN [ -f x ] && y', []],
    ['FROM a\nRUN [ "$x" = y ] || z', []],
    ['FROM a\nRUN [[ -f x ]]', []],
    ['FROM a\nSHELL bash', [['shell-not-json', 'bash']]],
    ['FROM a\nCOPY --chwon=x a b', [['unknown-flag', 'chwon']]],
    ['FROM a\nUSER --x y', [['flag-not-allowed', '--x']]],
    ['FROM a\nCOPY --link --link a b', [['repeated-flag', '--link']]],
    ['FROM a\nCOPY --from a b c', [['flag-without-value', '--from']]],
    ['FROM a\nCOPY --link=maybe a b', [['invalid-flag-value', 'maybe']]],
    ['FROM a\nHEALTHCHECK --interval=5 CMD x', [['invalid-flag-value', '5']]],
    ['FROM a\nHEALTHCHECK --interval=1m30s CMD x', []],
    ['FROM a\nHEALTHCHECK curl x', [['healthcheck-type', 'curl']]],
    ['FROM a\nHEALTHCHECK NONE x', [['healthcheck-arguments', 'x']]],
    ['FROM a\nHEALTHCHECK CMD', [['missing-arguments', 'CMD']]],
    ['FROM a\nONBUILD FROM x', [['onbuild-trigger', 'FROM']]],
    ['FROM a\nUSER ${x', [['bad-substitution', '${x']]],
    ['FROM a\nCOPY --from=$X a b', [['variable-in-from', '$X']]],
    ['FROM a\nSTOPSIGNAL SIGFOO', [['unknown-signal', 'SIGFOO']]],
    ['FROM a\nSTOPSIGNAL 0', [['unknown-signal', '0']]],
    ['FROM a\nSTOPSIGNAL', [['missing-arguments', 'STOPSIGNAL']]],
    ['FROM a\nARG S\nSTOPSIGNAL $S\nSTOPSIGNAL 9\nSTOPSIGNAL sigrtmin+3\nSTOPSIGNAL "TERM"', []],
    ['# escape=x\nFROM a', [['invalid-escape', 'x']]],
    ['# escape=`\n# escape=`\nFROM a', [['repeated-directive', '# escape=`']]],
    ['FROM a\nRUN <<E\nx', [['unterminated-heredoc', '<<E']]],
    ['FROM a\nRUN x \\\n\n y', [['empty-continuation', '']]],
  ];
  it.each(cases)('%j', (text, expected) => {
    expect(parseDockerfile(text).problems.map(problem => [problem.code, text.slice(problem.range.start, problem.range.end)])).toEqual(
      expected,
    );
  });

  it('suggests what was meant', () => {
    const suggestion = (text: string): unknown => parseDockerfile(text).problems[0]!.data['suggestion'];
    expect(['FROM a\nRUNN x', 'FROM a\nWORKDR x', 'FROM a\nFOOBAR x', 'FROM a\nCOPY --chwon=x a b'].map(suggestion)).toEqual([
      'RUN',
      'WORKDIR',
      '',
      'chown',
    ]);
  });
});
