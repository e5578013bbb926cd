import { Code, Paper, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface EmptyStateProps {
  readonly title: string;
  /** What these are, and how the first one comes to be. */
  readonly children: ReactNode;
  /** The command that makes the first one. */
  readonly command?: string;
}

/** Nothing there yet: says what would be, and how the first one is made. */
export function EmptyState({ title, children, command }: EmptyStateProps) {
  return (
    <Paper withBorder p="lg" radius="md">
      <Stack gap="xs" align="flex-start">
        <Text fw={600}>{title}</Text>
        <Text c="dimmed">{children}</Text>
        {command && <Code block>{command}</Code>}
      </Stack>
    </Paper>
  );
}
