/** Every route of /api/v1, by name. */
import type { V1App, V1Services } from "../../v1/v1-app.ts";
import { listCurrenciesRoute } from "./list-currencies.ts";
import { postTransferRoute } from "./post-transfer.ts";

export function v1Routes(v1: V1App, services: V1Services): void {
  listCurrenciesRoute(v1, services);
  postTransferRoute(v1, services);
}
