/** Keys with which platforms call /api/v1. A key acts for every user of its platform: making one needs two people. */
import { addPlatformKey, endPlatformKey } from "../../identity/platform-keys.ts";
import type { KeyRole } from "../../identity/scopes.ts";
import { always, never, type SettingKind } from "./setting.ts";

export type WantedPlatformKey = {
  readonly platform: string;
  readonly role: KeyRole;
  readonly scopes: readonly string[];
  readonly label: string;
  readonly reason: string;
};

export const addPlatformKeySetting: SettingKind<WantedPlatformKey> = {
  what: "key create",
  role: "owner",
  subjectOf: ({ platform }) => platform,
  needsApproval: always,
  perform: ({ db }, context, { platform, role, scopes, label }) =>
    addPlatformKey(db, context, { platform, role, scopes, label }),
};

export type RevokedKey = { readonly id: string; readonly reason: string };

export const revokePlatformKeySetting: SettingKind<RevokedKey> = {
  what: "key revoke",
  role: "owner",
  subjectOf: ({ id }) => id,
  needsApproval: never,
  perform: ({ db }, context, { id }) => endPlatformKey(db, context, id),
};
