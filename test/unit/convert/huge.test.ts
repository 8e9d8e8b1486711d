import { describe, expect, test } from 'vitest';
import { toKubernetes } from '../../../shared/src/services/convert/manifest/to-kubernetes';
import { readCommands } from '../../../shared/src/services/convert/read-commands';
import { toCompose } from '../../../shared/src/services/convert/to-compose';
import { composeOf } from '../../../shared/src/families/compose/model/project';
import { memberAt } from '../../../shared/src/families/compose/model/value';
import { createNotes } from '../../../shared/src/base/terms/notes';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { expectLinear } from '../../support/growth';

// What harden costs is measured elsewhere: here it is the way to the text that is hardened.

/** A command as a Compose file, and that as manifests. */
function convert(command: string): void {
  const read = readCommands(command);
  if (!read.ok) return;
  const { text, services } = toCompose(read);
  const project = composeOf(parseDocument(text), 'compose.yaml', { templated: false, fragment: false }).project.canonical!;
  const service = memberAt(project, 'services', services[0]!);
  if (service?.kind === 'map') toKubernetes([{ name: services[0]!, service, project, once: false }], createNotes());
}

describe('huge commands', () => {
  test.each([
    '-e A#=b',
    '-e A#=$B#',
    '-e A#=$(c#)',
    '-v a#:/b#',
    '-v ./a#:/b#:ro',
    '--mount type=bind,src=/a#,dst=/b#,readonly',
    '--tmpfs /a#',
    '-p 127.0.0.1::#',
    '--label a#=b',
    '--network a#',
    '--add-host a#:1.2.3.4',
    '\\\n-e A#=b',
    '\n-e A#=b',
    '\\ # x\n-e A#=b',
    '-e A=<a#>',
  ])('%j many times', option => {
    const make = (count: number): string =>
      `docker run ${Array.from({ length: count }, (_, i) => option.replaceAll('#', String(i))).join(' ')} nginx`;
    expectLinear(option, make, convert, 2000);
  });

  test.each(['"', "'", '$(', '${', '`', '\\', '<', '\\\n', '#', '^\n', '\u2013', '- ', '{{'])('%j in a row', text => {
    expectLinear(text, count => `docker run -d ${text.repeat(count)} nginx`, convert, 20_000);
  });

  test('are refused beyond a size', () => {
    expect(readCommands('docker run nginx\n'.repeat(51))).toMatchObject({
      ok: false,
      message: 'The text holds 51 commands; 50 at once can be converted',
    });
    expect(readCommands(' '.repeat(200_001))).toMatchObject({
      ok: false,
      message: 'The text is too long for a command: it has 200001 characters',
    });
  });
});
