import { useQuery } from "@tanstack/react-query";
import { adminQuery } from "../../api/queries.ts";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { ItemsTable } from "../items/items-table.tsx";
import { ListingsTable } from "../market/listings-table.tsx";
import { USER_TEXTS } from "./user-texts.ts";

/** The newest; the list of all has its own screen. */
const SHOWN = 5;

interface ThingsOfProps {
  readonly userId: string;
}

/** The items that came last. */
export function ItemsCard({ userId }: ThingsOfProps) {
  const texts = useTexts(USER_TEXTS);
  const { data } = useQuery(adminQuery("searchItems", { query: { userId, limit: SHOWN } }));
  if (!data) return null;
  return (
    <SectionCard
      title={texts.items}
      empty={data.data.length === 0 && texts.noItems}
      actions={
        <AnchorLink to="/console/items" search={{ userId }} size="sm">
          {texts.all}
        </AnchorLink>
      }
    >
      <ItemsTable items={data.data} ofOne />
    </SectionCard>
  );
}

/** The offers that came last. */
export function ListingsCard({ userId }: ThingsOfProps) {
  const texts = useTexts(USER_TEXTS);
  const query = { sellerId: userId, limit: SHOWN };
  const { data } = useQuery(adminQuery("searchListings", { query }));
  if (!data) return null;
  return (
    <SectionCard
      title={texts.listings}
      empty={data.data.length === 0 && texts.noListings}
      actions={
        <AnchorLink to="/console/market" search={{ sellerId: userId }} size="sm">
          {texts.all}
        </AnchorLink>
      }
    >
      <ListingsTable listings={data.data} ofOne />
    </SectionCard>
  );
}
