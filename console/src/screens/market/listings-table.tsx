import type { Listing } from "@newday/sdk/admin";
import { DataTable } from "../../components/data-table.tsx";
import { Moment } from "../../components/moment.tsx";
import { Prices } from "../../components/prices.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { ListingLink } from "../../components/thing-links.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { LISTING_STATUS_TEXTS, MARKET_TEXTS } from "./market-texts.ts";

const TONES = {
  upcoming: "neutral",
  active: "good",
  frozen: "bad",
  sold: "neutral",
  removed: "neutral",
  expired: "neutral",
} as const;

export function ListingStatus({ status }: Pick<Listing, "status">) {
  return <StateBadge tone={TONES[status]}>{useTexts(LISTING_STATUS_TEXTS)[status]}</StateBadge>;
}

/** A user, or the shop of a platform. */
export function Seller({ of: { sellerId, platform } }: { of: Listing }) {
  const texts = useTexts(MARKET_TEXTS);
  return sellerId === null ? fillText(texts.shop, { platform }) : <UserLink userId={sellerId} />;
}

interface ListingsTableProps {
  readonly listings: readonly Listing[];
  /** Leaves the seller out, where the screen is theirs. */
  readonly ofOne?: boolean;
}

export function ListingsTable({ listings, ofOne = false }: ListingsTableProps) {
  const texts = useTexts(MARKET_TEXTS);
  return (
    <DataTable
      label={texts.title}
      rows={listings}
      keyOf={({ id }) => id}
      columns={[
        { header: texts.name, cell: ({ id, name }) => <ListingLink id={id}>{name}</ListingLink> },
        ...(ofOne
          ? []
          : [{ header: texts.seller, cell: (listing: Listing) => <Seller of={listing} /> }]),
        { header: texts.prices, cell: ({ prices }) => <Prices of={prices} /> },
        { header: texts.status, cell: ({ status }) => <ListingStatus status={status} /> },
        {
          header: texts.remaining,
          numeric: true,
          cell: ({ remaining }) => remaining ?? texts.unbounded,
        },
        { header: texts.listed, cell: ({ listedAt }) => <Moment at={listedAt} /> },
      ]}
    />
  );
}
