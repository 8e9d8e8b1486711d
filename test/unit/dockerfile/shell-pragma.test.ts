import { expect, test } from 'vitest';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import { shellAt } from '../../../shared/src/families/dockerfile/model/scripts';

test.each([
  ['none', 'FROM a\nRUN b', 'sh posix'],
  ['in the stage', 'FROM a\n# hadolint shell=pwsh\nRUN b', 'pwsh powershell'],
  ['with a comment', 'FROM a\n#hadolint shell = /bin/bash # as the base says\nRUN b', 'bash posix'],
  ['above all', '# hadolint shell=powershell\nFROM a\nFROM b\nRUN c', 'powershell powershell'],
  ['in an earlier stage', 'FROM a\n# hadolint shell=pwsh\nFROM b\nRUN c', 'sh posix'],
  ['SHELL behind it wins', 'FROM a\n# hadolint shell=pwsh\nSHELL ["/bin/bash", "-c"]\nRUN b', 'bash posix'],
  ['and before it loses', 'FROM a\nSHELL ["/bin/bash", "-c"]\n# hadolint shell=pwsh\nRUN b', 'pwsh powershell'],
  ['too late', 'FROM a\nRUN b\n# hadolint shell=pwsh', 'sh posix'],
  ['two words are none', 'FROM a\n# hadolint shell=pwsh core\nRUN b', 'sh posix'],
])('the shell that a comment promises: %s', (_, text, expected) => {
  const run = parseDockerfile(text).instructions.find(instruction => instruction.keyword === 'RUN')!;
  const { name, dialect } = shellAt(run);
  expect(`${name} ${dialect}`).toBe(expected);
});
