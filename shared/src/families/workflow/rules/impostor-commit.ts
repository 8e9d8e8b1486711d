import { parsePin } from '../../../syntax/action/reference';
import { defineRule } from '../../../rule/define-rule';
import { versionBehind } from '../model/pins';
import { isMovable, pinFix, repositoryUses } from '../model/refs';

export const rule = defineRule({
  id: 'workflow/impostor-commit',
  title: 'Pinned commit is not in the repository',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  supersedes: ['workflow/version-comment'],
  references: {
    cwe: ['CWE-829'],
    links: ['https://docs.github.com/actions/reference/security/secure-use#using-third-party-actions'],
  },
  peers: { zizmor: ['impostor-commit', 'stale-action-refs', 'ref-confusion'] },
  messages: { foreign: { text: 'No branch or tag of {repository} contains this commit: anyone with a fork may have made it' } },
  fixes: { pin: { title: 'Pin {name} to the commit of {version}', class: 'attended' } },
  assumptions: { 'is-meant': 'The release that the comment names is the intended one' },
  on: {
    uses(view, report, context) {
      const uses = repositoryUses(view);
      const pin = uses && !isMovable(uses) ? context.digest(uses.text) : null;
      if (!uses || pin === null || !parsePin(pin).foreign) return;
      const version = versionBehind(view.file.document, uses)?.text;
      const reference = version === undefined ? null : uses.text.slice(0, -uses.ref.length) + version;
      report(
        uses.refRange,
        'foreign',
        { repository: `${uses.owner}/${uses.repository}` },
        reference !== null &&
          pinFix(view, uses, report, context, { reference, data: { version: version! }, assumes: [{ id: 'is-meant' }] }),
      );
    },
  },
});
