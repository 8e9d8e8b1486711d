import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import { isLocalLiteral, isLoopback } from '../../../shared/src/services/registry/address';
import { parseHost } from '../../../shared/src/services/registry/host';

const thisMachine = [
  'localhost',
  'localhost.',
  'LocalHost',
  'x.localhost',
  'x.localhost.',
  '127.0.0.1',
  '127.0.0.1.',
  '127.9.9.9',
  '127.1',
  '2130706433',
  '0x7f.1',
  '0x7f000001',
  '0177.0.0.1',
  '017700000001',
  '[::1]',
  '[0::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::0001]',
  '[::ffff:127.0.0.1]',
  '[::FFFF:7f00:1]',
  '[64:ff9b::7f00:1]',
];

const localNetwork = [
  '0',
  '0.0.0.0',
  '10.0.0.1',
  '10.1',
  '012.0.0.1',
  '0xa.0.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '169.254.169.254.',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.11010305',
  '[::]',
  '[::169.254.169.254]',
  '[::ffff:10.0.0.1]',
  '[::ffff:a9fe:a9fe]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b::169.254.169.254]',
  '[64:ff9b:1::a]',
  '[2002:a9fe:a9fe::]',
  '[fc00::1]',
  '[fd00::1]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[feff::1]',
];

const elsewhere = [
  '8.8.8.8',
  '134744072',
  '0x8.8.8.8',
  '126.255.255.255',
  '128.0.0.1',
  '172.15.0.1',
  '172.32.0.1',
  '100.128.0.1',
  '192.167.1.1',
  'ghcr.io',
  'ghcr.io.',
  '10.example.com',
  'localhost.example.com',
  '127.0.0.1.example.com',
  'notlocalhost',
  'fe80.example.com',
  '[2001:db8::1]',
  '[::ffff:8.8.8.8]',
  '[64:ff9b::808:808]',
  '[2002:808:808::1]',
  '[1fe8::1]',
];

/** What neither resolves nor connects. */
const nowhere = [
  '1.2.3.999',
  '256.0.0.1',
  '1.2.3.4.5',
  '09.0.0.1',
  'x.1',
  '.',
  '',
  '[',
  '[::1',
  '[1::2::3]',
  '[1:2:3]',
  '[::1.2.3]',
  '[12345::]',
];

describe('hosts', () => {
  it.each(thisMachine)('%s is this machine', host => {
    expect([isLoopback(host), isLocalLiteral(host)]).toEqual([true, true]);
  });

  it.each(localNetwork)('%s is of a local network', host => {
    expect([isLoopback(host), isLocalLiteral(host)]).toEqual([false, true]);
  });

  it.each(elsewhere)('%s is elsewhere', host => {
    expect([isLoopback(host), isLocalLiteral(host)]).toEqual([false, false]);
  });

  it.each(nowhere)('%j is no host, and nobody goes there', host => {
    expect([parseHost(host), isLoopback(host), isLocalLiteral(host)]).toEqual([null, false, true]);
  });

  it('reads what URL reads', () => {
    const number = fc.oneof(
      fc.nat(300).map(String),
      fc.nat(0xffffffff).map(n => `0x${n.toString(16)}`),
      fc.nat(255).map(n => `0${n.toString(8)}`),
      fc.constantFrom('', '0', '0x', '08', '256', '4294967295', '4294967296', 'a', 'localhost'),
    );
    const v4 = fc.array(number, { minLength: 1, maxLength: 5 }).map(parts => parts.join('.'));
    const group = fc.oneof(fc.constant(''), fc.constantFrom('0', 'ffff', '7f00', '1', '127.0.0.1', '12345', 'g'));
    const v6 = fc.array(group, { minLength: 1, maxLength: 10 }).map(parts => `[${parts.join(':')}]`);
    fc.assert(
      fc.property(fc.oneof(v4, v6), host => {
        expect(parseHost(host), host).toEqual(byUrl(host));
      }),
      { numRuns: 3000 },
    );
  });
});

/** The same through the parser of the platform. */
function byUrl(host: string): ReturnType<typeof parseHost> {
  let hostname: string;
  try {
    hostname = new URL(`http://${host}/`).hostname;
  } catch {
    return null;
  }
  if (/^\d+\.\d+\.\d+\.\d+$/.test(hostname)) return { bytes: hostname.split('.').map(Number) };
  if (!hostname.startsWith('[')) return hostname === '.' ? null : { name: hostname.replace(/\.$/, '') };
  const [head = '', tail = ''] = hostname.slice(1, -1).split('::');
  const read = (text: string): number[] => (text === '' ? [] : text.split(':').map(part => parseInt(part, 16)));
  const groups = [...read(head), ...Array.from({ length: 8 - read(head).length - read(tail).length }, () => 0), ...read(tail)];
  return { bytes: groups.flatMap(n => [n >> 8, n & 255]) };
}
