import type { Account } from "@newday/sdk/admin";
import { useScales } from "../api/currencies.ts";
import { AdjustDialog } from "./adjust-dialog.tsx";
import { ConfiscateDialog, ReturnDialog } from "./confiscate-dialogs.tsx";
import { EraseDialog } from "./erase-dialog.tsx";
import { ExportDialog } from "./export-dialog.tsx";
import { EndSessionsDialog, FreezeDialog, UnfreezeDialog } from "./freeze-dialogs.tsx";
import { CancelListingDialog, RefundDialog } from "./market-dialogs.tsx";
import { useOpenedAct, type OpenedAct } from "./opened-act.ts";

interface UserActsProps {
  readonly userId: string;
  readonly accounts: readonly Account[];
}

/** The dialog of the act that the address opens, on a user or on a thing. */
export function UserActs(user: UserActsProps) {
  const opened = useOpenedAct();
  // An amount of the address is filled in by the scale of its currency.
  const isReady = useScales() !== undefined;
  if (!opened || !isReady) return null;
  // The undo of an act is another dialog, filled in anew.
  return <UserAct key={JSON.stringify(opened)} {...user} opened={opened} />;
}

function UserAct({ userId, accounts, opened }: UserActsProps & { readonly opened: OpenedAct }) {
  switch (opened.act) {
    case "adjust":
      return <AdjustDialog {...{ userId, accounts, opened }} />;
    case "freeze":
      return <FreezeDialog userId={userId} />;
    case "unfreeze":
      return <UnfreezeDialog userId={userId} />;
    case "end-sessions":
      return <EndSessionsDialog userId={userId} />;
    case "confiscate":
      return <ConfiscateDialog {...{ userId, accounts, opened }} />;
    case "export":
      return <ExportDialog userId={userId} />;
    case "erase":
      return <EraseDialog userId={userId} />;
    default:
      return <ThingAct opened={opened} />;
  }
}

/** The dialog of the act that the address opens, on a screen of things. */
export function ThingActs() {
  const opened = useOpenedAct();
  return opened ? <ThingAct key={JSON.stringify(opened)} opened={opened} /> : null;
}

function ThingAct({ opened: { act, of: id } }: { readonly opened: OpenedAct }) {
  if (id === undefined) return null;
  if (act === "refund") return <RefundDialog id={id} />;
  if (act === "cancel-listing") return <CancelListingDialog id={id} />;
  return act === "return" ? <ReturnDialog id={id} /> : null;
}
