/**
 * `npm run test:fuzz -- --seed N --requests N --seconds N`: sends valid, nearly valid and hostile requests to every
 * operation of /api/v1 and of the older surfaces of a built server, with keys, sessions and none. The seed
 * repeats the requests; ids differ, because the server makes them. Exit status 1 when anything is red.
 */
import fc from "fast-check";
import { parseArgs } from "node:util";
import { CONTRACT_ROUTES } from "./contract-routes.ts";
import { createClient, type Client } from "./http-client.ts";
import { createJudge } from "./judge.ts";
import { Lane, type Grounds } from "./lane.ts";
import { Report } from "./report.ts";
import { operationOfRoute, operationsOf, plansOf, type Document } from "./requests.ts";
import { startServerUnderTest, type ServerUnderTest } from "./server-under-test.ts";

/** A minute in CI; with --requests it may take what 100,000 requests may. */
const CI_SECONDS = 60;
const LONG_SECONDS = 600;
/** As many callers as a small machine serves at a time. */
const LANES = 8;
/**
 * 64 MB of V8's young and old heap at rest, caches that are bounded by entries, bodies of 1 MB in bulk at eight
 * callers, and garbage that V8 collects late. A leak of 4 KB a request passes it within 100,000 requests.
 */
const PEAK_BYTES_MAX = 512 * 1024 * 1024;

const { values: options } = parseArgs({
  options: {
    seed: { type: "string" },
    requests: { type: "string" },
    seconds: { type: "string" },
  },
});
const seed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31));
const requests = options.requests === undefined ? undefined : Number(options.requests);
const seconds = Number(options.seconds ?? (requests === undefined ? CI_SECONDS : LONG_SECONDS));
if (
  ![seed, requests ?? 1, seconds].every((number) => Number.isSafeInteger(number) && number >= 0)
) {
  console.error(
    "usage: npm run test:fuzz -- [--seed N] [--requests N] [--seconds N], whole numbers",
  );
  process.exit(2);
}

console.log(
  `seed ${seed}; repeat with: npm run test:fuzz -- --seed ${seed}${requests ? ` --requests ${requests}` : ""}`,
);
const server = await startServerUnderTest();
try {
  process.exitCode = (await fuzz(server)) ? 0 : 1;
} finally {
  await server.stop();
  server.remove();
}

async function fuzz(under: ServerUnderTest): Promise<boolean> {
  const client = createClient(under.base);
  const report = new Report();
  const lanes = await lanesOf(under, client, report);
  const started = performance.now();
  const end = started + seconds * 1_000;
  const share = Math.ceil((requests ?? Number.MAX_SAFE_INTEGER) / LANES);
  await Promise.all(lanes.map((lane) => lane.run(share, end)));
  const took = (performance.now() - started) / 1_000;
  const sent = lanes.reduce((sum, lane) => sum + lane.sent, 0);
  const slowest = Math.max(...lanes.map((lane) => lane.slowestMs));
  client.close();
  const peak = under.peakBytes();
  await under.stop();
  const { sound, output } = under.audit();

  report.print();
  console.log(
    `\n${sent} requests in ${took.toFixed(0)} s, ${(sent / took).toFixed(0)}/s, seed ${seed}`,
  );
  console.log(`slowest  ${slowest.toFixed(0)} ms of the server's own time`);
  console.log(`memory   ${mebibytes(peak)} at most, of ${mebibytes(PEAK_BYTES_MAX)} allowed`);
  console.log(`audit    ${sound ? "sound" : output}`);
  const broken = under.output().match(/stored data breaks the schema[^\n]*/g) ?? [];
  if (broken.length > 0)
    console.log(`RED      the server logged ${broken.length} times: ${broken[0]}`);
  const tooFew = requests !== undefined && sent < requests;
  if (tooFew) console.log(`RED      ${sent} of ${requests} requests within ${seconds} s`);
  const green = report.isClean && sound && peak <= PEAK_BYTES_MAX && broken.length === 0 && !tooFew;
  console.log(green ? "green" : "RED");
  return green;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
}

async function lanesOf(under: ServerUnderTest, client: Client, report: Report): Promise<Lane[]> {
  const openapi = await client.send({
    method: "GET",
    target: "/api/v1/openapi.json",
    headers: {},
    body: undefined,
  });
  const document = JSON.parse(openapi.text) as Document;
  const components = document.components.schemas;
  const plans = fc.oneof(
    ...operationsOf(document).map((operation) => plansOf(operation, components)),
    ...CONTRACT_ROUTES.map((route) => plansOf(operationOfRoute(route), components, route)),
  );
  const grounds: Grounds = {
    client,
    report,
    plans,
    judge: createJudge(document, CONTRACT_ROUTES),
    starvedMs: under.starvedMs,
    keys: {
      platform: under.createKey("platform"),
      operator: under.createKey("operator"),
      service: under.serviceKey,
    },
  };
  const lanes = Array.from({ length: LANES }, (_, at) => new Lane(grounds, seed, at));
  await Promise.all(lanes.map((lane) => lane.prepare()));
  return lanes;
}
