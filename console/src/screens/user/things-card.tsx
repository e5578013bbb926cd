import type { UserPage } from "@newday/sdk/admin";
import { Facts } from "../../components/facts.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { LOCALES } from "../../components/moment.tsx";
import { USER_TEXTS } from "./user-texts.ts";

/** The server counts no further. */
const COUNTED_MAX = 10_000;

/** How much the user has and did. */
export function ThingsCard({ counts }: { counts: UserPage["counts"] }) {
  const texts = useTexts(USER_TEXTS);
  const { language } = useLanguage();
  const figure = new Intl.NumberFormat(LOCALES[language]);
  const write = (count: number) => `${figure.format(count)}${count === COUNTED_MAX ? "+" : ""}`;
  return (
    <SectionCard title={texts.things}>
      <Facts
        of={(
          [
            "items",
            "waitingGifts",
            "activeListings",
            "listings",
            "purchases",
            "sales",
            "openHolds",
          ] as const
        ).map((name) => [texts[name], write(counts[name])])}
      />
    </SectionCard>
  );
}
