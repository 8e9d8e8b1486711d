import { defineRule, type Report } from '../../../rule/define-rule';
import { pemBlocks, pemBytes, readCertificate } from '../model/keys';
import { isLiteral, mapAt, mapsAt, textAt, type MapSpot, type TextSpot } from '../model/spots';
import type { Certificate } from '../model/keys';

type OwnReport = Report<'expired' | 'early' | 'chain', never>;

/** The certificates of a text that can be read. */
function certificatesIn(spot: TextSpot | null): readonly Certificate[] {
  if (!spot || !isLiteral(spot)) return [];
  return pemBlocks(spot.text).flatMap(block => {
    const bytes = block.label === 'CERTIFICATE' ? pemBytes(block) : null;
    return (bytes && readCertificate(bytes)) ?? [];
  });
}

function checkText(spot: TextSpot | null, today: string, report: OwnReport): void {
  for (const { notAfter, notBefore } of certificatesIn(spot)) {
    const [until, from] = [notAfter.slice(0, 10), notBefore.slice(0, 10)];
    if (until < today) return report(spot!.range, 'expired', { date: until });
    if (from > today) return report(spot!.range, 'early', { date: from });
  }
}

function checkPair(spot: MapSpot, report: OwnReport): void {
  const [own, chain] = [textAt(spot, 'cert'), textAt(spot, 'certChain')];
  const [certificate] = certificatesIn(own);
  const above = certificatesIn(chain);
  if (certificate && chain && above.length > 0 && !above.some(({ subject }) => subject === certificate.issuer))
    report(chain.range, 'chain');
}

export const rule = defineRule({
  id: 'policy/expired-certificate',
  title: 'Certificate that has expired',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-295'] },
  messages: {
    expired: { text: '{object} trusts a certificate that expired on {date}' },
    early: { text: '{object} trusts a certificate that is not valid before {date}' },
    chain: { text: '{object} has a certificate that was not issued by the configured chain' },
  },
  on: {
    authority({ kind, at, outer }, report, { today }) {
      if (kind === 'other' || kind === 'static') return;
      for (const key of ['cert', 'certChain', 'roots']) checkText(textAt(at, key) ?? textAt(mapAt(at, key), 'value'), today, report);
      // policy-controller's own root; what Notary verifies by
      checkText(textAt(mapAt(at, 'ca-cert'), 'data'), today, report);
      for (const key of ['certs', 'tsaCerts']) checkText(textAt(mapAt(at, key), 'value'), today, report);
      checkText(textAt(mapAt(outer, 'ctlog'), 'tsaCertChain'), today, report);
      checkPair(at, report);
    },
    policy({ is, spec }, report, { today }) {
      if (is !== 'TrustRoot') return;
      const services = mapAt(spec, 'sigstoreKeys');
      for (const spot of ['certificateAuthorities', 'timestampAuthorities'].flatMap(key => mapsAt(services, key)))
        checkText(textAt(spot, 'certChain'), today, report);
    },
  },
});
