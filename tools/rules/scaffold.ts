import { fileNameOf, type RuleFamily } from './families';

/** The introduction of a page that nobody has written yet: `npm run generate:check` refuses it. */
export const unwritten =
  'Say here why this matters, in two or three sentences, and what to do instead: this is what hover and the docs show first.';

/** The message of a rule that nobody has written yet. */
export const unwrittenMessage = 'Say here what is wrong';

/** The two files of a new rule. They compile, and the page is right: what is there is changed, never repaired. */
export function scaffoldRule(id: string, { id: family, scaffold }: RuleFamily): { readonly ts: string; readonly md: string } {
  const name = id.slice(id.indexOf('/') + 1);
  const title = name[0]!.toUpperCase() + name.slice(1).replace(/-/g, ' ');
  const { target, range, example, fence } = scaffold;
  const block = (named: string): string => `\`\`\`${fence} file=${named}/${fileNameOf(family)}\n${example}\`\`\``;
  const ts = `import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  id: '${id}',
  title: '${title}',
  severity: 'warning',
  category: 'privilege',
  profile: 'recommended',
  messages: { found: { text: '${unwrittenMessage}' } },
  on: {
    ${target}(${target}, report, { path }) {
      // in place of a look at the ${target}
      if (path.startsWith('bad/')) report(${range}, 'found');
    },
  },
});
`;
  const md = `# ${title}

${unwritten}

## What is reported

**Reported**

${block('bad')}

## What is fine

**Accepted**

${block('good')}
`;
  return { ts, md };
}
