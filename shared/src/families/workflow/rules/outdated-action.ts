import { outdatedAction } from '../../../knowledge/actions';
import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { versionBehind } from '../model/pins';
import { isMovable, pinFix, repositoryUses } from '../model/refs';

export const rule = defineRule({
  id: 'workflow/outdated-action',
  title: 'Action of a release that GitHub has left behind',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  supersedes: ['workflow/unpinned-action'],
  references: {
    cwe: ['CWE-1104'],
    links: [
      'https://github.blog/changelog/2024-09-25-end-of-life-for-actions-node16/',
      'https://github.blog/changelog/2024-04-16-deprecation-notice-v3-of-the-artifact-actions/',
    ],
  },
  peers: { actionlint: ['action'] },
  messages: {
    refused: { text: 'The service that {name} {version} talks to is switched off: the step fails' },
    runtime: {
      text: '{name} {version} was made for a Node.js that runners no longer have: use v{next} or newer',
      severity: 'warning',
      profile: 'recommended',
    },
  },
  fixes: {
    move: { title: 'Move to v{next}', class: 'review' },
    pin: { title: 'Pin {name} to the commit of a release that runs', class: 'review' },
  },
  assumptions: { 'other-artifacts': 'Nothing relies on how releases before v4 put artifacts together' },
  on: {
    uses(view, report, context) {
      const uses = repositoryUses(view);
      if (!uses) return;
      const version = isMovable(uses) ? uses.ref : versionBehind(view.file.document, uses)?.text;
      const found = version === undefined ? null : outdatedAction({ ...uses.action, ref: version });
      if (!found || version === undefined) return;
      const { kind, next, changed } = found;
      const name = uses.text.slice(0, -uses.ref.length - 1);
      const moved = `${name}@v${next}`;
      const fix = isMovable(uses)
        ? report.fix('move', () => [setValue(uses.path, moved)], {
            data: { next },
            ...(changed && { class: 'attended', assumes: [{ id: 'other-artifacts' }] }),
          })
        : pinFix(view, uses, report, context, { reference: moved });
      report(uses.refRange, kind, { name, version, next }, fix);
    },
  },
});
