const fs = require('fs');
const { log } = require('../../../packages/log');

function beat() {
  fs.writeFileSync('/tmp/worker-alive', String(Date.now()));
  log('worked');
}
beat();
const timer = setInterval(beat, 2000);
process.once('SIGTERM', () => clearInterval(timer));
