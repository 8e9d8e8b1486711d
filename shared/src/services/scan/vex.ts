import { at } from './values';

/** A larger VEX document is not read. */
export const maxVexLength = 16 << 20;

/** Why a text is no VEX document that a scanner of images takes, as a short English phrase that goes on from its name and quotes nothing; `null`: it is one. Never throws. */
export function vexProblem(text: string): string | null {
  if (text.length > maxVexLength) return `is longer than ${maxVexLength >> 20} MB`;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'is no VEX document: it is not JSON';
  }
  if (at(json, 'bomFormat') === 'CycloneDX') return 'is of CycloneDX, which scanners take for SBOMs alone: OpenVEX or CSAF is needed';
  // what Trivy 0.74 goes by
  const context = at(json, '@context');
  const isOpenVex = typeof context === 'string' && context !== '' && Array.isArray(at(json, 'statements'));
  const isCsaf = Array.isArray(at(json, 'vulnerabilities')) && typeof at(json, 'document') === 'object';
  return isOpenVex || isCsaf ? null : 'is no VEX document: it is neither OpenVEX nor CSAF';
}
