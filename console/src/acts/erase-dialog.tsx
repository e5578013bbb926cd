import { Alert, Checkbox, Stack, Text } from "@mantine/core";
import type { ActOutcome, Erasure } from "@newday/sdk/admin";
import { useState } from "react";
import { callAdmin } from "../api/admin-client.ts";
import { ActDialog } from "../components/act-dialog.tsx";
import { Amount } from "../components/amount.tsx";
import { Facts } from "../components/facts.tsx";
import { ReasonField } from "../components/reason-field.tsx";
import { useLanguage, useTexts } from "../language/language-provider.tsx";
import { ACT_INTROS, ACT_NAMES } from "./act-texts.ts";
import { useOpenAct } from "./opened-act.ts";

const TEXTS = {
  settle: {
    en: "Settle what is open: cancel listings, void holds, return waiting gifts",
    zh: "了结未完成事项：取消上架、作废冻结金额、退回待领礼物",
  },
  forfeit: {
    en: "Forfeit what the person has: money goes to the fees, items are retired",
    zh: "没收其财产：余额转入手续费账户，道具作废",
  },
  confirm: { en: "Ask for the erasure", zh: "申请抹除" },
  done: {
    en: "Nothing is erased yet: another owner decides, under Approvals.",
    zh: "尚未抹除：须由另一位所有者在“审批”中批准。",
  },
  blocked: { en: "These stand against it:", zh: "以下事项阻止抹除：" },
  before: { en: "Was erased before, on {day}.", zh: "此前已于 {day} 抹除。" },
  money: { en: "Money", zh: "余额" },
  items: { en: "Items that go", zh: "将作废的道具" },
  sessions: { en: "Sessions that end", zh: "将结束的会话" },
  consents: { en: "Consents that go", zh: "将删除的授权" },
  open: { en: "Open holds, listings, gifts", zh: "未了结的冻结金额、上架、礼物" },
  entries: { en: "Entries of the books that stay", zh: "保留的账目条数" },
  purchases: { en: "Purchases that stay", zh: "保留的购买记录" },
} as const;

const BLOCKER_TEXTS = {
  holds: { en: "open holds: settle what is open", zh: "未了结的冻结金额：请选择了结" },
  listings: { en: "active listings: settle what is open", zh: "上架中的道具：请选择了结" },
  gifts: { en: "gifts that wait: settle what is open", zh: "待领的礼物：请选择了结" },
  items: { en: "items: forfeit what the person has", zh: "道具：请选择没收财产" },
  balances: { en: "balances: forfeit what the person has", zh: "余额：请选择没收财产" },
  debts: { en: "a negative balance: adjust it first", zh: "负余额：请先调整" },
  frozen_by_operator: {
    en: "a freeze by an operator: lift it first",
    zh: "运维人员的冻结：请先解除",
  },
} as const;

/** Erases a person; the preview says what stands against it, what goes and what stays. */
export function EraseDialog({ userId }: { userId: string }) {
  const { language } = useLanguage();
  const texts = useTexts(TEXTS);
  const openAct = useOpenAct();
  const [reason, setReason] = useState("");
  const [isSettling, setSettling] = useState(false);
  const [isForfeiting, setForfeiting] = useState(false);
  const body = {
    reason,
    open: isSettling ? ("settle" as const) : ("refuse" as const),
    property: isForfeiting ? ("forfeit" as const) : ("refuse" as const),
  };
  return (
    <ActDialog
      title={`${ACT_NAMES.erase[language]}: ${userId}`}
      intro={ACT_INTROS.erase[language]}
      act={(dryRun, idempotencyKey) =>
        callAdmin("postUserErasureAsOperator", { params: { userId }, body, dryRun, idempotencyKey })
      }
      confirmText={(plan) => (isPossible(plan) ? texts.confirm : undefined)}
      doneText={() => texts.done}
      showPreview={(plan) => (isPlan(plan) ? <ErasurePlanView plan={plan} /> : null)}
      onClose={() => openAct()}
    >
      <Checkbox
        label={texts.settle}
        checked={isSettling}
        onChange={(event) => setSettling(event.currentTarget.checked)}
      />
      <Checkbox
        label={texts.forfeit}
        checked={isForfeiting}
        onChange={(event) => setForfeiting(event.currentTarget.checked)}
      />
      <ReasonField value={reason} onChange={setReason} />
    </ActDialog>
  );
}

/** A preview is a plan; what was asked for is the outcome of an act. */
function isPlan(reply: Erasure | ActOutcome): reply is Erasure {
  return "status" in reply;
}

function isPossible(reply: Erasure | ActOutcome): boolean {
  return isPlan(reply) && (reply.blockers ?? []).length === 0 && reply.erasedOn === undefined;
}

function ErasurePlanView({ plan }: { plan: Erasure }) {
  const texts = useTexts(TEXTS);
  const blockerTexts = useTexts(BLOCKER_TEXTS);
  const { blockers = [], balances = {}, open, goes, stays, erasedOn } = plan;
  return (
    <Stack gap="xs">
      {erasedOn !== undefined && <Text>{texts.before.replace("{day}", erasedOn)}</Text>}
      {blockers.length > 0 && (
        <Alert color="yellow" title={texts.blocked}>
          <ul className="plain-list">
            {blockers.map((blocker) => (
              <li key={blocker}>{blockerTexts[blocker]}</li>
            ))}
          </ul>
        </Alert>
      )}
      <Facts
        of={[
          ...Object.entries(balances).map(
            ([currency, units]) =>
              [
                `${texts.money} (${currency})`,
                <Amount key={currency} of={units} currency={currency} />,
              ] as const,
          ),
          ...(open
            ? [[texts.open, `${open.holds} / ${open.listings} / ${open.gifts}`] as const]
            : []),
          ...(goes
            ? ([
                [texts.items, goes.items],
                [texts.sessions, goes.sessions],
                [texts.consents, goes.consents],
              ] as const)
            : []),
          ...(stays
            ? ([
                [texts.entries, stays.entries],
                [texts.purchases, stays.purchases],
              ] as const)
            : []),
        ]}
      />
    </Stack>
  );
}
