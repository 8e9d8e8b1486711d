// What a process takes of the engine before it loads the engine, or without it: the supervisor of the language server, `bulkhead --help`. The rest of the face is
// `index`, which is all of the engine.

export { fileBytes, joined, masked, type MaskedText, plain, restyled, trusted } from './report/masked-text';
export { printable } from './report/printable';
export { textKey } from './text/text-key';
export { suggest } from './text/suggest';
export { scannerNames } from './scan/types';
export { profiles, severities } from './terms/types';
