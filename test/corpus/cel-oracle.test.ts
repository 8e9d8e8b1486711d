import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRun, evaluateCel } from '../../shared/src/syntax/cel/evaluate';
import { parseCel } from '../../shared/src/syntax/cel/parse';
import { CelError, objectOf, type CelKey, type CelValue } from '../../shared/src/syntax/cel/values';

/** What test/oracle/cel/README.md builds: Kubernetes' own library. */
const oracle = process.env['BULKHEAD_CEL_ORACLE'] ?? '';
const absent = existsSync(oracle) ? '' : ' (skipped: BULKHEAD_CEL_ORACLE does not name it: test/oracle/cel/README.md)';

const object = {
  name: 'web',
  n: 3,
  x: 1.5,
  on: true,
  none: null,
  labels: { app: 'web', 'a.b/c': 'd' },
  list: [3, 1, 2],
  words: ['b', 'a', 'b'],
  containers: [
    { name: 'a', image: 'ghcr.io/acme/a:1', ports: [80, 443] },
    { name: 'b', image: 'b', resources: { limits: { memory: '1Gi', cpu: '250m' } } },
  ],
};

/** One a line, by what they are about. */
const expressions = `
1 + 2 * 3 == 7
7 / 2
-7 / 2
7 % 3
-7 % 3
1 / 0
9223372036854775807 + 1
2u + 3u
1u - 2u
1.5 + 2.5
object.x * 2.0
'a' + 'b'
[1] + [2] == [1, 2]
1 == 1.0
1 == 1u
1 < 1.5
'a' < 'b'
'Z' < 'a'
null == null
object.none == null
{'a': 1} == {'a': 1}
[1, 2] == [2, 1]
true && (1 / 0 == 1)
false && (1 / 0 == 1)
(1 / 0 == 1) && false
true || (1 / 0 == 1)
(1 / 0 == 1) || true
(1 / 0 == 1) || false
object.on ? 'y' : 'n'
!object.on
object.missing
has(object.missing)
has(object.labels.app)
has(object.missing.more)
object.labels['a.b/c']
object.labels['z']
'app' in object.labels
3 in object.list
9 in object.list
object.list[0]
object.list[7]
object.?missing.orValue('none')
object.?missing.?more.orValue('none')
object.labels[?'app'].orValue('none')
object.list[?9].hasValue()
object.?name.hasValue()
optional.of(1).value()
optional.none().value()
optional.none().orValue(3)
optional.of(1).or(optional.of(2)).value()
optional.ofNonZeroValue('').hasValue()
optional.ofNonZeroValue('a').hasValue()
object.?n.optMap(v, v + 1).orValue(0)
object.?n.optFlatMap(v, optional.of(v * 2)).value()
size('héllo')
size(object.list)
size(object.labels)
object.list.size()
int('42')
int(3.9)
int(-3.9)
int('x')
uint(5)
uint(-1)
double('1.5')
string(3)
string(true)
string(1.5)
bool('true')
bool('yes')
type(1) == int
type('a') == string
type([]) == list
type(null) == null_type
dyn(1) == 1
object.list.all(i, i > 0)
object.list.exists(i, i == 2)
object.list.exists_one(i, i > 2)
object.list.filter(i, i > 1).size()
object.list.map(i, i * 2) == [6, 2, 4]
object.list.map(i, i > 1, i * 2) == [6, 4]
object.labels.all(k, k != '')
object.labels.exists(k, object.labels[k] == 'd')
object.containers.all(c, c.image.startsWith('ghcr.io/'))
object.containers.exists(c, has(c.resources))
object.containers.all(c, c.resources.limits.memory == '1Gi')
object.containers.exists(c, c.resources.limits.memory == '1Gi')
object.containers.map(c, c.name).join(',')
object.containers.filter(c, has(c.ports)).all(c, c.ports.all(p, p < 1024))
object.list.all(i, v, v > i - 9)
object.list.exists(i, v, i == 0 && v == 3)
object.labels.transformList(k, v, v).size()
object.labels.transformMap(k, v, v + '!')['app']
object.list.transformList(i, v, v > 1, v).size()
'abc'.startsWith('ab')
'abc'.endsWith('bc')
'abc'.contains('b')
'abc'.matches('^a.c$')
'abc'.matches('b')
'abc'.matches('[')
'a.b.c'.split('.').size()
'a.b.c'.split('.', 2)[1]
['a', 'b'].join()
['a', 'b'].join('-')
'Hello'.lowerAscii()
'Hello'.upperAscii()
'  a '.trim()
'hello'.replace('l', 'L')
'hello'.replace('l', 'L', 1)
'hello'.substring(1)
'hello'.substring(1, 3)
'hello'.substring(9)
'hello'.indexOf('l')
'hello'.indexOf('l', 3)
'hello'.lastIndexOf('l')
'hello'.indexOf('z')
'hello'.charAt(1)
'hello'.charAt(9)
'hello'.reverse()
'%s is %d'.format(['a', 3])
'%.2f'.format([1.234])
'%x'.format([255])
'%s'.format([[1, 2]])
'%d'.format(['a'])
strings.quote('a"b')
'abc'.find('[a-b]+')
'a1b22'.findAll('[0-9]+').size()
'a1b22'.findAll('[0-9]+', 1).size()
'abc'.find('z')
object.list.isSorted()
[1, 2, 3].isSorted()
object.list.sum()
object.list.min()
object.list.max()
[].sum() == 0
[1.5, 2.5].sum()
object.words.indexOf('b')
object.words.lastIndexOf('b')
object.words.indexOf('z')
['b', 'a'].min()
sets.contains([1, 2, 3], [2])
sets.contains([1], [1, 2])
sets.equivalent([1, 2], [2, 1, 1])
sets.intersects([1, 2], [2, 3])
sets.intersects([1], [2])
object.list.sort() == [1, 2, 3]
object.words.distinct().size()
[[1], [2, 3]].flatten().size()
lists.range(3) == [0, 1, 2]
object.list.slice(0, 2) == [3, 1]
object.list.reverse() == [2, 1, 3]
quantity('1Gi').isGreaterThan(quantity('512Mi'))
quantity('1Gi').isLessThan(quantity('512Mi'))
quantity('1000m').compareTo(quantity('1'))
quantity('50k') == quantity('50000')
quantity('200M').isInteger()
quantity('1.5').isInteger()
quantity('50k').asInteger()
quantity('1.5').asApproximateFloat()
quantity('1').add(quantity('500m')) == quantity('1500m')
quantity('1').sub(2) == quantity('-1')
quantity('-1').sign()
isQuantity('1Gi')
isQuantity('1 Gi')
quantity('wrong')
quantity(object.containers[1].resources.limits.memory).isLessThan(quantity('2Gi'))
url('https://a.example:80/b?c=d').getHost()
url('https://a.example:80/b?c=d').getHostname()
url('https://a.example:80/b?c=d').getPort()
url('https://a.example:80/b?c=d').getScheme()
url('https://a.example:80/b?c=d').getEscapedPath()
url('https://a.example/b?c=d&c=e').getQuery()['c'].size()
isURL('https://a.example')
isURL('a b')
url('../x')
ip('10.0.0.1').family()
ip('::1').family()
isIP('10.0.0.256')
isIP('10.0.0.1')
ip('127.0.0.1').isLoopback()
ip('0.0.0.0').isUnspecified()
ip('224.0.0.1').isLinkLocalMulticast()
ip('169.254.1.1').isLinkLocalUnicast()
ip('10.1.2.3').isGlobalUnicast()
ip.isCanonical('::0001')
ip('10.0.0.1') == ip('10.0.0.1')
string(ip('10.0.0.1'))
cidr('10.0.0.0/8').containsIP('10.1.2.3')
cidr('10.0.0.0/8').containsIP(ip('11.1.2.3'))
cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')
cidr('10.0.0.0/8').containsCIDR(cidr('0.0.0.0/0'))
cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')
cidr('10.1.2.3/8').prefixLength()
cidr('10.1.2.3/8').ip() == ip('10.1.2.3')
isCIDR('10.0.0.0/33')
format.named('dns1123Label').hasValue()
format.dns1123Label().validate('web').hasValue()
format.dns1123Label().validate('Web_').hasValue()
!format.dns1123Subdomain().validate('a.b').hasValue()
format.named('nothing').hasValue()
semver('1.2.3').major()
semver('1.2.3').isLessThan(semver('1.10.0'))
isSemver('1.2')
semver('1.2.3-a').compareTo(semver('1.2.3'))
duration('90m').getHours()
duration('1h') > duration('59m')
duration('x')
timestamp('2026-11-24T10:00:00Z').getFullYear()
timestamp('2026-11-24T10:00:00Z') + duration('1h') == timestamp('2026-11-24T11:00:00Z')
timestamp('2026-11-24T10:00:00Z').getDayOfWeek()
timestamp('2026-11-24')
math.greatest(1, 2, 3)
math.least([3, 1])
math.abs(-3)
`
  .trim()
  .split('\n');

