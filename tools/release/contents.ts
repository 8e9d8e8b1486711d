/** What may be in the package for VS Code, and how large packages may be. */

/** Bytes that the Japanese texts and pages may take of a package. */
const japanese = 250_000;

/** Bytes, as the design has it: the families, what scans images, checks signatures and writes policies, their knowledge, and the parsers of Python and JavaScript (65 kB of it). */
export const vsixLimit = 1_450_000 + japanese;

/** The npm package, packed. */
export const npmLimit = 2_450_000 + japanese;

/** Each file of the npm package. */
export const allowedInNpm =
  /^package\/(?:(?:cli|command|core|server|worker)\.js|package\.json|(?:bulkhead\.schema|rules|rules\.ja|l10n\/(?:cli\.)?ja)\.json|LICENSE|ThirdPartyNotices\.txt|(?:README|SKILL)\.md)$/;

/** Each file of the .vsix. */
export const allowedInVsix: readonly RegExp[] = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package\.json|package\.nls(\.[a-z]{2})?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
  /^extension\/dist\/(client|server|worker|core|browser\/client|browser\/server)\.js$/,
  /^extension\/dist\/(rules(\.[a-z]{2})?\.json|ThirdPartyNotices\.txt)$/,
  /^extension\/syntaxes\/[a-z-]+\.tmLanguage\.json$/,
  /^extension\/schema\/(bulkhead|images)\.schema\.json$/,
  /^extension\/l10n\/[a-z.0-9]+\.json$/,
  /^extension\/skills\/container-hardening\/SKILL\.md$/,
  /^extension\/images\/(icon\.png|harden\.svg|walkthrough\/(?:[a-z]+-(light|dark)\.webp|[a-z]+(?:\.nls\.ja)?\.md))$/,
];
