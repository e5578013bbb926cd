import { Card, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { adminQuery } from "../../api/queries.ts";
import { Amount } from "../../components/amount.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { ECONOMY_TEXTS } from "./economy-texts.ts";
import { ShareBar } from "./share-bar.tsx";

/** `GET /api/admin/economy/holders`. */
export function HolderTable({ currency }: { currency: string }) {
  const texts = useTexts(ECONOMY_TEXTS);
  const query = useQuery(adminQuery("getHolders", { query: { currency } }));
  return (
    <Card withBorder component="section" className="section">
      <div>
        <Title order={3} size="h4">
          {texts.topHolders}
        </Title>
        <Text size="sm" c="dimmed">
          {texts.topHoldersIntro}
        </Text>
      </div>
      <Loaded query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Text c="dimmed">{texts.noHolders}</Text>
          ) : (
            <DataTable
              label={texts.topHolders}
              rows={data.slice(0, ROWS_SHOWN)}
              keyOf={({ userId }) => userId}
              columns={[
                { header: texts.user, cell: ({ userId }) => <UserLink userId={userId} /> },
                { header: texts.platform, cell: ({ platform }) => platform },
                {
                  header: texts.balance,
                  numeric: true,
                  cell: ({ balance }) => <Amount of={balance} currency={currency} />,
                },
                {
                  header: texts.share,
                  cell: ({ share }) => <ShareBar of={share} label={texts.share} />,
                },
                { header: texts.readAt, cell: ({ asOf }) => <Moment at={asOf} /> },
              ]}
            />
          )
        }
      </Loaded>
    </Card>
  );
}

/** A person reads no more; the API has a hundred. */
const ROWS_SHOWN = 20;
