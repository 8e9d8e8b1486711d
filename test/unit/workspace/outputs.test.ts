import { expect, test } from 'vitest';
import { outputFacts } from '../../../shared/src/workspace/outputs';

const outputs = (text: string, path = 'gen.sh'): readonly string[] => outputFacts(text, path).map(({ files }) => files.join(' '));

test.each<[string, string, string[]]>([
  ['helm template x > deploy/x.yaml', 'gen.sh', ['deploy/x.yaml']],
  ['kustomize build x >"./deploy/x.yml"; echo', 'gen.sh', ['deploy/x.yml']],
  ['cat a b > Dockerfile', 'images/gen.sh', ['images/Dockerfile Dockerfile']],
  ['helm template . > ../../deploy/x.yaml', 'charts/x/Makefile', ['deploy/x.yaml']],
  ['cd charts/x && helm template . > ../../deploy/x.yaml', 'Makefile', ['deploy/x.yaml']],
  ['echo a >> deploy/x.yaml', 'gen.sh', []],
  ['kubectl apply -f - < deploy/x.yaml', 'gen.sh', []],
  ['kubectl get 2> x.yaml', 'gen.sh', []],
  ['envsubst < a.tmpl > $DIR/x.yaml', 'gen.sh', []],
  ['envsubst < a.tmpl > /tmp/x.yaml', 'gen.sh', []],
  ['[ 1 -gt 0 ] => x.yaml', 'gen.sh', []],
])('%s in %s writes %j', (text, path, expected) => {
  expect(outputs(text, path)).toEqual(expected);
});

test('says where it stands in its file', () => {
  const [fact] = outputFacts('echo\nyes > a.yaml\n', 'a.sh', { base: 10, folders: [''] });
  expect(fact?.range).toEqual({ start: 18, end: 27 });
});
