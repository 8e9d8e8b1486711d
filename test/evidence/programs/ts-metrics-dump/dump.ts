import * as fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

type Sample = { name: string; value: number; unit?: string };

async function dump(samples: Sample[], dir: string = DEFAULT_DIR): Promise<string> {
	const file = path.posix.format({ dir, name: stamp(), ext: ".tsv" });
	const lines = samples.map(({ name, value, unit = "" }) => [name, value, unit].join("\t"));
	await fs.writeFile(file, lines.join("\n") + "\n");
	return file;
}

function collect(): Sample[] {
	const [one, five] = os.loadavg();
	return [
		{ name: "load.1", value: one ?? 0 },
		{ name: "load.5", value: five ?? 0 },
		{ name: "memory.free", value: os.freemem(), unit: "bytes" },
	];
}

function stamp(): string {
	return new Date().toISOString().replace(/[-:.]/g, "");
}

const DEFAULT_DIR = "/var/backups/metrics";
const SOURCE_DIR = "/sys/fs/cgroup"; // for collectors to come

for (;;) {
	console.log(await dump(collect()));
	await sleep(5000);
}
