/** The checkout. */
export const root: string;
export function ensureEmbeddedVsCode(): boolean;
export function ensureChromium(): boolean;
/** Debian's packages that are missing. */
export function ensureRegistryPackages(): readonly string[];
export function ensureContainerPackages(): readonly string[];
/** The program; `null` where it is not installed. */
export function findZizmor(): string | null;
