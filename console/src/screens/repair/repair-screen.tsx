import { Alert, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { adminQuery } from "../../api/queries.ts";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { ChecklistCard } from "./checklist-card.tsx";
import { knownRepair } from "./known-repair.ts";
import { NowCards } from "./now-cards.tsx";
import { PlanCards } from "./plan-cards.tsx";
import { RepairSelect } from "./repair-select.tsx";
import { REPAIR_TEXTS } from "./repair-texts.ts";
import { RollbackCard } from "./rollback-card.tsx";
import { RunbookCard } from "./runbook-card.tsx";

/** A blocker is followed as it comes and goes. */
const REFRESH_MS = 2_000;
const VIEWS = ["now", "checklist", "plan", "rollback", "runbook"] as const;
type View = (typeof VIEWS)[number];

/** `GET /api/admin/repair`: a repair followed live, and what the command would show. */
export function RepairScreen() {
  const texts = useTexts(REPAIR_TEXTS);
  const { language } = useLanguage();
  const { repair, view, run } = useSearch({ from: "/signed-in/console/repair" });
  const navigate = useNavigate();
  const query = useQuery({
    ...adminQuery("getRepair", { query: knownRepair(repair) }),
    refetchInterval: REFRESH_MS,
  });
  const shown: View = VIEWS.find((name) => name === view) ?? "now";
  return (
    <Page
      title={texts.title}
      intro={query.data?.repair.title[language] ?? texts.intro}
      actions={<RepairSelect state={query.data} />}
    >
      <Alert color="gray">{texts.whyCommand}</Alert>
      <Tabs
        value={shown}
        onChange={(chosen) =>
          void navigate({
            to: "/console/repair",
            search: { repair, run, view: chosen ?? undefined },
            replace: true,
          })
        }
        keepMounted={false}
      >
        <Tabs.List aria-label={texts.view} mb="lg">
          {VIEWS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {texts[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Loaded query={query}>
          {(state) => (
            <>
              <Tabs.Panel value="now">
                <NowCards state={state} />
              </Tabs.Panel>
              <Tabs.Panel value="checklist">
                <ChecklistCard state={state} run={run} />
              </Tabs.Panel>
              <Tabs.Panel value="plan">
                <PlanCards repair={state.repair.id} />
              </Tabs.Panel>
              <Tabs.Panel value="rollback">
                <RollbackCard state={state} />
              </Tabs.Panel>
              <Tabs.Panel value="runbook">
                <RunbookCard state={state} run={run} />
              </Tabs.Panel>
            </>
          )}
        </Loaded>
      </Tabs>
    </Page>
  );
}
