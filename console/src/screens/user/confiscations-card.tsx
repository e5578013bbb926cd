import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Confiscation } from "@newday/sdk/admin";
import { ACT_NAMES } from "../../acts/act-texts.ts";
import { useOpenAct } from "../../acts/opened-act.ts";
import { adminQuery } from "../../api/queries.ts";
import { useHasRole } from "../../api/session.ts";
import { Amount } from "../../components/amount.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Moment } from "../../components/moment.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { USER_TEXTS } from "./user-texts.ts";

/** What was taken from the user, and what still waits in the holding place; nothing of a user without any. */
export function ConfiscationsCard({ userId }: { userId: string }) {
  const texts = useTexts(USER_TEXTS);
  const { data } = useQuery(adminQuery("listConfiscations", { query: { userId } }));
  if (!data || data.data.length === 0) return null;
  return (
    <SectionCard title={texts.confiscations}>
      <DataTable
        label={texts.confiscations}
        rows={data.data}
        keyOf={({ id }) => id}
        columns={[
          { header: texts.takenAt, cell: ({ takenAt }) => <Moment at={takenAt} /> },
          { header: texts.what, cell: (taken) => <Taken taken={taken} /> },
          { header: texts.state, cell: (taken) => <TakenState taken={taken} /> },
        ]}
      />
    </SectionCard>
  );
}

interface TakenProps {
  readonly taken: Confiscation;
}

function Taken({ taken: { amount, currency, items } }: TakenProps) {
  const texts = useTexts(USER_TEXTS);
  return (
    <span title={items.join("\n")}>
      {currency !== null && <Amount of={amount} currency={currency} named />}
      {currency !== null && items.length > 0 && ", "}
      {items.length > 0 && fillText(texts.itemCount, { count: items.length })}
    </span>
  );
}

function TakenState({ taken: { id, returnedAt } }: TakenProps) {
  const texts = useTexts(USER_TEXTS);
  const { language } = useLanguage();
  const openAct = useOpenAct();
  const hasRole = useHasRole();
  if (returnedAt !== null)
    return (
      <>
        {texts.givenBack} <Moment at={returnedAt} />
      </>
    );
  return (
    <>
      <StateBadge tone="due">{texts.inHolding}</StateBadge>{" "}
      {hasRole("economist") && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => openAct({ act: "return", of: id })}
        >
          {ACT_NAMES.return[language]}
        </Button>
      )}
    </>
  );
}
