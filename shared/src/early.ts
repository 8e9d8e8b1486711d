// What a process takes of the engine before it loads the engine, or without it: the supervisor of the language server, `bulkhead --help`. The rest of the face is
// `index`, which is all of the engine.

export { fileBytes, joined, type Masked, masked, type MaskedText, plain, restyled, trusted } from './output/report/masked-text';
export { speak, spoken, translated } from './base/text/phrases';
export { columns, padEnd, printable } from './output/report/printable';
export { textKey } from './base/text/text-key';
export { suggest } from './base/text/suggest';
export { scannerNames } from './services/scan/types';
export { profiles, severities } from './base/terms/types';
