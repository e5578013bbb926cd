import type { Audit } from "@newday/sdk/admin";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useTexts } from "../../language/language-provider.tsx";

const TEXTS = {
  title: { en: "Integrity", zh: "账目完整性" },
  sound: { en: "no open finding", zh: "没有未关闭的发现" },
  broken: { en: "open findings", zh: "有未关闭的发现" },
  more: { en: "How far each rule was checked", zh: "查看各规则的检查进度" },
} as const;

/** Whether the continuous audit has an open finding. */
export function AuditCard({ audit: { data } }: { audit: Audit }) {
  const texts = useTexts(TEXTS);
  const isSound = data.length === 0;
  return (
    <SectionCard
      title={texts.title}
      actions={
        <StateBadge tone={isSound ? "good" : "bad"}>
          {isSound ? texts.sound : texts.broken}
        </StateBadge>
      }
    >
      <AnchorLink to="/console/integrity">{texts.more}</AnchorLink>
    </SectionCard>
  );
}
