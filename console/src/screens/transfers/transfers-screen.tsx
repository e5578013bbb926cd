import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { TransferSummary } from "@newday/sdk/admin";
import { useScales } from "../../api/currencies.ts";
import { adminQuery } from "../../api/queries.ts";
import { Amount } from "../../components/amount.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Doer } from "../../components/doer.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { EVENT_TEXTS } from "../../components/event-texts.ts";
import { FilterForm } from "../../components/filter-form.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { Pager } from "../../components/pager.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { TransferLink } from "../../components/thing-links.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { TRANSFERS_TEXTS } from "./transfers-texts.ts";

/** `GET /api/admin/transfers`: by id or reference, or of a user and a currency. */
export function TransfersScreen() {
  const texts = useTexts(TRANSFERS_TEXTS);
  const search = useSearch({ from: "/signed-in/console/transfers" });
  const currencies = [...(useScales()?.keys() ?? [])];
  const query = useQuery({
    ...adminQuery("searchTransfers", { query: search }),
    placeholderData: keepPreviousData,
  });
  return (
    <Page title={texts.title} intro={texts.intro}>
      <FilterForm
        fields={[
          { name: "q", label: texts.search },
          { name: "userId", label: texts.userId },
          {
            name: "currency",
            label: texts.currency,
            choices: Object.fromEntries(currencies.map((code) => [code, code])),
          },
        ]}
      />
      <Loaded query={query}>
        {({ data, nextCursor }) => (
          <>
            {data.length === 0 ? (
              <EmptyState title={texts.emptyTitle}>{texts.empty}</EmptyState>
            ) : (
              <TransfersTable transfers={data} />
            )}
            <Pager cursor={search.cursor} nextCursor={nextCursor} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function TransfersTable({ transfers }: { transfers: readonly TransferSummary[] }) {
  const texts = useTexts(TRANSFERS_TEXTS);
  const { language } = useLanguage();
  return (
    <DataTable
      label={texts.title}
      rows={transfers}
      keyOf={({ id }) => id}
      columns={[
        { header: texts.at, cell: ({ at }) => <Moment at={at} /> },
        {
          header: texts.kind,
          cell: ({ id, kind, refusal }) => (
            <>
              <TransferLink id={id}>{EVENT_TEXTS.money[kind]?.[language] ?? kind}</TransferLink>{" "}
              {refusal && <StateBadge tone="bad">{refusal}</StateBadge>}
            </>
          ),
        },
        { header: texts.movements, cell: (transfer) => <Movements of={transfer} /> },
        { header: texts.by, cell: ({ by }) => <Doer by={by} /> },
        { header: texts.reason, cell: ({ reason, reference }) => reason ?? reference ?? "" },
      ]}
    />
  );
}

function Movements({ of: { movements, movementCount } }: { of: TransferSummary }) {
  const texts = useTexts(TRANSFERS_TEXTS);
  const left = movementCount - movements.length;
  return (
    <div>
      {movements.map(({ from, to, currency, amount }) => (
        <div key={`${from} ${to} ${currency} ${amount}`}>
          <UserLink userId={from} /> → <UserLink userId={to} />{" "}
          <Amount of={amount} currency={currency} named />
        </div>
      ))}
      {left > 0 && <span className="dimmed">{fillText(texts.more, { count: left })}</span>}
    </div>
  );
}
