import { makeImageProfiles } from './image-profiles';
import { makeSecurity } from './security';

// Refreshes shared/src/knowledge/data from the collected facts. Run by hand: `npx tsx tools/knowledge/main.ts`.
makeImageProfiles();
makeSecurity();
