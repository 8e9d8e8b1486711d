const { createWriteStream } = require("node:fs");
const { once } = require("node:events");
const os = require("node:os");

const logFile = `${
  process.env.AUDIT_DIR ??
  "/var/log/audit-trail"
}/${os.hostname()}.ndjson`;

async function* events() {
  for (let n = 1; ; n++) {
    yield { n, at: new Date().toISOString(), actor: n % 3 ? "system" : "admin" };
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function main() {
  const sink = createWriteStream(logFile, { flags: "a", mode: 0o640 });
  await once(sink, "open");
  console.log(`appending to ${logFile}`);
  process.once("SIGTERM", () => sink.end(() => process.exit(0)));
  for await (const event of events()) {
    if (!sink.write(JSON.stringify(event) + "\n")) await once(sink, "drain");
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
