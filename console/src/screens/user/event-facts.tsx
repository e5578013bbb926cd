import { Text } from "@mantine/core";
import type { TimelineEvent } from "@newday/sdk/admin";
import type { ReactNode } from "react";
import { useScales } from "../../api/currencies.ts";
import { Amount, writeAmount } from "../../components/amount.tsx";
import { ChangeView } from "../../components/change-view.tsx";
import { Moment } from "../../components/moment.tsx";
import { Prices } from "../../components/prices.tsx";
import { ItemLink, ListingLink } from "../../components/thing-links.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { TIMELINE_TEXTS } from "./timeline-texts.ts";

type EventFactsOf = TimelineEvent["facts"];

interface FactsProps {
  readonly facts: EventFactsOf;
}

/** What happened, in a line; the ids of it on hover, for support and logs. */
export function EventFacts({ event: { kind, facts } }: { event: TimelineEvent }) {
  if (kind === "money") return <MoneyFacts facts={facts} />;
  if (kind === "items") return <ItemFacts facts={facts} />;
  if (kind === "market") return <MarketFacts facts={facts} />;
  if (kind === "sessions") return <SessionFacts facts={facts} />;
  return <ChangeFacts facts={facts} />;
}

/** A member that is a text with content. */
export function textIn(facts: EventFactsOf, name: string): string | undefined {
  const { [name]: value } = facts;
  return typeof value === "string" && value !== "" ? value : undefined;
}

function Reason({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" c="dimmed" className="breaking">
      {children}
    </Text>
  );
}

function MoneyFacts({ facts }: FactsProps) {
  const texts = useTexts(TIMELINE_TEXTS);
  const { language } = useLanguage();
  const [currency = "", amount = "0"] = [textIn(facts, "currency"), textIn(facts, "amount")];
  const [balance, counterparty] = [textIn(facts, "balanceAfter"), textIn(facts, "counterparty")];
  const reason = textIn(facts, "reason") ?? textIn(facts, "reference");
  const through = textIn(facts, "through");
  const scale = useScales()?.get(currency);
  return (
    <div>
      <strong>
        <Amount of={amount} currency={currency} named signed />
      </strong>{" "}
      {balance !== undefined && scale !== undefined && (
        <span className="dimmed">
          {fillText(texts.after, { balance: writeAmount(balance, scale, language) })}
        </span>
      )}{" "}
      {counterparty && (
        <>
          {amount.startsWith("-") ? texts.to : texts.from} <UserLink userId={counterparty} />
        </>
      )}
      {reason && <Reason>{reason}</Reason>}
      {facts["unverified"] === true && <Reason>{texts.unverified}</Reason>}
      {through && (
        <>
          {" "}
          {texts.through} <UserLink userId={through} />
        </>
      )}
    </div>
  );
}

function ItemFacts({ facts }: FactsProps) {
  const texts = useTexts(TIMELINE_TEXTS);
  const [name, to, itemId] = [textIn(facts, "name"), textIn(facts, "to"), textIn(facts, "itemId")];
  const { quantity } = facts;
  return (
    <div title={textIn(facts, "itemId")}>
      {itemId ? <ItemLink id={itemId}>{name ?? itemId}</ItemLink> : name}
      {typeof quantity === "number" && quantity > 1 && ` × ${quantity}`}{" "}
      {to && (
        <>
          {texts.to} <UserLink userId={to} />
        </>
      )}
    </div>
  );
}

function MarketFacts({ facts }: FactsProps) {
  const [name, currency] = [textIn(facts, "name"), textIn(facts, "currency")];
  const [total, other] = [textIn(facts, "total"), textIn(facts, "seller")];
  const buyer = textIn(facts, "buyer");
  const listingId = textIn(facts, "listingId");
  const { prices, quantity } = facts;
  return (
    <div>
      {listingId ? <ListingLink id={listingId}>{name ?? listingId}</ListingLink> : name}
      {typeof quantity === "number" && quantity > 1 && ` × ${quantity}`}{" "}
      {currency && total && <Amount of={total} currency={currency} named />}
      <Prices of={pricesOf(prices)} />
      {total && (
        <Reason>
          {other && <UserLink userId={other} />} → {buyer && <UserLink userId={buyer} />}
        </Reason>
      )}
      {!total && textIn(facts, "status") && <Reason>{textIn(facts, "status")}</Reason>}
    </div>
  );
}

function pricesOf(prices: unknown): Readonly<Record<string, string>> {
  const entries = typeof prices === "object" && prices !== null ? Object.entries(prices) : [];
  return Object.fromEntries(entries.map(([code, units]) => [code, String(units)]));
}

function SessionFacts({ facts }: FactsProps) {
  const texts = useTexts(TIMELINE_TEXTS);
  const [through, ended] = [textIn(facts, "through"), textIn(facts, "endedAt")];
  return (
    <div title={textIn(facts, "sessionId")}>
      {textIn(facts, "platform")}, {facts["verified"] === true ? texts.verified : texts.notVerified}
      {through && (
        <>
          {" "}
          {texts.through} <UserLink userId={through} />
        </>
      )}
      {ended && (
        <Reason>
          {texts.ended} <Moment at={ended} />
        </Reason>
      )}
    </div>
  );
}

function ChangeFacts({ facts }: FactsProps) {
  const texts = useTexts(TIMELINE_TEXTS);
  const reason = textIn(facts, "reason");
  return (
    <div>
      {reason && <span className="breaking">{reason}</span>}
      <details>
        <summary>{texts.change}</summary>
        <ChangeView before={facts["before"]} after={facts["after"]} />
      </details>
    </div>
  );
}
