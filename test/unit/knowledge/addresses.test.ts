import { describe, expect, it } from 'vitest';
import { contains, metadataAddresses, metadataIn, parseBlock } from '../../../shared/src/knowledge/addresses';

describe('blocks of addresses', () => {
  it.each([
    ['0.0.0.0/0', '169.254.169.254/32', true],
    ['169.254.0.0/16', '169.254.169.254', true],
    ['169.254.169.0/24', '169.254.170.2/32', false],
    ['10.0.0.0/8', '0.0.0.0/0', false],
    ['::/0', 'fd00:ec2::254/128', true],
    ['::/0', '10.0.0.0/8', false],
    ['fd00:ec2::/96', 'fd00:ec2::254', true],
    ['fd00:ec2::/127', 'fd00:ec2::254', false],
    ['1.2.3.4/32', '1.2.3.4', true],
  ])('%s holds %s: %s', (outer, inner, expected) => expect(contains(parseBlock(outer)!, parseBlock(inner)!)).toBe(expected));

  it.each(['', 'x', '1.2.3/8', '1.2.3.4/33', '256.1.1.1/8', '1:2:3/8', '::1::/8', 'fd00::/129', '1.2.3.4/8/9', '1.2.3.4/x', '12345::/8'])(
    '%j is none',
    text => expect(parseBlock(text)).toBeNull(),
  );

  it('all metadata addresses are some, and lie in the whole of their family', () => {
    expect([...metadataIn(parseBlock('0.0.0.0/0')!), ...metadataIn(parseBlock('::/0')!)]).toHaveLength(metadataAddresses.length);
  });
});
