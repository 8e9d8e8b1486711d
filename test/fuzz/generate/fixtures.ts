import { readFileSync, readdirSync } from 'node:fs';
import { rules } from '../../../shared/src/families/generated/index';
import { planted } from '../../support/planted';
import { root, ruleFile } from '../../../tools/rules/files';
import { fileText, parsePage } from '../../../tools/rules/page';
import { corpusFiles } from '../../../tools/corpus-folder';
import { oddFiles } from '../../support/odd-spellings';

/** A file to begin with. */
export interface Fixture {
  readonly path: string;
  readonly text: string;
}

/** Every file that the rule pages, the table of odd spellings and the examples hold, and those with credentials in every place. */
export function ownFixtures(): readonly Fixture[] {
  const pages = rules.flatMap(rule =>
    parsePage(readFileSync(ruleFile(rule.id, '.md'), 'utf8')).cases.flatMap(({ blocks }) =>
      blocks.map(block => ({
        path: block.setup.file ?? (rule.family === 'dockerfile' ? 'Dockerfile' : 'manifest.yaml'),
        text: fileText(block),
      })),
    ),
  );
  const examples = readdirSync(`${root}examples`, { recursive: true, encoding: 'utf8' })
    .filter(path => /(Dockerfile|\.yaml)$/.test(path))
    .map(path => ({ path, text: readFileSync(`${root}examples/${path}`, 'utf8') }));
  const secrets = planted.map(({ path, text }) => ({ path, text }));
  return [...pages, ...oddFiles, ...examples, ...secrets];
}

/** Files of the corpus that are short enough to be changed by the thousand; none on a plain clone. */
export function corpusFixtures(): readonly Fixture[] {
  return [...corpusFiles('dockerfile'), ...corpusFiles('kubernetes'), ...corpusFiles('compose')].filter(({ text }) => text.length < 6000);
}
