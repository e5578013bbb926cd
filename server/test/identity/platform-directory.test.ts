/** The cached directory of platforms: the legacy three, and changes that reach every process. */
import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";

describe("the directory of platforms", () => {
  it("finds the legacy three and refuses an unknown name", async () => {
    const { services } = await useTestApp();
    const names = (await services.platforms.list()).map(({ name }) => name);
    expect(names.sort()).toEqual(["allinone", "direct", "newday"]);
    expect(await services.platforms.find("allinone")).toMatchObject({
      status: "active",
      hasBareIds: true,
      loginPolicy: "hmac",
      starterGrant: 1000n,
    });
    await expect(services.platforms.requirePlatform("moon", "platform")).rejects.toMatchObject({
      code: "invalid_field",
      details: { field: "platform" },
    });
  });

  it("follows a change at once, in every process", async () => {
    const one = await useTestApp();
    const two = await useTestApp({ database: one.database });
    expect(await two.services.platforms.find("moon")).toBeUndefined();
    await one.database.db.query(
      "insert into newday.platforms (name, login_policy) values ('moon', 'hmac')",
    );
    for (const { services } of [one, two])
      await expect.poll(() => services.platforms.find("moon")).toMatchObject({ name: "moon" });
    await one.database.db.query("update newday.platforms set starter_grant = 5");
    for (const { services } of [one, two])
      await expect.poll(() => services.platforms.find("moon")).toMatchObject({ starterGrant: 5n });
  });
});
