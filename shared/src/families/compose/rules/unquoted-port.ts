import { defineRule } from '../../../rule/define-rule';
import { quoteValue } from '../../../syntax/yaml/operations';
import { placeOf } from '../model/places';
import { itemsOfValue } from '../model/value';

/** What YAML 1.1 reads as a number of base 60: `22:22` is 1342 there. */
const base60 = /^[1-9][0-9_]*(?::[0-5]?[0-9])+$/;

export const rule = defineRule({
  id: 'compose/unquoted-port',
  title: 'Unquoted port read as a base-60 number',
  severity: 'info',
  category: 'correctness',
  profile: 'recommended',
  references: { links: ['https://docs.docker.com/reference/compose-file/services/#ports'] },
  peers: { dclint: ['require-quotes-in-ports'] },
  messages: { number: { text: 'podman-compose and other tools that use YAML 1.1 read {port} as the number {value}' } },
  fixes: { quote: { title: 'Put {port} in quotes', class: 'safe' } },
  on: {
    container(service, report) {
      for (const item of ['ports', 'expose'].flatMap(key => itemsOfValue(service.at(key)))) {
        const { node } = item;
        if (node?.kind !== 'scalar' || node.style !== 'plain' || !base60.test(node.source) || service.isInherited(item)) continue;
        const path = placeOf(service.compose.document, node);
        const value = node.source
          .replaceAll('_', '')
          .split(':')
          .reduce((sum, part) => sum * 60 + Number(part), 0);
        const fix = path && report.fix('quote', () => [quoteValue(path, node.source)], { data: { port: node.source } });
        report(node.range, 'number', { port: node.source, value }, fix);
      }
    },
  },
});
