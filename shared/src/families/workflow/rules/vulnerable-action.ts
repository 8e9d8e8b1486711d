import { printPin } from '../../../syntax/action/reference';
import { isExact, parseVersion } from '../../../syntax/action/version';
import { actionDanger, type ActionDanger } from '../../../knowledge/actions';
import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { versionBehind } from '../model/pins';
import { isMovable, pinFix, repositoryUses } from '../model/refs';

/** The fixed version in the form in which one is written: `v46` for `v45`, `0.35.0` for `0.28.0`; `null` where none is. */
function sameForm(version: string, fixed: string): string | null {
  const written = parseVersion(version);
  if (!written) return null;
  const text = isExact(written) ? fixed : fixed.split('.').slice(0, written.numbers.length).join('.');
  return (written.prefixed ? 'v' : '') + text;
}

function messageOf({ kind, day, fixed }: ActionDanger): 'malicious' | 'attacked' | 'vulnerable' | 'repaired' | 'unfixed' {
  if (kind !== 'affected') return kind;
  if (fixed === null) return 'unfixed';
  return day === null ? 'vulnerable' : 'attacked';
}

export const rule = defineRule({
  id: 'workflow/vulnerable-action',
  title: 'Action with a known compromise or vulnerability',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  supersedes: ['workflow/unpinned-action', 'workflow/branch-action', 'workflow/archived-action', 'workflow/outdated-action'],
  references: {
    cwe: ['CWE-1395'],
    nist800190: ['3.1.1', '4.1.1'],
    links: ['https://github.com/advisories?query=type%3Areviewed+ecosystem%3Aactions'],
  },
  peers: { zizmor: ['known-vulnerable-actions'], poutine: ['known_vulnerability_in_build_component'] },
  messages: {
    malicious: { text: 'This commit of {repository} is from the attack on {day}{advisory}' },
    attacked: { text: '{repository} {ref} was replaced in an attack on {day}{advisory}; {fixed} is not compromised' },
    unfixed: { text: '{repository} {ref} was replaced in an attack on {day}{advisory}' },
    vulnerable: { text: '{repository} {ref} is vulnerable{advisory}; {fixed} is not' },
    repaired: {
      text: '{ref} of {repository} was moved in an attack on {day}{advisory}, and moved back: pin a commit',
      severity: 'info',
      profile: 'recommended',
    },
  },
  fixes: {
    pin: { title: 'Pin {name} to the commit of the uncompromised release', class: 'review' },
    move: { title: 'Move to {ref}', class: 'review' },
  },
  on: {
    uses(view, report, context) {
      const uses = repositoryUses(view);
      if (!uses) return;
      const named = isMovable(uses) ? undefined : versionBehind(view.file.document, uses)?.text;
      const danger = actionDanger(uses.action, named);
      if (!danger) return;
      const { advisory, day, fixed, fixedCommit } = danger;
      const data = {
        repository: `${uses.owner}/${uses.repository}`,
        ref: named ?? uses.ref,
        day: day ?? '',
        fixed: fixed ?? '',
        advisory: advisory === '' ? '' : ` (${advisory})`,
      };
      const ref = fixed === null ? null : sameForm(uses.ref, fixed);
      const known =
        fixed !== null && fixedCommit !== null ? printPin({ commit: fixedCommit, versions: [`v${fixed}`], foreign: false }) : null;
      const prefix = parseVersion(named ?? '')?.prefixed === false ? '' : 'v';
      const reference = `${uses.text.slice(0, -uses.ref.length)}${prefix}${fixed}`;
      const fix =
        fixed === null
          ? danger.kind === 'repaired' && pinFix(view, uses, report, context)
          : known !== null || !isMovable(uses)
            ? pinFix(view, uses, report, context, { known, reference })
            : ref !== null &&
              report.fix('move', () => [setValue(uses.path, uses.text.slice(0, -uses.ref.length) + ref)], { data: { ref } });
      report(uses.refRange, messageOf(danger), data, fix);
    },
  },
});
