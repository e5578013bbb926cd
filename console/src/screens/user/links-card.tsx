import { Text } from "@mantine/core";
import type { UserPage } from "@newday/sdk/admin";
import { Doer } from "../../components/doer.tsx";
import { Moment } from "../../components/moment.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { USER_TEXTS } from "./user-texts.ts";

type LinkedUser = UserPage["links"]["openedBy"][number];

/** Identities of other platforms on this wallet. */
export function LinksCard({ links: { opens, openedBy } }: Pick<UserPage, "links">) {
  const texts = useTexts(USER_TEXTS);
  const isEmpty = opens === null && openedBy.length === 0;
  return (
    <SectionCard title={texts.links} empty={isEmpty && texts.noLinks}>
      {opens && <LinkView text={texts.opens} link={opens} />}
      {openedBy.map((link) => (
        <LinkView key={link.userId} text={texts.openedBy} link={link} />
      ))}
    </SectionCard>
  );
}

function LinkView({ text, link }: { text: string; link: LinkedUser }) {
  return (
    <div>
      {text} <UserLink userId={link.userId} /> ({link.platform})
      <Text size="sm" c="dimmed">
        <Moment at={link.linkedAt} /> · <Doer by={link.linkedBy} />
      </Text>
    </div>
  );
}
