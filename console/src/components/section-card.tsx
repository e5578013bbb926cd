import { Card, Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface SectionCardProps {
  readonly title: string;
  readonly actions?: ReactNode;
  /** Says what would be here, and how the first one comes to be. */
  readonly empty?: string | false;
  readonly children?: ReactNode;
}

/** A part of a screen under a title of its own. */
export function SectionCard({ title, actions, empty, children }: SectionCardProps) {
  return (
    <Card withBorder component="section" className="section">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {title}
        </Title>
        {actions}
      </Group>
      {empty ? (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      ) : (
        children
      )}
    </Card>
  );
}
