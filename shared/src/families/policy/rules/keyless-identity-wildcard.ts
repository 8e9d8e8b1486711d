import { defineRule, weighs } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { fieldsOf, hasWildcards, namesRepositoryOwner, regExpProblem, widthOf } from '../model/identities';
import { isLiteral } from '../model/spots';

export const rule = defineRule({
  id: 'policy/keyless-identity-wildcard',
  title: 'Keyless identity that matches too many signers',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cisKubernetes: ['5.5.1'], nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-290', 'CWE-347'] },
  messages: {
    anyone: { text: 'Every {field} is accepted' },
    host: { text: "Other owners' hosts match this {field}" },
    owner: { text: "Other owners' repositories match this subject" },
    unanchored: { text: 'Every {field} that contains a match is accepted: the expression is not anchored with ^ and $' },
    dots: { text: 'Other hosts match, too: a dot matches any character, while \\. matches only a dot' },
    repositories: {
      text: 'Every workflow in every repository of the owner can sign, on any branch',
      severity: 'warning',
      profile: 'recommended',
    },
    workflows: { text: 'Every workflow in the repository can sign, on any branch', severity: 'warning', profile: 'recommended' },
    refs: { text: 'The workflow can sign on any branch, and for pull requests', severity: 'info', profile: 'recommended' },
  },
  fixes: { close: { title: 'Anchor the expression: {instead}', class: 'attended' } },
  assumptions: { whole: 'The expression is meant to match the whole value' },
  on: {
    authority({ identities, verification }, report) {
      for (const { field, text, regExp, issuer } of identities.flatMap(fieldsOf)) {
        if (text && hasWildcards(verification.engine) && isLiteral(text)) {
          const width = widthOf(text.text, field);
          if (width) report(text.range, width, { field });
        }
        const problem = regExp && isLiteral(regExp) ? regExpProblem(regExp.text, field) : null;
        if (!regExp || !problem) continue;
        const { id, instead } = problem;
        const fix =
          instead !== null &&
          report.fix('close', () => [setValue(regExp.path, instead)], { data: { instead }, assumes: [{ id: 'whole' }] });
        report(regExp.range, id, { field }, id === 'unanchored' && namesRepositoryOwner(regExp.text, issuer) && weighs('warning'), fix);
      }
    },
  },
});
