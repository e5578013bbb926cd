/** The settings whose change may wait for a second person; an approval finds its kind here. */
import type {
  ModelChange,
  OperatorContext,
} from "../../identity/operator-changes/operator-changes.ts";
import type { ActRequest } from "../acts/act.ts";
import { eraseUserSetting } from "./erase-user.ts";
import { addPlatformKeySetting } from "./key-settings.ts";
import { rotateSecretSetting, setPlatformSetting } from "./platform-settings.ts";
import type { SettingKind, SettingServices } from "./setting.ts";

export interface StoredSettingKind {
  readonly what: string;
  /** Of a request as the log holds it. */
  readonly perform: (
    services: SettingServices,
    context: OperatorContext,
    request: ActRequest,
  ) => Promise<ModelChange>;
}

const KINDS: readonly StoredSettingKind[] = [
  storable(rotateSecretSetting),
  storable(setPlatformSetting),
  storable(addPlatformKeySetting),
  storable(eraseUserSetting),
];

export function findSettingKind(what: string): StoredSettingKind | undefined {
  return KINDS.find((kind) => kind.what === what);
}

/** A stored request is of the kind under whose name it was logged. */
function storable<Request extends ActRequest>({
  what,
  perform,
}: SettingKind<Request>): StoredSettingKind {
  return {
    what,
    perform: (services, context, request) => perform(services, context, request as Request),
  };
}
