import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { withNewApp } from "../src/cli/open-app.ts";
import { loadOptions } from "../src/config/load.ts";
import { OWNER } from "./seed/people.ts";
import { NotEmptyError, seedDatabase } from "./seed/seed-database.ts";

/**
 * Fills an empty database with the history of many connections, for demos, screenshots and measurements.
 *
 *   npm run seed -- --connections 1000 --deliveries 1000000 [--days 30] [--seed 1] [--database postgres://…]
 *                   [--receiver http://127.0.0.1:4000]
 */
const NOWHERE = "https://receivers.invalid"; // never resolves (RFC 6761, 6.4)

const { values } = parseArgs({
  options: {
    connections: { type: "string", default: "100" },
    deliveries: { type: "string", default: "10000" },
    days: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
    database: { type: "string" },
    receiver: { type: "string", default: NOWHERE },
  },
});

function whole(name: "connections" | "deliveries" | "days" | "seed", min: number): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= min) return number;
  fail(`--${name} must be a whole number of at least ${min}.`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

const password = process.env["OPENSEND_PASSWORD"] ?? randomBytes(12).toString("base64url");
const receiverUrl = URL.parse(values.receiver) ?? fail("--receiver must be a URL.");
const options = {
  connections: whole("connections", 1),
  deliveries: whole("deliveries", 0),
  days: whole("days", 1),
  seed: whole("seed", 0),
  now: Date.now(),
  receiverUrl,
  password,
};
const environment =
  values.database === undefined ? process.env : { ...process.env, DATABASE_URL: values.database };
const startedAt = performance.now();
try {
  await withNewApp(
    () => loadOptions(environment),
    ({ context }) => seedDatabase(context, options),
  );
} catch (error) {
  if (error instanceof NotEmptyError) fail(error.message);
  throw error;
}
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
console.log(
  `Seeded ${options.connections} connections and ${options.deliveries} deliveries in ${seconds} s.`,
);
console.log(`Sign in as ${OWNER.email} with ${password}`);
