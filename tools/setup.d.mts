/** The checkout. */
export const root: string;
/** The command that installs Chromium on Debian and Ubuntu. */
export const chromiumCommand: string;
export function ensureEmbeddedVsCode(): boolean;
export function ensureChromium(): boolean;
/** Debian's packages that are missing. */
export function ensureRegistryPackages(): readonly string[];
export function ensureContainerPackages(): readonly string[];
/** The program; `null` where it is not installed. */
export function findZizmor(): string | null;
export function findActionlint(): string | null;
