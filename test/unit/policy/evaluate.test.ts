import { Environment } from '@marcbachmann/cel-js';
import { describe, expect, it } from 'vitest';
import { blame } from '../../../shared/src/syntax/cel/blame';
import { createRun, evaluateCel } from '../../../shared/src/syntax/cel/evaluate';
import { parseCel } from '../../../shared/src/syntax/cel/parse';
import { CelError, type CelValue } from '../../../shared/src/syntax/cel/values';
import { searchJson } from '../../../shared/src/syntax/jmespath/evaluate';
import { JmesError, jsonText, NotFound, type Json } from '../../../shared/src/syntax/jmespath/values';
import { findMatch } from '../../../shared/src/syntax/regex/match';
import { parseRegex } from '../../../shared/src/syntax/regex/parse';
import { dataOf, NotKnown } from '../../../shared/src/syntax/yaml/data';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { expectLinear } from '../../support/growth';

const object = `
metadata: { name: web, labels: { app: web, tier: '' } }
spec:
  replicas: 3
  ratio: 1.5
  containers:
    - { name: a, image: 'ghcr.io/acme/a:1', securityContext: { privileged: false } }
    - { name: b, image: 'b:latest', ports: [{ containerPort: 80 }] }
  volumes: []
`;
const document = parseDocument(object);
const data = dataOf(document, document.root, [], { whole: true }) as CelValue;

/** What an expression comes to: its value, or what keeps it from one. */
function outcome(text: string): unknown {
  const tree = parseCel(text).tree!;
  try {
    const value = evaluateCel(tree, { get: name => (name === 'object' ? data : name === 'oldObject' ? null : undefined) }, createRun());
    return typeof value === 'bigint' ? Number(value) : value;
  } catch (error) {
    if (error instanceof NotKnown) return `not known: ${error.reason}`;
    if (error instanceof CelError) return 'error';
    throw error;
  }
}

describe('an expression of CEL', () => {
  const environment = new Environment({ enableOptionalTypes: true, unlistedVariablesAreDyn: true });
  const plain = JSON.parse(
    JSON.stringify({
      metadata: { name: 'web', labels: { app: 'web', tier: '' } },
      spec: {
        containers: [
          { name: 'a', image: 'ghcr.io/acme/a:1', securityContext: { privileged: false } },
          { name: 'b', image: 'b:latest' },
        ],
        volumes: [],
      },
    }),
  ) as unknown;

  it.each([
    'object.metadata.name == "web" && size(object.spec.containers) == 2',
    'object.spec.containers.all(c, c.image.contains(":"))',
    'object.spec.containers.exists(c, has(c.securityContext) && c.securityContext.privileged)',
    'object.spec.containers.exists_one(c, c.name == "a")',
    'object.spec.containers.filter(c, c.image.endsWith(":latest")).size() == 1',
    'object.spec.containers.map(c, c.name) == ["a", "b"]',
    '"app" in object.metadata.labels && !("x" in object.metadata.labels)',
    'has(object.spec.missing) || object.metadata.labels.tier == ""',
    'object.spec.missing.deeper == 1',
    'object.spec.missing == 1 || true',
    'false && object.spec.missing == 1',
    'object.metadata.name.matches("^[a-z]+$") ? "ok" : "no"',
    '1 + 2 * 3 - 4 % 3',
    '7 / 2',
    '1 / 0',
    '"a" + "b" < "b"',
    '[1, 2, 3].exists(i, i > 2)',
    'object.spec.containers[5].name == "a"',
  ])('comes to what cel-js makes of it: %s', text => {
    let theirs: unknown;
    try {
      theirs = environment.evaluate(text, { object: plain });
    } catch {
      theirs = 'error';
    }
    expect(outcome(text)).toEqual(typeof theirs === 'bigint' ? Number(theirs) : theirs);
  });

  it.each([
    ["quantity('1Gi').isGreaterThan(quantity('512Mi'))", true],
    ["quantity('1500m').compareTo(quantity('1.5'))", 0],
    ["isQuantity('1x')", false],
    ["url('https://example.com:8443/a?b=c').getPort()", '8443'],
    ["isURL('/a/b') && !isURL('a b')", true],
    ["cidr('10.0.0.0/8').containsIP('10.2.3.4')", true],
    ["isIP('::1') && ip('127.0.0.1').isLoopback()", true],
    ["ip.isCanonical('2001:DB8::1')", false],
    ["'registry.example.com/web:1'.find('[^:]+$')", '1'],
    ["['b', 'a'].sort() == ['a', 'b'] && [1, 2].sum() == 3", true],
    ['sets.contains([1, 2, 3], [2]) && sets.intersects([1], [1, 2])', true],
    ["'%s has %d'.format(['a', 3])", 'a has 3'],
    ["semver('1.2.3').isLessThan(semver('1.10.0'))", true],
    ["object.?spec.?none.orValue('x')", 'x'],
    // cel-go takes what is no optional value as it is
    ["object.metadata.name.orValue('x')", 'web'],
    ['object.spec.?replicas.optMap(r, r + 1).orValue(0)', 4],
    ['cel.bind(x, object.spec.replicas, x * 2)', 6],
    ['object.spec.ratio > 1 && object.spec.replicas < 3.5', true],
    ["r'\\d' == '\\\\d' && '\\u0041' == 'A'", true],
    ["duration('1h') > duration('59m')", true],
    ["authorizer.group('apps').check('get').allowed()", 'not known: allowed()'],
    ['lookup(object)', 'not known: lookup()'],
    ['oldObject == null', true],
    ['oldObject.spec', 'error'],
    ['newObject == null', 'not known: the name "newObject"'],
    ["'a'.matches('(')", 'error'],
  ])('knows what Kubernetes adds: %s', (text, expected) => {
    expect(outcome(text)).toEqual(expected);
  });

  it.each([
    ['object.spec.replicas <= 2', 'spec/replicas'],
    ['object.spec.containers.all(c, !c.image.endsWith(":latest"))', 'spec/containers/1/image'],
    ['object.spec.replicas > 1 && object.metadata.labels.app == "x"', 'metadata/labels/app'],
    ['has(object.metadata.labels.team)', 'metadata/labels/team'],
    ['!object.spec.containers.exists(c, c.name == "b")', 'spec/containers/1/name'],
    ['object.spec.containers.filter(c, !has(c.securityContext)).size() == 0', 'spec/containers/1/securityContext'],
    ['true == false', undefined],
  ])('is false by one field: %s', (text, place) => {
    const scope = { get: (name: string) => (name === 'object' ? data : undefined) };
    expect(blame(parseCel(text).tree!, scope, createRun(), () => null)?.path.join('/')).toBe(place);
  });

  it('is given up where it costs more than anybody wants', () => {
    const wide = Array.from({ length: 200 }, (_, i) => i).join(', ');
    const list = `[${wide}]`;
    expect(outcome(`${list}.all(a, ${list}.all(b, ${list}.all(c, a + b + c >= 0)))`)).toBe('not known: too much work for one check');
    expect(outcome(`${'!'.repeat(5000)}true`)).toBe('not known: an expression that is long or nests deep');
    expect(outcome(`${'1 + '.repeat(5000)}1`)).toBe('not known: an expression that is long or nests deep');
  });
});

