import { Button, Code } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import type { ItemEvent, ItemPage } from "@newday/sdk/admin";
import { ACT_NAMES } from "../../acts/act-texts.ts";
import { adminQuery } from "../../api/queries.ts";
import { useHasRole } from "../../api/session.ts";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { EVENT_TEXTS } from "../../components/event-texts.ts";
import { Facts } from "../../components/facts.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { Pager } from "../../components/pager.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { ListingLink, TransferLink } from "../../components/thing-links.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { ItemState } from "./items-table.tsx";
import { ITEMS_TEXTS } from "./items-texts.ts";

const FROM = "/signed-in/console/items/$id";

/** `GET /api/admin/items/{id}` and its history. */
export function ItemScreen() {
  const texts = useTexts(ITEMS_TEXTS);
  const { id } = useParams({ from: FROM });
  const query = useQuery(adminQuery("getItemPage", { params: { id } }));
  return (
    <Page
      title={query.data?.item.name ?? texts.item}
      intro={
        <>
          <AnchorLink to="/console/items" inherit>
            {texts.title}
          </AnchorLink>{" "}
          / <span className="breaking">{id}</span>
        </>
      }
      actions={query.data && <ConfiscateButton page={query.data} />}
    >
      <Loaded query={query}>{(page) => <ItemFactsCard page={page} />}</Loaded>
      <History id={id} />
    </Page>
  );
}

/** The act is on the owner, so their page has its dialog, filled in. */
function ConfiscateButton({ page: { item, owner } }: { page: ItemPage }) {
  const { language } = useLanguage();
  const hasRole = useHasRole();
  const isTakeable = owner !== null && (item.state === "owned" || item.state === "offered");
  if (!isTakeable || !hasRole("economist")) return null;
  return (
    <Button
      variant="default"
      renderRoot={(props) => (
        <Link
          to="/console/users/$userId"
          params={{ userId: item.userId }}
          search={{ act: "confiscate", of: item.id }}
          {...props}
        />
      )}
    >
      {ACT_NAMES.confiscate[language]}
    </Button>
  );
}

function ItemFactsCard({ page }: { page: ItemPage }) {
  const texts = useTexts(ITEMS_TEXTS);
  const { item, owner, source, listingId, mergedIds } = page;
  const { description, type, rarity, quantity, stats, giftFrom, externalId, obtainedFrom } = item;
  return (
    <SectionCard title={texts.item} actions={<ItemState state={item.state} />}>
      <Facts
        of={[
          [texts.owner, owner ? <UserLink userId={owner.userId} /> : texts.system],
          [texts.quantity, quantity],
          [texts.type, type],
          [texts.rarity, rarity],
          ...(description ? [[texts.description, description] as const] : []),
          [texts.obtained, <Moment key="obtained" at={item.obtainedAt} />],
          ...(obtainedFrom ? [[texts.obtainedFrom, obtainedFrom] as const] : []),
          ...(source ? [[texts.source, source] as const] : []),
          ...(externalId ? [[texts.externalId, <Code key="id">{externalId}</Code>] as const] : []),
          ...(listingId
            ? [[texts.listing, <ListingLink key="listing" id={listingId} />] as const]
            : []),
          ...(giftFrom
            ? [[texts.giftFrom, <UserLink key="giver" userId={giftFrom} />] as const]
            : []),
          ...(item.locked ? [[texts.locked, texts.lockedMeans] as const] : []),
          ...(stats && Object.keys(stats).length > 0
            ? [[texts.stats, <Code key="stats">{JSON.stringify(stats)}</Code>] as const]
            : []),
          ...(mergedIds.length > 0 ? [[texts.merged, mergedIds.join(", ")] as const] : []),
        ]}
      />
    </SectionCard>
  );
}

function History({ id }: { id: string }) {
  const texts = useTexts(ITEMS_TEXTS);
  const { cursor } = useSearch({ from: FROM });
  const query = useQuery(
    adminQuery("listItemEventsAsOperator", { params: { id }, query: { cursor } }),
  );
  return (
    <SectionCard title={texts.history}>
      <Loaded query={query}>
        {({ data, nextCursor }) => (
          <>
            <HistoryTable events={data} />
            <Pager cursor={cursor} nextCursor={nextCursor} />
          </>
        )}
      </Loaded>
    </SectionCard>
  );
}

function HistoryTable({ events }: { events: readonly ItemEvent[] }) {
  const texts = useTexts(ITEMS_TEXTS);
  const { language } = useLanguage();
  return (
    <DataTable
      label={texts.history}
      rows={events}
      keyOf={({ version }) => version}
      columns={[
        { header: texts.at, cell: ({ recordedAt }) => <Moment at={recordedAt} /> },
        {
          header: texts.event,
          cell: ({ action }) => EVENT_TEXTS.items[action]?.[language] ?? action,
        },
        { header: texts.owner, cell: ({ userId }) => userId && <UserLink userId={userId} /> },
        { header: texts.state, cell: ({ state }) => <ItemState state={state} /> },
        { header: texts.quantity, numeric: true, cell: ({ quantity }) => quantity },
        {
          header: texts.transfer,
          cell: ({ transferId }) => transferId && <TransferLink id={transferId} />,
        },
      ]}
    />
  );
}
