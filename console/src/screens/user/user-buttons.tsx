import { Button, Group, Text } from "@mantine/core";
import type { Role, UserPage } from "@newday/sdk/admin";
import { ACT_NAMES } from "../../acts/act-texts.ts";
import { useOpenAct, type ActName } from "../../acts/opened-act.ts";
import { useHasRole } from "../../api/session.ts";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { USER_TEXTS } from "./user-texts.ts";

interface UserAct {
  readonly act: ActName;
  readonly role: Role;
  readonly isShown: (page: UserPage) => boolean;
}

const hasWallet = ({ wallet }: UserPage) => wallet !== null;

/** The mildest first; those that the server would refuse are left out. */
const ACTS: readonly UserAct[] = [
  { act: "adjust", role: "economist", isShown: hasWallet },
  {
    act: "freeze",
    role: "support",
    isShown: (page) => hasWallet(page) && page.freezes.operator === null,
  },
  { act: "unfreeze", role: "support", isShown: ({ freezes }) => freezes.operator !== null },
  { act: "end-sessions", role: "support", isShown: ({ sessions }) => sessions.length > 0 },
  { act: "confiscate", role: "economist", isShown: hasWallet },
  { act: "export", role: "support", isShown: hasWallet },
  { act: "erase", role: "owner", isShown: (page) => hasWallet(page) && !page.flags.erased },
];

/** The acts on a user that the operator's role may do. */
export function UserButtons({ page }: { page: UserPage }) {
  const texts = useTexts(USER_TEXTS);
  const { language } = useLanguage();
  const hasRole = useHasRole();
  const openAct = useOpenAct();
  if (!hasRole("support"))
    return (
      <Text size="sm" c="dimmed">
        {texts.readOnly}
      </Text>
    );
  return (
    <Group gap="xs">
      {ACTS.filter(({ role, isShown }) => hasRole(role) && isShown(page)).map(({ act }) => (
        <Button
          key={act}
          size="compact-md"
          variant="default"
          {...(act === "erase" ? { className: "final" } : {})}
          onClick={() => openAct({ act })}
        >
          {ACT_NAMES[act][language]}
        </Button>
      ))}
    </Group>
  );
}
