import { Paper, Stack, Text, Title } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import { Preferences } from "./preferences.tsx";
import { SilenceBanner } from "./silence-banner.tsx";

interface AloneProps {
  readonly title: string;
  readonly intro: string;
  readonly children: ReactNode;
}

/** A screen without the menu, before the sign-in. */
export function Alone({ title, intro, children }: AloneProps) {
  useEffect(() => {
    document.title = `${title} · New Day`;
  }, [title]);
  return (
    <main className="alone">
      <SilenceBanner />
      <Paper withBorder p="xl" radius="md">
        <Stack>
          <div>
            <Text fw={700} c="dimmed">
              New Day
            </Text>
            <Title order={1} size="h2">
              {title}
            </Title>
            <Text c="dimmed">{intro}</Text>
          </div>
          {children}
        </Stack>
      </Paper>
      <div className="alone-preferences">
        <Preferences />
      </div>
    </main>
  );
}
