import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/generated/index';
import { serveWorker } from './host/node/serve';

serveWorker(createEngine(rules));
