import { Progress, Text } from "@mantine/core";
import type { SpendingLimit } from "@newday/sdk/admin";
import { useScales } from "../../api/currencies.ts";
import { writeAmount } from "../../components/amount.tsx";
import { Doer } from "../../components/doer.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { USER_TEXTS, WINDOW_TEXTS } from "./user-texts.ts";

const PERCENT = 100;

/** What bounds the user's spending, and how much of it is used. */
export function LimitsCard({ limits }: { limits: readonly SpendingLimit[] }) {
  const texts = useTexts(USER_TEXTS);
  return (
    <SectionCard title={texts.limits} empty={limits.length === 0 && texts.noLimits}>
      {limits.map((limit) => (
        <Limit key={limit.id} limit={limit} />
      ))}
    </SectionCard>
  );
}

function Limit({ limit: { currency, used, maximum, window, kind, owner } }: LimitProps) {
  const texts = useTexts(USER_TEXTS);
  const windows = useTexts(WINDOW_TEXTS);
  const { language } = useLanguage();
  const scale = useScales()?.get(currency);
  if (scale === undefined) return null;
  const write = (units: string) => writeAmount(units, scale, language);
  const label = `${currency}${kind ? `, ${kind}` : ""}, ${windows[window]}`;
  return (
    <div>
      <Text size="sm">{label}</Text>
      <Progress
        aria-label={label}
        value={Math.min(PERCENT, (Number(used) / Math.max(1, Number(maximum))) * PERCENT)}
      />
      <Text size="sm" c="dimmed">
        {fillText(texts.used, { used: write(used), maximum: write(maximum) })} · <Doer by={owner} />
      </Text>
    </div>
  );
}

interface LimitProps {
  readonly limit: SpendingLimit;
}
