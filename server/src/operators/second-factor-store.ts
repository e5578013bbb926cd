/** The second factors of operators, for the rotation of the key that encrypts them. */
import type { SealedStore } from "../identity/platforms/secret-changes.ts";
import { listSealedSecondFactors, updateSealedSecondFactor } from "./operator-queries.ts";
import { boundTo } from "./second-factor.ts";

export const SECOND_FACTORS: SealedStore = {
  list: async (tx) =>
    (await listSealedSecondFactors(tx)).map(({ id, ...sealed }) => ({
      ...sealed,
      platform: boundTo(id),
    })),
  update: (tx, sealed) => updateSealedSecondFactor(tx, sealed),
};
