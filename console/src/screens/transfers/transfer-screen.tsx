import { Button, Code } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { TransferPage } from "@newday/sdk/admin";
import { ThingActs } from "../../acts/act-dialogs.tsx";
import { ACT_NAMES } from "../../acts/act-texts.ts";
import { useOpenAct } from "../../acts/opened-act.ts";
import { adminQuery } from "../../api/queries.ts";
import { useHasRole } from "../../api/session.ts";
import { Amount } from "../../components/amount.tsx";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Doer } from "../../components/doer.tsx";
import { EVENT_TEXTS } from "../../components/event-texts.ts";
import { Facts } from "../../components/facts.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { ItemLink, ListingLink, TransferLink } from "../../components/thing-links.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { TRANSFERS_TEXTS } from "./transfers-texts.ts";

/** `GET /api/admin/transfers/{id}`: what moved, who asked and why, and what followed. */
export function TransferScreen() {
  const texts = useTexts(TRANSFERS_TEXTS);
  const { id } = useParams({ from: "/signed-in/console/transfers/$id" });
  const query = useQuery(adminQuery("getTransferPage", { params: { id } }));
  return (
    <Page
      title={texts.transfer}
      intro={
        <>
          <AnchorLink to="/console/transfers" inherit>
            {texts.title}
          </AnchorLink>{" "}
          / <span className="breaking">{id}</span>
        </>
      }
      actions={query.data && <RefundButton page={query.data} />}
    >
      <Loaded query={query}>
        {(page) => (
          <>
            <TransferCard page={page} />
            <MovementsCard page={page} />
            {page.purchase && <PurchaseCard purchase={page.purchase} />}
            {page.hold && <HoldCard hold={page.hold} />}
          </>
        )}
      </Loaded>
      <ThingActs />
    </Page>
  );
}

function RefundButton({ page: { id, purchase } }: { page: TransferPage }) {
  const { language } = useLanguage();
  const hasRole = useHasRole();
  const openAct = useOpenAct();
  const isOpen = purchase !== null && purchase.refundedQuantity < purchase.quantity;
  if (!isOpen || !hasRole("support")) return null;
  return (
    <Button variant="default" onClick={() => openAct({ act: "refund", of: id })}>
      {ACT_NAMES.refund[language]}
    </Button>
  );
}

function TransferCard({ page }: { page: TransferPage }) {
  const texts = useTexts(TRANSFERS_TEXTS);
  const { language } = useLanguage();
  const { kind, by, at, refusal, reference, reason, effectiveAt, metadata, related } = page;
  return (
    <SectionCard
      title={EVENT_TEXTS.money[kind]?.[language] ?? kind}
      actions={
        <StateBadge tone={refusal === null ? "good" : "bad"}>{refusal ?? texts.posted}</StateBadge>
      }
    >
      <Facts
        of={[
          [texts.at, <Moment key="at" at={at} />],
          [texts.by, <Doer key="by" by={by} />],
          ...(reason ? [[texts.reason, reason] as const] : []),
          ...(reference
            ? [[texts.reference, <Code key="reference">{reference}</Code>] as const]
            : []),
          ...(effectiveAt
            ? [[texts.effectiveAt, <Moment key="effective" at={effectiveAt} />] as const]
            : []),
          ...(related
            ? [[texts.related, <TransferLink key="related" id={related} />] as const]
            : []),
          ...page.relatedTransfers.map(
            (one) =>
              [
                `${texts.relatedTransfers}: ${EVENT_TEXTS.money[one.kind]?.[language] ?? one.kind}`,
                <TransferLink key={one.id} id={one.id} />,
              ] as const,
          ),
          ...(metadata
            ? [[texts.metadata, <Code key="metadata">{JSON.stringify(metadata)}</Code>] as const]
            : []),
        ]}
      />
    </SectionCard>
  );
}

function MovementsCard({ page: { movements } }: { page: TransferPage }) {
  const texts = useTexts(TRANSFERS_TEXTS);
  return (
    <SectionCard title={texts.movements} empty={movements.length === 0 && texts.noMovements}>
      <DataTable
        label={texts.movements}
        rows={movements}
        keyOf={({ from, to, currency, fromBalance, toBalance }) =>
          [from, to, currency, fromBalance, toBalance].join(" ")
        }
        columns={[
          {
            header: texts.from,
            cell: ({ from, fromBalance, currency }) => (
              <Side userId={from} balance={fromBalance} currency={currency} />
            ),
          },
          {
            header: texts.to,
            cell: ({ to, toBalance, currency }) => (
              <Side userId={to} balance={toBalance} currency={currency} />
            ),
          },
          {
            header: texts.amount,
            numeric: true,
            cell: ({ amount, currency }) => <Amount of={amount} currency={currency} named />,
          },
          {
            header: texts.refunded,
            numeric: true,
            cell: ({ refunded, currency }) => <Amount of={refunded} currency={currency} />,
          },
        ]}
      />
    </SectionCard>
  );
}

interface SideProps {
  readonly userId: string;
  readonly balance: string;
  readonly currency: string;
}

function Side({ userId, balance, currency }: SideProps) {
  const texts = useTexts(TRANSFERS_TEXTS);
  return (
    <div>
      <UserLink userId={userId} />
      <div className="dimmed">
        {texts.balanceAfter}: <Amount of={balance} currency={currency} />
      </div>
    </div>
  );
}

function PurchaseCard({ purchase }: { purchase: NonNullable<TransferPage["purchase"]> }) {
  const texts = useTexts(TRANSFERS_TEXTS);
  const { listingId, itemId, name, quantity, refunded, currency } = purchase;
  return (
    <SectionCard title={texts.purchase}>
      <Facts
        of={[
          [
            texts.listing,
            <ListingLink key="listing" id={listingId}>
              {name ?? listingId}
            </ListingLink>,
          ],
          ...(itemId ? [[texts.item, <ItemLink key="item" id={itemId} />] as const] : []),
          [texts.quantity, quantity],
          [texts.refunded, <Amount key="refunded" of={refunded} currency={currency} named />],
        ]}
      />
    </SectionCard>
  );
}

function HoldCard({ hold }: { hold: NonNullable<TransferPage["hold"]> }) {
  const texts = useTexts(TRANSFERS_TEXTS);
  const { amount, remaining, currency, state, expiresAt } = hold;
  return (
    <SectionCard title={texts.hold}>
      <Facts
        of={[
          [texts.state, state],
          [texts.amount, <Amount key="amount" of={amount} currency={currency} named />],
          [texts.remaining, <Amount key="left" of={remaining} currency={currency} named />],
          ...(expiresAt ? [[texts.expires, <Moment key="expires" at={expiresAt} />] as const] : []),
        ]}
      />
    </SectionCard>
  );
}
