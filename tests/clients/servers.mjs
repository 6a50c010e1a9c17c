// Starts dynalite, s3rver and fauxqs on free loopback ports, runs the given command with their URLs in its
// environment, stops them, and ends with the command's exit code.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, command, ...args] = process.argv.slice(2);
const require = createRequire(pathToFileURL(join(modules, "package.json")));
const { startFauxqs } = await import(pathToFileURL(join(modules, "node_modules/fauxqs/dist/app.js")).href);
const dynalite = require("dynalite");
const S3rver = require("s3rver");

// fauxqs would take its port from the variable of that name.
delete process.env.FAUXQS_PORT;
delete process.env.FAUXQS_DATA_DIR;

const directory = mkdtempSync(join(tmpdir(), "ads-clients-"));
const dynamodb = dynalite({ createTableMs: 0, deleteTableMs: 0 });
await new Promise((resolve) => dynamodb.listen(0, "127.0.0.1", resolve));
const s3 = new S3rver({ address: "127.0.0.1", port: 0, directory, silent: true, vhostBuckets: false });
const s3Address = await s3.run();
const fauxqs = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false, defaultRegion: "eu-west-1" });

const child = spawn(command, args, {
  stdio: "inherit",
  env: {
    ...process.env,
    ADS_TEST_DYNALITE: `http://127.0.0.1:${dynamodb.address().port}`,
    ADS_TEST_S3RVER: `http://127.0.0.1:${s3Address.port}`,
    ADS_TEST_FAUXQS: `http://127.0.0.1:${fauxqs.port}`,
  },
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
const code = await new Promise((resolve) => {
  child.on("error", (error) => {
    console.error(`cannot start ${command}: ${error.message}`);
    resolve(1);
  });
  child.on("exit", (exit, signal) => resolve(signal ? 1 : exit));
});
rmSync(directory, { recursive: true, force: true });
// The servers live in this process and end with it, kept connections included.
process.exit(code);
