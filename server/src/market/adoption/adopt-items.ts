/** The part of adoption that is items and the market. */
import { insertAdoptedPart } from "../../wallets/adoption/adoption-queries.ts";
import type { AdoptionPart } from "../../wallets/adoption/adoption-part.ts";
import { ensureCatalogue } from "../catalogue.ts";

const PART = "items";

export const adoptItems: AdoptionPart = {
  name: PART,
  plan: async () => ({}),
  backfill: async () => undefined,
  async switchOver({ db }) {
    return db.transaction(async (tx) => {
      await ensureCatalogue(tx);
      await insertAdoptedPart(tx, PART, {});
      return {};
    });
  },
};
