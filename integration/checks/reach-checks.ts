/**
 * Checks that every method and every origin reach the server. CORS and methods were once missing
 * route by route, so refusals and unknown routes are requested too.
 */
import { PATHS, proved, type Check } from "./check.ts";
import { expectRefusal, expectStatus, show } from "./expect.ts";
import { listAt, stringAt, valueAt } from "./json.ts";

export const reachChecks: readonly Check[] = [
  {
    id: "health",
    group: "reach",
    source: "B1",
    title: {
      zh: "服务器在线，并说明自己的版本",
      en: "The server is up and says which build it is",
    },
    remedy: {
      zh: "确认服务已启动、地址与端口正确；若返回 503，请按响应中的 message 处理。",
      en: "Check that the server runs and that address and port are right; on a 503 do what its message says.",
    },
    async run(session) {
      const answer = await session.call("GET", "/api/health");
      expectStatus(answer, 200);
      session.leave("compatibilityLogins", compatibilityLoginsIn(answer.body));
      const mode = stringAt(answer.body, "mode") ?? "?";
      const schema = show(valueAt(answer.body, "schemaVersion"));
      const unsafe = unsafeSettingsIn(answer.body);
      return proved(
        `运行模式 ${mode}，数据库结构版本 ${schema}${unsafe && `；警告：${unsafe}，断电会丢失或损坏已确认的写入`}`,
        `mode ${mode}, schema ${schema}${unsafe && `; warning: ${unsafe}, a power cut loses or damages acknowledged writes`}`,
      );
    },
  },
  {
    id: "head-probes",
    group: "reach",
    source: "PS6",
    title: { zh: "HEAD 探测 /、/api、/api/allinone", en: "HEAD on /, /api and /api/allinone" },
    remedy: {
      zh: "这三个路径必须对 HEAD 返回 200；检查反向代理是否拦截了 HEAD。",
      en: "These three paths must answer HEAD with 200; see whether a proxy in front swallows HEAD.",
    },
    async run(session) {
      for (const path of ["/", "/api", "/api/allinone"])
        expectStatus(await session.call("HEAD", path), 200);
      return proved("三个路径均返回 200", "all three answer 200");
    },
  },
  {
    id: "cors-null",
    group: "reach",
    source: "B2 B3",
    title: {
      zh: "跨域：从磁盘打开的页面（origin null）可以调用两个接口面",
      en: "CORS: a page opened from disk (origin null) may call both surfaces",
    },
    remedy: {
      zh: "浏览器没有得到 CORS 响应头：检查代理或 CDN 是否删除了 Access-Control-* 头，或没有放行 OPTIONS。",
      en: "The browser was given no CORS headers: see whether a proxy or CDN drops Access-Control-* or blocks OPTIONS.",
    },
    async run(session) {
      const options = { fromDisk: true, headers: { "content-type": "application/json" } };
      expectStatus(await session.call("GET", PATHS.sharedMarket, options), 200);
      const refused = await session.call("GET", PATHS.balance, {
        ...options,
        token: "cors-probe",
      });
      expectStatus(refused, 401);
      const unknown = await session.call("GET", "/api/no-such-route", options);
      expectStatus(unknown, 404);
      return proved(
        "带 Content-Type 与 Authorization 的请求通过预检；401 与 404 也能读到",
        "requests with Content-Type and Authorization pass the preflight; 401 and 404 are readable too",
      );
    },
  },
  {
    id: "options-anywhere",
    group: "reach",
    source: "PS6",
    title: { zh: "OPTIONS 在任何路径上都有回应", en: "OPTIONS is answered on every path" },
    remedy: {
      zh: "OPTIONS 必须在路由之前统一处理并返回 204（或 200）。",
      en: "OPTIONS must be answered before routing, with 204 (or 200).",
    },
    async run(session) {
      for (const path of [PATHS.login, PATHS.sharedMarket, "/api/no-such-route"])
        expectStatus(await session.call("OPTIONS", path), 204, 200);
      return proved("已知与未知路径均返回 2xx", "known and unknown paths answer 2xx");
    },
  },
  {
    id: "json-everywhere",
    group: "reach",
    source: "B5 B13",
    title: {
      zh: "未知路径与错误方法也返回 JSON",
      en: "Unknown routes and wrong methods answer with JSON",
    },
    remedy: {
      zh: "404 与 405 必须由服务器自己返回 JSON，而不是代理的 HTML 页面。",
      en: "404 and 405 must come from the server as JSON, not from a proxy as HTML.",
    },
    async run(session) {
      expectRefusal(await session.call("GET", "/api/no-such-route"), 404, "NOT_FOUND");
      const wrong = await session.call("GET", PATHS.login);
      expectRefusal(wrong, 405, "METHOD_NOT_ALLOWED");
      const broken = await session.call("POST", PATHS.login, { body: "{" });
      expectRefusal(broken, 400, "INVALID_JSON");
      return proved(
        "404、405、400 都是约定的 JSON 错误",
        "404, 405 and 400 are the agreed JSON refusals",
      );
    },
  },
];

/** A sandbox lets every platform in, so it needs none. */
function compatibilityLoginsIn(health: unknown): string[] {
  if (valueAt(health, "permits.loginWithoutProof") === true) return [];
  return listAt(health, "permits.compatibilityLogins").filter((name) => typeof name === "string");
}

/** Settings of the database server, such as `fsync = off`; an operator's matter, so the check stays green. */
function unsafeSettingsIn(health: unknown): string {
  const check = listAt(health, "checks").find(
    (one) => stringAt(one, "name") === "a committed write survives a power cut",
  );
  return listAt(check, "evidence").join(", ");
}
