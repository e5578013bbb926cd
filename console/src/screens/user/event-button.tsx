import { Button } from "@mantine/core";
import type { Role, TimelineEvent } from "@newday/sdk/admin";
import { ACT_NAMES, OUTCOME_TEXTS } from "../../acts/act-texts.ts";
import { useOpenAct, type OpenedAct } from "../../acts/opened-act.ts";
import { useHasRole } from "../../api/session.ts";
import { useLanguage } from "../../language/language-provider.tsx";
import { textIn } from "./event-facts.tsx";

/** The act that answers an event: a refund of a purchase, the undo of an act. */
export function EventButton({ event }: { event: TimelineEvent }) {
  const { language } = useLanguage();
  const hasRole = useHasRole();
  const openAct = useOpenAct();
  const answer = answerTo(event);
  if (!answer || !hasRole(answer.role)) return null;
  const text = answer.isUndo ? OUTCOME_TEXTS.undo : ACT_NAMES[answer.opens.act];
  return (
    <Button size="compact-xs" variant="default" onClick={() => openAct(answer.opens)}>
      {text[language]}
    </Button>
  );
}

interface Answer {
  readonly role: Role;
  readonly opens: OpenedAct;
  readonly isUndo?: boolean;
}

function answerTo({ kind, event, facts }: TimelineEvent): Answer | undefined {
  if (kind === "market") return marketAnswer(event, facts);
  return kind === "acts" && event === "user adjust" ? opposite(facts) : undefined;
}

function marketAnswer(event: string, facts: TimelineEvent["facts"]): Answer | undefined {
  const [transfer, listing] = [textIn(facts, "transferId"), textIn(facts, "listingId")];
  if (event === "list")
    return facts["status"] === "active" && listing
      ? { role: "support", opens: { act: "cancel-listing", of: listing } }
      : undefined;
  return transfer ? { role: "support", opens: { act: "refund", of: transfer } } : undefined;
}

/** The difference of an adjustment, the other way. */
function opposite(facts: TimelineEvent["facts"]): Answer | undefined {
  const [before, after] = [balanceOf(facts["before"]), balanceOf(facts["after"])];
  if (!before || !after) return undefined;
  const amount = `${before.balance - after.balance}`;
  const { currency, transferId } = after;
  return {
    role: "economist",
    isUndo: true,
    opens: { act: "adjust", currency, amount, why: `undo ${transferId}` },
  };
}

function balanceOf(change: unknown) {
  if (typeof change !== "object" || change === null) return undefined;
  const members = change as Readonly<Record<string, unknown>>;
  const [currency, balance] = [textIn(members, "currency"), textIn(members, "balance")];
  if (currency === undefined || balance === undefined) return undefined;
  return { currency, balance: BigInt(balance), transferId: textIn(members, "transferId") ?? "" };
}
