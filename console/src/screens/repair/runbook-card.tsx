import { Code } from "@mantine/core";
import type { RepairState } from "@newday/sdk/admin";
import { EmptyState } from "../../components/empty-state.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { REPAIR_TEXTS } from "./repair-texts.ts";
import { useRunbook } from "./use-runbook.ts";

interface RunbookCardProps {
  readonly state: RepairState;
  readonly run: string | undefined;
}

/** The runbook of a run as Markdown, as `newday repair report` writes it. */
export function RunbookCard({ state, run }: RunbookCardProps) {
  const texts = useTexts(REPAIR_TEXTS);
  const { language } = useLanguage();
  const query = useRunbook(state, run);
  return (
    <Loaded query={query}>
      {({ markdown }) =>
        markdown ? (
          <Code block className="runbook" tabIndex={0}>
            {markdown[language]}
          </Code>
        ) : (
          <EmptyState
            title={texts.noRunbook}
            command={`newday repair report --repair ${state.repair.id}`}
          >
            {texts.noRunbookText}
          </EmptyState>
        )
      }
    </Loaded>
  );
}
