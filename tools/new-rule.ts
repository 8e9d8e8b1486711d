import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ruleFile, rulePath } from './rules/files';

/** `npm run new-rule FAMILY/NAME`: writes the two files of a rule, to be filled in. */
const id = process.argv[2] ?? '';
if (!/^(dockerfile|kubernetes)\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
  console.error('usage: npm run new-rule dockerfile/some-name   (or kubernetes/some-name)');
  process.exit(2);
}
if (existsSync(ruleFile(id, '.ts'))) {
  console.error(`${id} exists already`);
  process.exit(2);
}
const [family, name] = id.split('/') as [string, string];
const title = name[0]!.toUpperCase() + name.slice(1).replace(/-/g, ' ');
const target = family === 'dockerfile' ? 'instruction' : 'container';
mkdirSync(dirname(ruleFile(id, '.ts')), { recursive: true });
writeFileSync(
  ruleFile(id, '.ts'),
  `import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  id: '${id}',
  title: '${title}',
  severity: 'warning',
  category: 'privilege',
  profile: 'recommended',
  references: {},
  messages: { found: { text: '…' } },
  on: {
    ${target}(${target}, report) {
      report(${target}.range, 'found');
    },
  },
});
`,
);
const example =
  family === 'dockerfile'
    ? 'FROM alpine:3.22'
    : 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: example.com/web:1';
writeFileSync(
  ruleFile(id, '.md'),
  `# ${title}

Why this matters, in two or three sentences, and what to do instead.

## Reported

**Reported**

\`\`\`${family === 'dockerfile' ? 'dockerfile' : 'yaml'}
${example}
\`\`\`

## Accepted

**Accepted**

\`\`\`${family === 'dockerfile' ? 'dockerfile' : 'yaml'}
${example}
\`\`\`
`,
);
console.log(`wrote ${rulePath(id)}.ts and ${name}.md
next: fill both, then
  npm run generate
  npm run update -- ${id}     writes the carets and Hardened blocks from what the rule does: review them
  npx vitest run test/rules -t ${id}`);
