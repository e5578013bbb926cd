import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { adminQuery } from "../../api/queries.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { FilterForm } from "../../components/filter-form.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { Pager } from "../../components/pager.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { ListingsTable } from "./listings-table.tsx";
import { LISTING_STATUS_TEXTS, MARKET_TEXTS } from "./market-texts.ts";

/** Those that the API filters by; the others follow from times and freezes. */
const STATUSES = ["active", "sold", "removed", "expired"] as const;

/** `GET /api/admin/listings`: by name or id, seller and status. */
export function MarketScreen() {
  const texts = useTexts(MARKET_TEXTS);
  const statuses = useTexts(LISTING_STATUS_TEXTS);
  const { q, sellerId, status: asked, cursor } = useSearch({ from: "/signed-in/console/market" });
  const status = STATUSES.find((one) => one === asked);
  const query = useQuery({
    ...adminQuery("searchListings", { query: { q, sellerId, status, cursor } }),
    placeholderData: keepPreviousData,
  });
  return (
    <Page title={texts.title} intro={texts.intro}>
      <FilterForm
        fields={[
          { name: "q", label: texts.search },
          { name: "sellerId", label: texts.seller },
          {
            name: "status",
            label: texts.status,
            choices: Object.fromEntries(STATUSES.map((one) => [one, statuses[one]])),
          },
        ]}
      />
      <Loaded query={query}>
        {({ data, nextCursor }) => (
          <>
            {data.length === 0 ? (
              <EmptyState title={texts.emptyTitle}>{texts.empty}</EmptyState>
            ) : (
              <ListingsTable listings={data} />
            )}
            <Pager cursor={cursor} nextCursor={nextCursor} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
