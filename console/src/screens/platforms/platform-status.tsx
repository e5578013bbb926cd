import type { Platform } from "@newday/sdk/admin";
import { StateBadge } from "../../components/state-badge.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { PLATFORMS_TEXTS } from "./platforms-texts.ts";

export function PlatformStatus({ of: { status } }: { of: Pick<Platform, "status"> }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  return <StateBadge tone={status === "active" ? "good" : "bad"}>{texts[status]}</StateBadge>;
}
