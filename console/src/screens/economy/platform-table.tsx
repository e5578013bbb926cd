import { Card, Title } from "@mantine/core";
import type { CurrencyEconomy } from "@newday/sdk/admin";
import { Amount } from "../../components/amount.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { ECONOMY_TEXTS } from "./economy-texts.ts";
import { Ratio } from "./ratio.tsx";
import { ShareBar } from "./share-bar.tsx";

type PlatformFigures = CurrencyEconomy["platforms"][number];

/** A currency by platform, with each platform's share of what users hold. */
export function PlatformTable({ of: { currency, held, platforms } }: { of: CurrencyEconomy }) {
  const texts = useTexts(ECONOMY_TEXTS);
  const amountOf = (name: "issued" | "sunk" | "held" | "fees" | "fromOthers") => ({
    header: texts[name],
    numeric: true,
    cell: (row: PlatformFigures) => <Amount of={row[name]} currency={currency} />,
  });
  return (
    <Card withBorder component="section" className="section">
      <Title order={3} size="h4">
        {texts.platforms}
      </Title>
      <DataTable
        label={texts.platforms}
        rows={platforms}
        keyOf={({ platform }) => platform}
        columns={[
          { header: texts.platform, cell: ({ platform }) => platform },
          {
            header: texts.share,
            cell: (row) => <ShareBar of={shareOf(row.held, held)} label={texts.heldBy} />,
          },
          amountOf("held"),
          amountOf("issued"),
          amountOf("sunk"),
          amountOf("fees"),
          amountOf("fromOthers"),
          { header: texts.velocity, numeric: true, cell: (row) => <Ratio of={row.velocity} /> },
          {
            header: texts.inflation,
            numeric: true,
            cell: (row) => <Ratio of={row.inflation} isShare />,
          },
        ]}
      />
    </Card>
  );
}

/** To a hundredth of a per cent, exact for sums beyond a double. */
function shareOf(part: string, whole: string): string {
  const STEPS = 10_000n;
  if (whole === "0") return "0";
  return String(Number((BigInt(part) * STEPS) / BigInt(whole)) / Number(STEPS));
}
