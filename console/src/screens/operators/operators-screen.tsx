import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Operator } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { DataTable } from "../../components/data-table.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { ROLE_TEXTS } from "../../components/role-texts.ts";
import { StateBadge } from "../../components/state-badge.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { OperatorDialog, type OperatorAct } from "./operator-dialog.tsx";
import { OPERATORS_TEXTS, STATUS_TEXTS } from "./operators-texts.ts";

const TONES = { active: "good", invited: "due", suspended: "bad" } as const;

/** `GET /api/admin/operators` and the acts on each. */
export function OperatorsScreen() {
  const texts = useTexts(OPERATORS_TEXTS);
  const query = useQuery(adminQuery("listOperators", {}));
  const [isInviting, setInviting] = useState(false);
  return (
    <Page
      title={texts.title}
      intro={texts.intro}
      actions={<Button onClick={() => setInviting(true)}>{texts.invite}</Button>}
    >
      <Loaded query={query}>{({ data }) => <OperatorsTable operators={data} />}</Loaded>
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Page>
  );
}

function OperatorsTable({ operators }: { operators: readonly Operator[] }) {
  const texts = useTexts(OPERATORS_TEXTS);
  const roles = useTexts(ROLE_TEXTS);
  const statuses = useTexts(STATUS_TEXTS);
  const [open, setOpen] = useState<{ operator: Operator; act: OperatorAct }>();
  const actsOf = (operator: Operator): readonly OperatorAct[] =>
    operator.hasSecondFactor ? ["change", "code", "reset"] : ["change", "code"];
  return (
    <>
      <DataTable
        label={texts.title}
        rows={operators}
        keyOf={({ id }) => id}
        columns={[
          {
            header: texts.login,
            cell: ({ login }) => <strong className="breaking">{login}</strong>,
          },
          { header: texts.name, cell: ({ displayName }) => displayName },
          { header: texts.role, cell: ({ role }) => roles[role] },
          {
            header: texts.status,
            cell: ({ status }) => <StateBadge tone={TONES[status]}>{statuses[status]}</StateBadge>,
          },
          {
            header: texts.factor,
            cell: ({ hasSecondFactor: isSet }) => (
              <StateBadge tone={isSet ? "good" : "due"}>{isSet ? texts.yes : texts.no}</StateBadge>
            ),
          },
          { header: texts.since, cell: ({ createdAt }) => <Moment at={createdAt} /> },
          {
            header: texts.acts,
            cell: (operator) => (
              <Group gap={4}>
                {actsOf(operator).map((act) => (
                  <Button
                    key={act}
                    size="compact-sm"
                    variant="default"
                    onClick={() => setOpen({ operator, act })}
                  >
                    {texts[act]}
                  </Button>
                ))}
              </Group>
            ),
          },
        ]}
      />
      {open && <OperatorDialog {...open} onClose={() => setOpen(undefined)} />}
    </>
  );
}
