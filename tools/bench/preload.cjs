// Loaded into a process that is measured: writes at its end what it has used to the file that BULKHEAD_BENCH_USED names.
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const file = process.env.BULKHEAD_BENCH_USED;
if (isMainThread && file)
  process.once('exit', () => {
    const { user, system } = process.cpuUsage();
    writeFileSync(file, JSON.stringify({ cpu: (user + system) / 1000, memory: process.resourceUsage().maxRSS / 1024 }));
  });
