/** Every route of /api/v1, by name. */
import type { V1App, V1Services } from "../../v1/v1-app.ts";
import { exportStatementRoute } from "./export-statement.ts";
import { getAccountRoutes } from "./get-account.ts";
import { getHoldRoute } from "./get-hold.ts";
import { getStatementRoute } from "./get-statement.ts";
import { getTransferRoute } from "./get-transfer.ts";
import { getWalletRoute } from "./get-wallet.ts";
import { listCurrenciesRoute } from "./list-currencies.ts";
import { listHoldsRoute } from "./list-holds.ts";
import { postAccountStateRoutes } from "./post-account-state.ts";
import { postExchangeRoute } from "./post-exchange.ts";
import { postHoldCaptureRoute } from "./post-hold-capture.ts";
import { postHoldVoidRoute } from "./post-hold-void.ts";
import { postHoldRoute } from "./post-hold.ts";
import { postMintRoutes } from "./post-mint.ts";
import { postQuoteRoute } from "./post-quote.ts";
import { postTransferBulkRoute } from "./post-transfer-bulk.ts";
import { postTransferLegsRoute } from "./post-transfer-legs.ts";
import { postTransferRefundRoute } from "./post-transfer-refund.ts";
import { postTransferUpToRoute } from "./post-transfer-up-to.ts";
import { postTransferRoute } from "./post-transfer.ts";
import { putWalletRoute } from "./put-wallet.ts";

export function v1Routes(v1: V1App, services: V1Services): void {
  listCurrenciesRoute(v1, services);
  putWalletRoute(v1, services);
  getWalletRoute(v1, services);
  getAccountRoutes(v1, services);
  postAccountStateRoutes(v1, services);
  getStatementRoute(v1, services);
  exportStatementRoute(v1, services);
  postTransferRoute(v1, services);
  postTransferUpToRoute(v1, services);
  postTransferLegsRoute(v1, services);
  postTransferBulkRoute(v1, services);
  getTransferRoute(v1, services);
  postTransferRefundRoute(v1, services);
  postMintRoutes(v1, services);
  postHoldRoute(v1, services);
  getHoldRoute(v1, services);
  listHoldsRoute(v1, services);
  postHoldCaptureRoute(v1, services);
  postHoldVoidRoute(v1, services);
  postQuoteRoute(v1, services);
  postExchangeRoute(v1, services);
}
