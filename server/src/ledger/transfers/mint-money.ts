/** Issues money to a user and burns it, against the mint account of a platform. */
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { Operation, OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import { burnOperation, mintOperation, type MintPayload } from "./mint-operation.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface Minting extends Omit<MintPayload, "mint"> {
  readonly direction: "mint" | "burn";
}

/** One minting or burning, ready to be posted alone or with others. */
export async function prepareMinting<Given extends Minting>(
  { directory }: PostingServices,
  minting: Exactly<Minting, Given>,
  terms: OperationTerms,
): Promise<Operation<null>> {
  const { direction, platform, account, amount, ...unread }: Minting = minting;
  unread satisfies NothingElse;
  const mint = await directory.systemWallet(platform, "mint");
  const type = direction === "mint" ? mintOperation : burnOperation;
  return operationOf(type, { platform, mint, account, amount }, terms);
}

export async function mintMoney<Given extends Minting>(
  services: PostingServices,
  minting: Exactly<Minting, Given>,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(services.engine, await prepareMinting(services, minting, terms));
}
