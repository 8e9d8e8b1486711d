import type { Rule } from '../../rule/define-rule';

/** Every rule, sorted by id. `index.js` beside is a build product: tools/rules/products.ts makes it from the files of the rules. */
export declare const rules: readonly Rule[];
