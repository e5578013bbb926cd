import { Group, SegmentedControl, TextInput, Button } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { ECONOMY_TEXTS } from "./economy-texts.ts";

const DAYS = ["7", "30", "90", "365"];

/** The period and the platform; both are part of the address. */
export function EconomyFilter() {
  const texts = useTexts(ECONOMY_TEXTS);
  const search = useSearch({ from: "/signed-in/console/economy" });
  const navigate = useNavigate();
  const show = (changed: Partial<typeof search>) =>
    void navigate({ to: "/console/economy", search: { ...search, ...changed }, replace: true });
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const platform = new FormData(event.currentTarget).get("platform");
    show({ platform: typeof platform === "string" ? platform.trim() : undefined });
  };
  return (
    <Group align="flex-end">
      <SegmentedControl
        aria-label={texts.days}
        value={search.days ?? "30"}
        onChange={(days) => show({ days })}
        data={DAYS.map((count) => ({ value: count, label: fillText(texts.dayCount, { count }) }))}
      />
      <form role="search" onSubmit={find}>
        <Group align="flex-end" gap="xs">
          <TextInput
            key={search.platform}
            name="platform"
            type="search"
            label={texts.platform}
            placeholder={texts.anyPlatform}
            defaultValue={search.platform ?? ""}
          />
          <Button type="submit" variant="default">
            {texts.show}
          </Button>
        </Group>
      </form>
    </Group>
  );
}
