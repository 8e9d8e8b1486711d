import { createEngine, rules } from '../../shared/src/index';
import { serveWorker } from './host/node/serve';

serveWorker(createEngine(rules));
