import { useQuery } from "@tanstack/react-query";
import { adminQuery } from "../../api/queries.ts";
import { STATUS_QUERY } from "../../api/server-status.ts";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { AuditCard } from "./audit-card.tsx";
import { MoneyCard } from "./money-card.tsx";
import { OVERVIEW_TEXTS } from "./overview-texts.ts";
import { TrafficCards } from "./traffic-cards.tsx";
import { StatusCards } from "./status-cards.tsx";

const REFRESH_MS = 15_000;

/** What an operator asks first: is it well, and is anything due. */
export function OverviewScreen() {
  const texts = useTexts(OVERVIEW_TEXTS);
  const status = useQuery(STATUS_QUERY);
  const overview = useQuery({ ...adminQuery("getOverview", {}), refetchInterval: REFRESH_MS });
  const audit = useQuery({
    ...adminQuery("getAudit", { query: { state: "open", limit: 1 } }),
    refetchInterval: REFRESH_MS,
  });
  return (
    <Page title={texts.title} intro={texts.intro}>
      <Loaded query={status}>{(data) => <StatusCards status={data} />}</Loaded>
      <Loaded query={audit}>{(data) => <AuditCard audit={data} />}</Loaded>
      <Loaded query={overview}>
        {(data) => (
          <>
            <TrafficCards overview={data} />
            <MoneyCard overview={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
