import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ListingPage } from "@newday/sdk/admin";
import { ThingActs } from "../../acts/act-dialogs.tsx";
import { ACT_NAMES } from "../../acts/act-texts.ts";
import { useOpenAct } from "../../acts/opened-act.ts";
import { adminQuery } from "../../api/queries.ts";
import { useHasRole } from "../../api/session.ts";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { Facts } from "../../components/facts.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { Prices } from "../../components/prices.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { ItemLink } from "../../components/thing-links.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { ListingStatus, Seller } from "./listings-table.tsx";
import { MARKET_TEXTS } from "./market-texts.ts";
import { PurchasesCard } from "./purchases-card.tsx";

/** `GET /api/admin/listings/{id}`: an offer, who bought from it, and the acts on both. */
export function ListingScreen() {
  const texts = useTexts(MARKET_TEXTS);
  const { id } = useParams({ from: "/signed-in/console/market/$id" });
  const query = useQuery(adminQuery("getListingPage", { params: { id } }));
  return (
    <Page
      title={query.data?.listing.name ?? texts.listing}
      intro={
        <>
          <AnchorLink to="/console/market" inherit>
            {texts.title}
          </AnchorLink>{" "}
          / <span className="breaking">{id}</span>
        </>
      }
      actions={query.data && <CancelButton page={query.data} />}
    >
      <Loaded query={query}>{(page) => <ListingCard page={page} />}</Loaded>
      <PurchasesCard listingId={id} />
      <ThingActs />
    </Page>
  );
}

function CancelButton({ page: { listing } }: { page: ListingPage }) {
  const { language } = useLanguage();
  const hasRole = useHasRole();
  const openAct = useOpenAct();
  const isOpen = listing.status === "active" || listing.status === "frozen";
  if (!isOpen || listing.sellerId === null || !hasRole("support")) return null;
  return (
    <Button variant="default" onClick={() => openAct({ act: "cancel-listing", of: listing.id })}>
      {ACT_NAMES["cancel-listing"][language]}
    </Button>
  );
}

function ListingCard({ page: { listing, item } }: { page: ListingPage }) {
  const texts = useTexts(MARKET_TEXTS);
  const { description, type, rarity, remaining, startsAt, endsAt } = listing;
  const { perUserLimit, perDayLimit } = listing;
  const itemId = item?.id ?? listing.itemId;
  return (
    <SectionCard title={texts.listing} actions={<ListingStatus status={listing.status} />}>
      <Facts
        of={[
          [texts.seller, <Seller key="seller" of={listing} />],
          [texts.prices, <Prices key="prices" of={listing.prices} />],
          [texts.remaining, remaining ?? texts.unbounded],
          [texts.type, type],
          [texts.rarity, rarity],
          ...(description ? [[texts.description, description] as const] : []),
          ...(itemId ? [[texts.item, <ItemLink key="item" id={itemId} />] as const] : []),
          [texts.listed, <Moment key="listed" at={listing.listedAt} />],
          ...(startsAt ? [[texts.starts, <Moment key="starts" at={startsAt} />] as const] : []),
          ...(endsAt ? [[texts.ends, <Moment key="ends" at={endsAt} />] as const] : []),
          ...(perUserLimit === null ? [] : [[texts.perUser, perUserLimit] as const]),
          ...(perDayLimit === null ? [] : [[texts.perDay, perDayLimit] as const]),
        ]}
      />
    </SectionCard>
  );
}
