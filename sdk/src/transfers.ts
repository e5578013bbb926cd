import type {
  BulkResult,
  PostAdjustmentBody,
  PostBurnBody,
  PostMintBody,
  PostTransferBody,
  PostTransferBulkBody,
  PostTransferLegsBody,
  PostTransferRefundBody,
  PostTransferUpToBody,
  Transfer,
} from "./generated/api-types.ts";
import type { Request, WriteOptions } from "./request.ts";

/** Movements of money; each carries an idempotency key and posts once, however often it is sent. */
export function transfersOf(request: Request) {
  const path = "/api/v1/transfers";
  return {
    post: (body: PostTransferBody, write: WriteOptions = {}) =>
      request<Transfer>({ method: "POST", path, body, write }),
    /** Moves the available amount, up to a maximum. */
    postUpTo: (body: PostTransferUpToBody, write: WriteOptions = {}) =>
      request<Transfer>({ method: "POST", path: `${path}/up-to`, body, write }),
    /** Several legs in any currencies that sum to zero in each. */
    postLegs: (body: PostTransferLegsBody, write: WriteOptions = {}) =>
      request<Transfer>({ method: "POST", path: `${path}/legs`, body, write }),
    /** Up to 1,000 transfers, `atomic` or `independent`; results in the order sent. */
    postBulk: (body: PostTransferBulkBody, write: WriteOptions = {}) =>
      request<BulkResult>({ method: "POST", path: `${path}/bulk`, body, write }),
    get: (id: string) =>
      request<Transfer>({ method: "GET", path: `${path}/${encodeURIComponent(id)}` }),
    /** Gives back a transfer, whole or in part; at most what it moved. */
    refund: (id: string, body: PostTransferRefundBody = {}, write: WriteOptions = {}) =>
      request<Transfer>({
        method: "POST",
        path: `${path}/${encodeURIComponent(id)}/refunds`,
        body,
        write,
      }),
    /** Makes money of a currency that the caller's platform may mint. */
    mint: (body: PostMintBody, write: WriteOptions = {}) =>
      request<Transfer>({ method: "POST", path: "/api/v1/mints", body, write }),
    /** Corrects a balance by hand; for operators. */
    adjust: (body: PostAdjustmentBody, write: WriteOptions = {}) =>
      request<Transfer>({ method: "POST", path: "/api/v1/adjustments", body, write }),
    burn: (body: PostBurnBody, write: WriteOptions = {}) =>
      request<Transfer>({ method: "POST", path: "/api/v1/burns", body, write }),
  };
}
