/** `newday doctor`, run as a program against a listening server. */
import { createServer, type Server } from "node:http";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { useTestApp } from "../support/app.ts";
import { buildOnce, newdayBeside } from "../support/server-process.ts";

beforeAll(buildOnce);

describe("newday doctor", () => {
  it("ends with 0 on a healthy server, and again on a second run", async () => {
    const base = await listeningApp();
    for (const run of [1, 2]) {
      const { status, stdout } = await doctor("--base-url", base, "--json");
      const report = JSON.parse(stdout);
      const notGreen = report.checks.filter(
        ({ verdict }: { verdict: string }) => verdict !== "green",
      );
      expect([run, status, notGreen]).toEqual([run, 0, []]);
      expect(stdout).not.toMatch(/nd_token_[A-Za-z0-9_-]{12}/);
    }
  });

  it("ends with 1 on a server that keeps no promise, and says what to do", async () => {
    const base = await listening(
      createServer((_request, response) => response.writeHead(500).end("<h1>oops</h1>")),
    );
    const { status, stdout } = await doctor("--base-url", base, "--lang", "en");
    expect(status).toBe(1);
    expect(stdout).toContain("What to do:");
    expect(stdout).toMatch(/ [1-9]\d* failed/);
  });

  it("sees what a browser sees: without CORS headers a page from disk gets nothing", async () => {
    const base = await listening(
      createServer((_request, response) => response.writeHead(200).end("{}")),
    );
    const { status, stdout } = await doctor("--base-url", base, "--json");
    const { checks } = JSON.parse(stdout);
    const cors = checks.find(({ id }: { id: string }) => id === "cors-null");
    expect([status, cors.verdict]).toEqual([1, "red"]);
    expect(cors.finding.en).toContain("Access-Control-Allow-Origin: (none)");
  });

  it("ends with 4 where nothing listens, in one line", async () => {
    const { status, stdout, stderr } = await doctor("--base-url", "http://127.0.0.1:9");
    expect([status, stdout]).toEqual([4, ""]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("reports unknown to a program where no server answers", async () => {
    const { status, stdout } = await doctor("--base-url", "http://127.0.0.1:9", "--json");
    expect(status).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "unreachable" });
  });

  it("asks the server of `npm start` when no address is given", async () => {
    const { status, stderr } = await doctorWith({ PORT: "9", LC_ALL: "C" });
    expect([status, stderr]).toEqual([
      4,
      expect.stringContaining("http://localhost:9 does not answer"),
    ]);
    const wrong = await doctorWith({ NEWDAY_PLATFORM_SECRETS: "allinone" });
    expect([wrong.status, wrong.stderr]).toEqual([
      2,
      expect.stringContaining("NEWDAY_PLATFORM_SECRETS"),
    ]);
  });

  it("is green in production with the platform's secret, and says what it needs without", async () => {
    const NEWDAY_PLATFORM_SECRETS = `allinone=${"s".repeat(40)}`;
    const base = await listeningApp({ NEWDAY_MODE: "production", NEWDAY_PLATFORM_SECRETS });
    const args = ["--base-url", base, "--json"];
    const signed = await doctorWith({ NEWDAY_PLATFORM_SECRETS }, ...args);
    const notGreen = JSON.parse(signed.stdout).checks.filter(
      ({ verdict }: { verdict: string }) => verdict !== "green",
    );
    expect([signed.status, notGreen]).toEqual([0, []]);
    const unsigned = await doctorWith({}, ...args);
    const login = JSON.parse(unsigned.stdout).checks.find(
      ({ id }: { id: string }) => id === "login",
    );
    expect([unsigned.status, login.verdict]).toEqual([1, "red"]);
    expect(login.remedy.en).toContain("NEWDAY_PLATFORM_SECRETS");
  });

  it.each([[["--base-url", "localhost:5000"]], [["--base-url", "http://x", "--lang", "fr"]]])(
    "ends with 2 on wrong usage %j",
    async (args) => {
      expect((await doctor(...args)).status).toBe(2);
    },
  );
});

async function listeningApp(env: Record<string, string> = {}): Promise<string> {
  const { app } = await useTestApp({ env });
  return app.listen({ port: 0, host: "127.0.0.1" });
}

function listening(server: Server): Promise<string> {
  onTestFinished(() => void server.close());
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
    });
  });
}

function doctor(...args: string[]) {
  return doctorWith({}, ...args);
}

function doctorWith(env: Record<string, string>, ...args: string[]) {
  return newdayBeside(["doctor", ...args], env);
}
