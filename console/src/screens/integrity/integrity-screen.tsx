import { Button, Group } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { callAdmin } from "../../api/admin-client.ts";
import { adminQuery } from "../../api/queries.ts";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { ProblemAlert } from "../../components/problem-alert.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { AuditRunCard } from "./audit-run-card.tsx";
import { FindingList } from "./finding-list.tsx";
import { INTEGRITY_TEXTS } from "./integrity-texts.ts";
import { RulesTable } from "./rules-table.tsx";

/** The audit advances page by page; a person sees it move. */
const REFRESH_MS = 5_000;

/** `GET /api/admin/audit`: how far each rule was checked, a run on demand, and the findings. */
export function IntegrityScreen() {
  const texts = useTexts(INTEGRITY_TEXTS);
  const { state = "open", cursor, run } = useSearch({ from: "/signed-in/console/integrity" });
  const shown = state === "all" ? {} : ({ state: state === "closed" ? "closed" : "open" } as const);
  const query = useQuery({
    ...adminQuery("getAudit", { query: { ...shown, cursor } }),
    refetchInterval: REFRESH_MS,
  });
  return (
    <Page title={texts.title} intro={texts.intro} actions={<RunButton />}>
      <Loaded query={query}>
        {(audit) => (
          <>
            <AuditRunCard id={run ?? audit.latestRun?.id} />
            <RulesTable invariants={audit.invariants} />
            <FindingList audit={audit} state={state} cursor={cursor} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function RunButton() {
  const texts = useTexts(INTEGRITY_TEXTS);
  const navigate = useNavigate();
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: () => callAdmin("postAuditRun", { body: {} }),
    async onSuccess({ id }) {
      await client.invalidateQueries({ queryKey: ["getAudit"] });
      await navigate({ to: "/console/integrity", search: { run: id } });
    },
  });
  return (
    <Group>
      <Button loading={start.isPending} onClick={() => start.mutate()}>
        {texts.run}
      </Button>
      <ProblemAlert error={start.error} />
    </Group>
  );
}
