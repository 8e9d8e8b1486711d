import { makeEndOfLife } from './end-of-life';
import { makeImageProfiles } from './image-profiles';
import { makeKubernetesApis } from './kubernetes-apis';
import { makePackageManagers } from './package-managers';
import { makeSecurity } from './security';
import { makeStandards } from './standards';

// Refreshes shared/src/knowledge/data from the collected facts. Run by hand: `npx tsx tools/knowledge/main.ts`.
makeImageProfiles();
makeSecurity();
makeEndOfLife();
makeKubernetesApis();
makePackageManagers();
makeStandards();
