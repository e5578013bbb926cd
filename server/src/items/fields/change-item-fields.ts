/** Changes the fields of an item, by the platform that defined its type. */
import type { Queryable } from "../../db/database.ts";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { OperationTerms, Outcome } from "../../engine/operation.ts";
import { NewDayError } from "../../errors/errors.ts";
import { submitResolved } from "../../ledger/transfers/submit-resolved.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";
import { skeletonOf } from "../../lib/skeleton.ts";
import { defineItem } from "../items/definitions.ts";
import { refuseField } from "../items/item-fields.ts";
import type { Item } from "../items/item-queries.ts";
import type { ItemResult } from "../items/item-snapshot.ts";
import { labelParts } from "../labels/label-name.ts";
import { findLabel } from "../labels/label-queries.ts";
import { changeFieldsOperation } from "./change-fields-operation.ts";
import {
  changeFields,
  storedFields,
  type FieldRule,
  type FieldValue,
} from "../items/field-rules.ts";

export interface FieldsChange {
  readonly item: Item;
  /** The caller's. */
  readonly platform: string;
  /** null removes. */
  readonly fields: Readonly<Record<string, FieldValue | null>>;
  readonly version: bigint | null;
}

/** Each lost attempt is another change of the item; so many at once are a mistake. */
const ATTEMPTS_MAX = 20;

/**
 * `resolve` finds the item; its failure is answered with the first outcome under the key. Errors: those of
 * `resolve`, `forbidden` for another platform's type, `invalid_field`, `missing_fields`,
 * `idempotency_conflict`, and those of the engine.
 */
export async function changeItemFields<Given extends FieldsChange>(
  services: PostingServices,
  resolve: () => Promise<Exactly<FieldsChange, Given>>,
  terms: OperationTerms,
): Promise<Outcome<ItemResult>> {
  const prepare = async () => {
    const { item, platform, fields: sent, version, ...unread }: FieldsChange = await resolve();
    unread satisfies NothingElse;
    const rules = await requireRules(services.db, item, platform);
    const fields = storedFields(changeFields(rules, item.fields ?? {}, sent));
    const payload = {
      itemId: item.id,
      ownerId: item.ownerId,
      definitionBefore: item.definitionId,
      definitionAfter: await defineItem(services.db, { ...item, fields }, "fields"),
      version,
    };
    return operationOf(changeFieldsOperation, payload, terms);
  };
  for (let attempt = 1; ; attempt += 1)
    try {
      return await submitResolved(services, { type: changeFieldsOperation, terms, prepare });
    } catch (error) {
      const isBusy = error instanceof NewDayError && error.code === "database_busy";
      if (!isBusy || attempt >= ATTEMPTS_MAX) throw error;
    }
}

/** Errors: `forbidden`, `invalid_field`. */
async function requireRules(
  db: Queryable,
  { ownType }: Item,
  platform: string,
): Promise<readonly FieldRule[]> {
  const home = labelParts(ownType ?? "");
  if (!home)
    throw refuseField(
      "fields",
      { en: "are for items of a platform's own type", zh: "仅适用于平台自定义类型的道具" },
      {
        en: "Grant the item with a type of PUT /api/v1/item-types/{name}.",
        zh: "请以 PUT /api/v1/item-types/{name} 定义的类型发放道具",
      },
    );
  if (home.platform !== platform)
    throw new NewDayError("forbidden", {
      field: "id",
      rule: {
        en: `is an item of ${home.platform}, whose key alone changes its fields`,
        zh: `是 ${home.platform} 的道具，只有该平台的密钥可以修改其字段`,
      },
      remedy: {
        en: `Ask ${home.platform} to change it.`,
        zh: `请联系 ${home.platform} 修改`,
      },
    });
  const label = await findLabel(db, {
    platform,
    kind: "type",
    skeleton: skeletonOf(home.name),
  });
  return label?.fields ?? [];
}
