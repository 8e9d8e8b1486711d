import { makeActions } from './actions';
import { makeEndOfLife } from './end-of-life';
import { makeImageProfiles } from './image-profiles';
import { makeKubernetesApis } from './kubernetes-apis';
import { makeSecurity } from './security';
import { makeStandards } from './standards';

// Refreshes shared/src/knowledge/data from the collected facts, by hand: `npx tsx tools/knowledge/main.ts [NAME...]`.
const makers: Readonly<Record<string, () => void>> = {
  actions: makeActions,
  'image-profiles': makeImageProfiles,
  security: makeSecurity,
  'end-of-life': makeEndOfLife,
  'kubernetes-apis': makeKubernetesApis,
  standards: makeStandards,
};
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(makers);
const unknown = names.filter(name => !Object.hasOwn(makers, name));
if (unknown.length > 0) {
  console.error(`there is no ${unknown.join(', ')}: NAME is one of ${Object.keys(makers).join(', ')}`);
  process.exitCode = 2;
} else for (const name of names) makers[name]!();
