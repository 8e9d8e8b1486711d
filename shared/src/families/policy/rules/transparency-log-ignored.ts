import { defineRule } from '../../../rule/define-rule';
import { removeNode } from '../../../syntax/yaml/operations';
import { flagAt, mapAt, textAt, type MapSpot } from '../model/spots';
import { isOwnExample } from '../model/verifications';
import type { AuthorityView } from '../model/types';

/** The maps in which an authority may say that logs do not count. */
function places({ at, outer }: AuthorityView): readonly MapSpot[] {
  const maps = [at, mapAt(at, 'rekor'), mapAt(at, 'ctlog'), outer, mapAt(outer, 'ctlog'), mapAt(outer, 'rekor')];
  return maps.flatMap((spot, i) => (spot && maps.findIndex(other => other?.map === spot.map) === i ? [spot] : []));
}

const logFlags = ['ignoreTlog', 'insecureIgnoreTlog', 'ignoreSCT', 'insecureIgnoreSCT'];

/** Whether a signature carries the time of a timestamp authority instead, or may. */
function hasTimestamp(authority: AuthorityView): boolean {
  return places(authority).some(spot => textAt(spot, 'tsaCertChain') ?? mapAt(spot, 'rfc3161timestamp'));
}

export const rule = defineRule({
  id: 'policy/transparency-log-ignored',
  title: 'Signature accepted without a transparency log or certificate timestamp',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-347'], links: ['https://docs.sigstore.dev/logging/overview/'] },
  messages: {
    keyless: { text: 'A ten-minute certificate proves nothing without the log that says when it was used', severity: 'error' },
    timestamp: {
      text: 'A certificate that is not in any log is accepted: if it was issued to the wrong party, that goes unnoticed',
      severity: 'error',
    },
    key: { text: 'A signature that is not in any log is accepted: what a stolen key signs goes unnoticed', severity: 'info' },
    registry: { text: 'Signatures are fetched without TLS: anyone on the network path decides what counts as signed', severity: 'error' },
  },
  fixes: { remove: { title: 'Check the transparency log', class: 'attended' } },
  assumptions: { reachable: 'Signatures are in the transparency log, and the cluster can reach the log' },
  on: {
    authority(authority, report) {
      if (authority.kind === 'static' || authority.kind === 'other' || hasTimestamp(authority) || isOwnExample(authority)) return;
      for (const spot of places(authority))
        for (const flag of logFlags) {
          const node = flagAt(spot, flag, true);
          if (!node) continue;
          const fix = report.fix('remove', () => [removeNode([...spot.path, flag], true)], { assumes: [{ id: 'reachable' }] });
          report(node.range, authority.kind !== 'keyless' ? 'key' : flag.endsWith('SCT') ? 'timestamp' : 'keyless', {}, fix);
        }
    },
    verification({ at, policy }, report) {
      for (const spot of [mapAt(at, 'imageRegistryCredentials'), policy.is === 'ImageValidatingPolicy' ? mapAt(at, 'credentials') : null]) {
        const node = flagAt(spot, 'allowInsecureRegistry', true);
        if (node) report(node.range, 'registry');
      }
    },
  },
});
