import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { PurchaseRecord } from "@newday/sdk/admin";
import { ACT_NAMES } from "../../acts/act-texts.ts";
import { useOpenAct } from "../../acts/opened-act.ts";
import { adminQuery } from "../../api/queries.ts";
import { useHasRole } from "../../api/session.ts";
import { Amount } from "../../components/amount.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Pager } from "../../components/pager.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { MARKET_TEXTS } from "./market-texts.ts";

/** Who bought from an offer, and what went back. */
export function PurchasesCard({ listingId }: { listingId: string }) {
  const texts = useTexts(MARKET_TEXTS);
  const { cursor } = useSearch({ from: "/signed-in/console/market/$id" });
  const query = useQuery(
    adminQuery("listPurchasesOfListing", { params: { id: listingId }, query: { cursor } }),
  );
  const isEmpty = query.data?.data.length === 0;
  return (
    <SectionCard title={texts.purchases} empty={isEmpty && texts.noPurchases}>
      <Loaded query={query}>
        {({ data, nextCursor }) => (
          <>
            <PurchasesTable purchases={data} />
            <Pager cursor={cursor} nextCursor={nextCursor} />
          </>
        )}
      </Loaded>
    </SectionCard>
  );
}

function PurchasesTable({ purchases }: { purchases: readonly PurchaseRecord[] }) {
  const texts = useTexts(MARKET_TEXTS);
  return (
    <DataTable
      label={texts.purchases}
      rows={purchases}
      keyOf={({ id }) => id}
      columns={[
        { header: texts.at, cell: ({ recordedAt }) => <Moment at={recordedAt} /> },
        { header: texts.buyer, cell: ({ buyerId }) => <UserLink userId={buyerId} /> },
        { header: texts.quantity, numeric: true, cell: ({ quantity }) => quantity },
        {
          header: texts.total,
          numeric: true,
          cell: ({ total, currency }) => <Amount of={total} currency={currency} named />,
        },
        {
          header: texts.fee,
          numeric: true,
          cell: ({ commission, currency }) => <Amount of={commission} currency={currency} named />,
        },
        { header: texts.refunded, cell: (purchase) => <Refunded purchase={purchase} /> },
      ]}
    />
  );
}

function Refunded({ purchase }: { purchase: PurchaseRecord }) {
  const { language } = useLanguage();
  const hasRole = useHasRole();
  const openAct = useOpenAct();
  const { transferId, refunded, refundedQuantity, quantity, currency } = purchase;
  const isOpen = transferId !== null && refundedQuantity < quantity && hasRole("support");
  return (
    <>
      {refundedQuantity > 0 && <Amount of={refunded} currency={currency} named />}{" "}
      {isOpen && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => openAct({ act: "refund", of: transferId })}
        >
          {ACT_NAMES.refund[language]}
        </Button>
      )}
    </>
  );
}
