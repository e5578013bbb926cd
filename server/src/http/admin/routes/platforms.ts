/** `/api/admin/platforms`: the platforms that bring users, by the use cases of `newday platform`. */
import { Type } from "typebox";
import {
  readPlatforms,
  refuseUnknownPlatform,
  type Platform,
} from "../../../identity/platforms/platform-directory.ts";
import { viewPlatform } from "../../../identity/platforms/platform-view.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import {
  addPlatformSetting,
  endPlatformSessionsSetting,
  resumePlatformSetting,
  rotateSecretSetting,
  setPlatformSetting,
  suspendPlatformSetting,
  type WantedPlatform,
} from "../../../operators/settings/platform-settings.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { dryRunQuery, ref, strictObject } from "../../v1/schemas/schemas.ts";
import { PlatformName } from "../../v1/schemas/schemas-policies.ts";
import { answerSetting, changesFor } from "../app/answer-setting.ts";
import { actReplies, ReasonSchema } from "../app/schemas-admin.ts";
import { keepOldFor, PlatformSchema, platformValues } from "../app/schemas-settings.ts";

const tags = ["Platforms"];
const params = strictObject({ name: PlatformName });
const viewers = { operators: { role: "viewer" } } as const;
const owners = changesFor("owner");
const changed = { tags, querystring: dryRunQuery, response: actReplies };
const named = { ...changed, params, body: strictObject({ reason: ref(ReasonSchema) }) };

const listSchema = {
  operationId: "listPlatforms",
  tags,
  title: { en: "List the platforms", zh: "列出平台" },
  response: { 200: strictObject({ data: Type.Array(ref(PlatformSchema)) }) },
};

const getSchema = {
  operationId: "getPlatform",
  tags,
  title: { en: "Read a platform", zh: "查看平台" },
  params,
  response: { 200: ref(PlatformSchema) },
};

const addSchema = {
  ...changed,
  operationId: "postPlatform",
  title: { en: "Add a platform", zh: "添加平台" },
  description:
    "`secret` of the reply proves its users' logins, unless they prove themselves by public keys.",
  body: strictObject({
    name: PlatformName,
    ...platformValues,
    reason: ref(ReasonSchema),
  }),
};

const setSchema = {
  ...changed,
  operationId: "patchPlatform",
  title: { en: "Change a platform", zh: "更改平台" },
  description:
    "Changes what the body names. A change of the login policy or of the public keys always waits for a second person, " +
    "because their holder opens every user of the platform.",
  params,
  body: strictObject({
    ...platformValues,
    keepOldForSeconds: keepOldFor,
    reason: ref(ReasonSchema),
  }),
};

const rotateSchema = {
  ...changed,
  operationId: "postPlatformSecret",
  title: { en: "Give a platform a new secret", zh: "更换平台密钥" },
  description:
    "Always waits for a second person, whose reply shows the new secret. Without `keepOldForSeconds` the old one is " +
    "withdrawn and its sessions end.",
  params,
  body: strictObject({ keepOldForSeconds: keepOldFor, reason: ref(ReasonSchema) }),
};

const suspendSchema = {
  ...named,
  operationId: "postPlatformSuspension",
  title: { en: "Suspend a platform", zh: "停用平台" },
  description: "Refuses its logins, sessions and keys at once, on every server.",
};

const resumeSchema = {
  ...named,
  operationId: "deletePlatformSuspension",
  title: { en: "Resume a platform", zh: "恢复平台" },
};

const sessionsSchema = {
  ...named,
  operationId: "deletePlatformSessions",
  title: { en: "End every session of a platform", zh: "结束平台的所有会话" },
  description: "Its users log in again.",
};

export function platformRoutes(admin: V1App, services: Services): void {
  admin.get("/platforms", { schema: listSchema, config: viewers }, async () => {
    const platforms = await readAll(services);
    return { data: await Promise.all([...platforms.values()].map(showPlatform)) };
  });
  admin.get("/platforms/:name", { schema: getSchema, config: viewers }, async (request) => {
    const { name } = request.params;
    const platform = (await readAll(services)).get(name);
    return showPlatform(platform ?? refuseUnknownPlatform(name, "name"));
  });
  admin.post("/platforms", { schema: addSchema, config: owners }, async (request, reply) => {
    const { name, reason, ...values } = request.body;
    const wanted = { name, reason, ...readValues(values) };
    return answerSetting(services, { request, reply }, addPlatformSetting, wanted);
  });
  admin.patch("/platforms/:name", { schema: setSchema, config: owners }, async (request, reply) => {
    const { reason, keepOldForSeconds = 0, ...values } = request.body;
    const wanted = { ...request.params, reason, keepOldForSeconds, ...readValues(values) };
    return answerSetting(services, { request, reply }, setPlatformSetting, wanted);
  });
  admin.post(
    "/platforms/:name/secret",
    { schema: rotateSchema, config: owners },
    async (request, reply) => {
      const { reason, keepOldForSeconds = 0, ...unread } = request.body;
      unread satisfies NothingElse;
      const wanted = { ...request.params, reason, keepOldForSeconds };
      return answerSetting(services, { request, reply }, rotateSecretSetting, wanted);
    },
  );
  addStatusRoutes(admin, services);
}

function addStatusRoutes(admin: V1App, services: Services): void {
  admin.post(
    "/platforms/:name/suspension",
    { schema: suspendSchema, config: owners },
    async (request, reply) => {
      const { reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const wanted = { ...request.params, reason };
      return answerSetting(services, { request, reply }, suspendPlatformSetting, wanted);
    },
  );
  admin.delete(
    "/platforms/:name/suspension",
    { schema: resumeSchema, config: owners },
    async (request, reply) => {
      const { reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const wanted = { ...request.params, reason };
      return answerSetting(services, { request, reply }, resumePlatformSetting, wanted);
    },
  );
  admin.delete(
    "/platforms/:name/sessions",
    { schema: sessionsSchema, config: owners },
    async (request, reply) => {
      const { reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const wanted = { ...request.params, reason };
      return answerSetting(services, { request, reply }, endPlatformSessionsSetting, wanted);
    },
  );
}

type GivenValues = {
  readonly [Name in keyof Omit<WantedPlatform, "name" | "reason">]:
    | WantedPlatform[Name]
    | undefined;
};

/** The members that are given. */
function readValues(given: GivenValues): Omit<WantedPlatform, "name" | "reason"> {
  const { login, origins, jwks, jwksUrl, starterGrant, starterBudgetPerDay, ...more } = given;
  const { compatibilityCap, compatibilityAccepted, ...unread } = more;
  unread satisfies NothingElse;
  return {
    ...(login !== undefined && { login }),
    ...(origins !== undefined && { origins }),
    ...(jwks !== undefined && { jwks }),
    ...(jwksUrl !== undefined && { jwksUrl }),
    ...(starterGrant !== undefined && { starterGrant }),
    ...(starterBudgetPerDay !== undefined && { starterBudgetPerDay }),
    ...(compatibilityCap !== undefined && { compatibilityCap }),
    ...(compatibilityAccepted !== undefined && { compatibilityAccepted }),
  };
}

/** As stored, so that a change shows at once whatever this process has cached. */
function readAll({ db, config }: Services): Promise<ReadonlyMap<string, Platform>> {
  const { secretsKey: key, platformSecrets: environment } = config;
  return readPlatforms(db, { key, environment });
}

async function showPlatform(platform: Platform) {
  const { name, createdAt } = platform;
  return { name, ...(await viewPlatform(platform)), createdAt: createdAt.toISOString() };
}
