import { defineRule, masks, noFix } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { isVariable } from '../../../syntax/yaml/certainty';
import type { YamlDocument } from '../../../syntax/yaml/types';
import { isKeyUri, keyProblem } from '../model/key-problems';
import { isOwnExample } from '../model/verifications';
import { isLiteral, textAt, type TextSpot } from '../model/spots';

/** The first line of the key itself, which is where what is wrong with it begins; without one the whole text. */
function keyRange(document: YamlDocument, { range }: TextSpot): Range {
  const written = document.text.slice(range.start, range.end);
  const [, before, line] = /^([^]*?-----BEGIN [A-Z0-9 ]{1,40}-----(?:\\n|\s)*)([^\s\\"'-]+)/.exec(written.slice(0, 2000)) ?? [];
  if (before === undefined || line === undefined) return range;
  const start = range.start + before.length;
  return { start, end: start + line.length };
}

export const rule = defineRule({
  id: 'policy/bad-public-key',
  title: 'Key that is a placeholder, private or weak',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cisKubernetes: ['5.5.1'], nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-347'] },
  messages: {
    placeholder: { text: '{object} has a placeholder where a public key should be: no signature can be verified', severity: 'info' },
    cut: { text: '{object} has a public key that is cut off or mistyped: no signature can be verified' },
    label: { text: '{object} has something other than a public key here' },
    private: { text: '{object} contains the private key: anyone who can read the policy can sign' },
    weak: { text: '{object} trusts a {bits}-bit key: RSA keys need at least 2048 bits' },
    example: {
      text: '{object} trusts a key from an example, not one of yours',
      severity: 'warning',
      profile: 'recommended',
    },
    arn: { text: '{object} is rejected: a key in AWS must be given by its ARN' },
    uri: { text: '"{uri}" is not a key of any service that Sigstore supports' },
  },
  on: {
    authority(authority, report) {
      const { kind, at, verification } = authority;
      const { policy, engine } = verification;
      if (kind !== 'key') return;
      const text = textAt(at, 'publicKeys') ?? textAt(at, 'data');
      const problem = text && isLiteral(text) ? keyProblem(text.text) : null;
      if (text && problem) {
        const { id, bits } = problem;
        if (id === 'private')
          report(text.range, id, {}, masks(text.range), noFix('manual', 'the key must be replaced: it has been exposed'));
        else if (id !== 'example' || !isOwnExample(authority))
          report(id === 'label' ? text.range : keyRange(policy.document, text), id, { bits });
      }
      const kms = textAt(at, 'kms');
      if (!kms || !isLiteral(kms) || isVariable(kms.text)) return;
      if (!isKeyUri(kms.text)) report(kms.range, 'uri', { uri: kms.text });
      else if (engine === 'sigstore' && /^awskms:/.test(kms.text) && !/^awskms:\/\/[^/]*\/arn:/.test(kms.text)) report(kms.range, 'arn');
    },
  },
});
