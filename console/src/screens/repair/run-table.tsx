import { Card, Code, Text, Title } from "@mantine/core";
import type { RepairState } from "@newday/sdk/admin";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Moment } from "../../components/moment.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { REPAIR_TEXTS } from "./repair-texts.ts";

const ID_LENGTH = 8;

/** Every run of the journal; each leads to its checklist. */
export function RunTable({ state: { runs, repair } }: { state: RepairState }) {
  const texts = useTexts(REPAIR_TEXTS);
  const { language } = useLanguage();
  if (runs.length === 0)
    return (
      <EmptyState title={texts.noRunsTitle} command={`newday repair plan --repair ${repair.id}`}>
        {texts.noRunsText}
      </EmptyState>
    );
  return (
    <Card withBorder component="section" className="section">
      <Title order={2} size="h4">
        {texts.allRuns}
      </Title>
      <DataTable
        label={texts.allRuns}
        rows={runs}
        keyOf={({ runId }) => runId}
        columns={[
          {
            header: texts.run,
            cell: ({ runId, rollbackOf }) => (
              <div>
                <AnchorLink
                  to="/console/repair"
                  search={{ repair: repair.id, view: "checklist", run: runId }}
                >
                  {runId.slice(0, ID_LENGTH)}
                </AnchorLink>
                {rollbackOf && (
                  <Text size="xs" c="dimmed">
                    {fillText(texts.rollbackOf, { run: rollbackOf.slice(0, ID_LENGTH) })}
                  </Text>
                )}
              </div>
            ),
          },
          { header: texts.repair, cell: (run) => run.repair },
          { header: texts.state, cell: ({ shown }) => <Code>{shown[language]}</Code> },
          {
            header: texts.steps,
            cell: ({ steps }) =>
              steps
                .map(({ step, status }) => `${step[language]} ${status[language]}`)
                .join(language === "zh" ? "，" : ", "),
          },
          { header: texts.lastEntry, cell: ({ lastAt }) => <Moment at={lastAt} /> },
        ]}
      />
    </Card>
  );
}