const toCel = (value: unknown): CelValue => {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value !== 'object' || value === null) return value as CelValue;
  return new Map<CelKey, CelValue>(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
};

function ours(expression: string): string {
  const { tree } = parseCel(expression);
  if (!tree) return 'invalid';
  try {
    const value = evaluateCel(tree, { get: name => (name === 'object' ? toCel(object) : undefined) }, createRun());
    const scalar = objectOf(value, 'uint')?.value ?? value;
    return typeof scalar === 'object' && scalar !== null ? 'no scalar' : String(scalar);
  } catch (error) {
    return error instanceof CelError ? 'error' : `unknown: ${(error as Error).message}`;
  }
}

test.skipIf(absent !== '')(`expressions come to what Kubernetes' library says${absent}`, () => {
  const { stdout } = spawnSync(oracle, [], { input: JSON.stringify({ object, expressions }), encoding: 'utf8' });
  const theirs = JSON.parse(stdout) as readonly string[];
  // what its checker refuses, by types or because only Kyverno has the function, never runs there
  const compared = expressions.flatMap((expression, i) => (theirs[i] === 'invalid' ? [] : [[expression, theirs[i]!] as const]));
  const differing = compared.flatMap(([expression, expected]) => {
    const found = ours(expression);
    const isUnread = found.startsWith('unknown: ') && /\bformat\./.test(expression);
    return expected === found || isUnread ? [] : [`${expression}: ${expected}, here ${found}`];
  });
  expect(compared.length).toBeGreaterThanOrEqual(150);
  expect(differing).toEqual([]);
});