describe('a regular expression of RE2', () => {
  it.each([
    ['^a+b?$', 'aaab'],
    ['(a|b)*c', 'xxababcx'],
    ['[^/]+:([a-z]\\w*)$', 'host/app:latest'],
    ['^(?:[a-z0-9]+[._-])*[a-z]+$', 'a.b-c'],
    ['\\bfoo\\b', 'a foo b'],
    ['a{2,3}?', 'aaaa'],
    ['(?i)LATEST', 'latest'],
    ['x*', 'aaa'],
    ['[[:alpha:]]+', '12ab'.replace(/\d/g, '')],
    ['^$', ''],
    ['a.c', 'a\nc'],
    ['é+', 'caféé'],
  ])('finds what JavaScript finds: %s in %j', (source, text) => {
    const script = source.replace('[[:alpha:]]', '[A-Za-z]').replace('(?i)', '');
    const match = new RegExp(script, source.includes('(?i)') ? 'iu' : 'u').exec(text);
    const found = findMatch(parseRegex(source)!, text);
    expect(found && text.slice(found[0], found[1])).toBe(match?.[0] ?? null);
  });

  it.each(['(', 'a**', '[b-a]', '\\8', '(?=a)', 'a{1001}', '(((a{900}){900}){900})', '\\'])('refuses what RE2 refuses: %s', source => {
    expect(parseRegex(source)).toBeNull();
  });

  it('costs what the text is long, whatever the expression', () => {
    for (const source of ['(a+)+$', '(a|a)*$', '(.*)*x', '(?:a?){30}a{30}'])
      expectLinear(
        source,
        n => `${'a'.repeat(n * 20)}!`,
        text => findMatch(parseRegex(source)!, text),
        400,
      );
  });
});

describe('an expression of JMESPath', () => {
  const json = dataOf(document, document.root, [], { whole: false }) as Json;
  it.each([
    ['metadata.name', '"web"'],
    ['spec.containers[].name', '["a","b"]'],
    ["spec.containers[?name=='b'].image | [0]", '"b:latest"'],
    ['spec.containers[*].ports[].containerPort', '[80]'],
    ['length(spec.containers) > `1` && spec.replicas', '3'],
    ["spec.none || 'x'", '"x"'],
    ['spec.containers[-1].name', '"b"'],
    ['spec.containers[:1].name', '["a"]'],
    ['{n: metadata.name, k: keys(metadata.labels)}', '{"k":["app","tier"],"n":"web"}'],
    ["regex_match('^w', metadata.name)", 'true'],
    ["regex_replace_all('(w)(e)', metadata.name, '${2}$1')", '"ewb"'],
    ["add('1Gi', '1Gi')", '"2147483648"'],
    ["divide('10s', '5s')", '2'],
    ["to_upper(join('-', spec.containers[].name))", '"A-B"'],
    ['sort_by(spec.containers, &image)[0].name', '"b"'],
    ['metadata.labels.*', '["web",""]'],
  ])('finds %s', (text, expected) => {
    expect(jsonText(searchJson(text, json, { left: 10_000 }))).toBe(expected);
  });

  it('says what keeps it from an answer', () => {
    const search = (text: string): unknown => searchJson(text, json, { left: 1000 });
    expect(() => search('spec.none')).toThrow(NotFound);
    expect(() => search('spec[')).toThrow(JmesError);
    expect(() => search('time_now()')).toThrow(NotKnown);
    expect(() => searchJson(`${'a || '.repeat(20_000)}a`, json, { left: 1e6 })).toThrow(NotKnown);
    expect(() => search(`${'[*].a'.repeat(30)} | ${'spec.containers[].name || '.repeat(2000)}a`)).toThrow();
  });
});
