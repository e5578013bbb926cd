/** Data folders and users as they are shipped, mounted and copied. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { initializeCluster, startCluster } from "../../src/db/cluster.ts";
import { runnableBinaries } from "../../src/db/embedded/binaries.ts";
import { openDataFolder } from "../../src/db/embedded/data-folder.ts";
import { openEmbedded } from "../../src/db/embedded/open-embedded.ts";
import { clusterOwner } from "../../src/db/cluster.ts";
import { handOver } from "../../src/db/embedded/unprivileged.ts";
import { homeOf, useDataFolder, useEmbedded } from "../embedded/support.ts";
import { buildOnce } from "../support/server-process.ts";
import { AS_ROOT, asUser, canRead, NAMELESS, startWrapped } from "./support.ts";

const NOBODY = 65_534;

beforeAll(buildOnce);

describe("D4: a place that takes no folder is refused in words", () => {
  it.runIf(process.platform === "linux")("on a file system without folders, or in a device", () => {
    for (const place of ["/proc/nd", "/sys/nd", "/proc/self/nd/deep", "/dev/null", "/dev/null/nd"])
      expect(refusalOf(place)).toMatchObject({
        message: expect.stringContaining(`The data folder ${place} cannot be used`),
        remedy: { en: expect.stringMatching(/NEWDAY_DATA_DIR to a folder/) },
      });
  });

  it.runIf(canRead(NAMELESS))(
    "as a user who may not make it, with the command for root",
    async () => {
      const parent = useDataFolder();
      mkdirSync(parent, { mode: 0o711 });
      const folder = join(parent, "nd");
      const server = startWrapped(["setpriv", ...asUser(NAMELESS)], { NEWDAY_DATA_DIR: folder });
      expect(await server.exited).toBe(3);
      expect(server.output()).toContain(`mkdir -p ${folder} && chown ${NAMELESS} ${folder}`);
    },
  );

  it("at a file, in a file, and at a link to nothing", () => {
    const folder = useDataFolder();
    mkdirSync(folder);
    const [file, link] = [join(folder, "file"), join(folder, "link")];
    writeFileSync(file, "");
    symlinkSync(join(folder, "nothing"), link);
    for (const place of [file, join(file, "nd"), link, join(link, "nd")])
      expect(() => openDataFolder(place)).toThrow(`The data folder ${place} cannot be used`);
  });

  it("but missing parents are made", () => {
    const folder = useDataFolder();
    expect(openDataFolder(join(folder, "a", "b")).folder).toBeDefined();
  });
});

describe("D2: a user id without a name", () => {
  it.runIf(canRead(NAMELESS))(
    "makes its own database, and leaves no copies of the programs behind",
    async () => {
      const folder = useDataFolder();
      mkdirSync(folder, { mode: 0o700 });
      chownSync(folder, NAMELESS, NAMELESS);
      const server = startWrapped(["setpriv", ...asUser(NAMELESS)], { NEWDAY_DATA_DIR: folder });
      const base = await server.base;
      expect(base, server.output()).toBeDefined();
      const wallet = await fetch(`${base}/api/shared/wallet/allinone-prod-test-123`);
      expect([wallet.status, await wallet.json()]).toMatchObject([200, { gameCoins: 1000 }]);
      expect(statSync(join(folder, "data")).uid).toBe(NAMELESS);
      expect(readdirSync(folder).filter((name) => name.includes("init"))).toEqual([]);
    },
  );

  it.runIf(canRead(NAMELESS))("starts on a database that root has made for it", async () => {
    const folder = useDataFolder();
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, NAMELESS, NAMELESS);
    await (await openEmbedded(folder)).stop();
    expect(statSync(join(homeOf(folder), "data")).uid).toBe(NAMELESS);
    const server = startWrapped(["setpriv", ...asUser(NAMELESS)], { NEWDAY_DATA_DIR: folder });
    expect(await server.base, server.output()).toBeDefined();
  });
});

it("D4: a comma and a quote in the path of the data folder are part of its name", async () => {
  const { db } = await useEmbedded(useDataFolder('da,ta "1"'));
  expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
});

describe("D5: a copied data folder", () => {
  it("starts with the modes of a copy", async () => {
    const folder = useDataFolder();
    await (await openEmbedded(folder)).stop();
    chmodSync(join(homeOf(folder), "data"), 0o775);
    const { db } = await useEmbedded(folder);
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
  });

  it.runIf(AS_ROOT)("starts when root has made it with cp -r", async () => {
    const folder = useDataFolder();
    const { db, close } = await useEmbedded(folder);
    await db.query("create table kept (one int)");
    await close();
    const copy = useDataFolder();
    expect(spawnSync("cp", ["-r", homeOf(folder), copy]).status).toBe(0);
    const copied = await useEmbedded(copy);
    expect(await copied.db.query("select * from kept")).toEqual([]);
  });

  it("PostgreSQL's own detail and hint reach the person", async () => {
    const folder = useDataFolder();
    const owner = clusterOwner();
    const { binDir } = runnableBinaries(owner);
    const dataDir = join(folder, "data");
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    for (const path of [folder, dataDir]) handOver(path, owner);
    initializeCluster({ binDir, dataDir, superuser: "newday", owner });
    chmodSync(dataDir, 0o777);
    const started = startCluster({
      binDir,
      dataDir,
      socketDir: folder,
      settings: {},
      port: 5432,
      superuser: "newday",
      owner,
    });
    await expect(started).rejects.toThrow(/invalid permissions\. Permissions should be u=rwx/);
  });
});

describe.runIf(AS_ROOT)("L8: the server of a root process", () => {
  it("lets no process of the user nobody in, and its files belong to an id of their own", async () => {
    const folder = useDataFolder();
    const { embedded } = await useEmbedded(folder);
    expect(statSync(join(homeOf(folder), "data")).uid).not.toBe(NOBODY);
    const { host, port } = embedded.connection;
    const connect = `require("net").connect("${host}/.s.PGSQL.${port}").on("error", (e) => console.log(e.code)).on("connect", () => { console.log("in"); process.exit(); })`;
    const { stdout } = spawnSync("setpriv", [...asUser(NOBODY), process.execPath, "-e", connect], {
      encoding: "utf8",
      cwd: "/",
    });
    expect(stdout.trim()).toBe("EACCES");
  });

  it("takes the files of an older version away from the user nobody", async () => {
    const folder = useDataFolder();
    await (await openEmbedded(folder)).stop();
    spawnSync("chown", ["-R", `${NOBODY}:${NOBODY}`, homeOf(folder)]);
    const { db } = await useEmbedded(folder);
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
    expect(statSync(join(homeOf(folder), "data", "PG_VERSION")).uid).not.toBe(NOBODY);
  });
});

function refusalOf(place: string): unknown {
  try {
    return openDataFolder(place);
  } catch (error) {
    return error;
  }
}
