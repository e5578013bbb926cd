import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { useLocation } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useTexts } from "../language/language-provider.tsx";
import { useAddressChange } from "./address.ts";

const TEXTS = {
  find: { en: "Find", zh: "查找" },
  any: { en: "any", zh: "不限" },
} as const;

interface FilterField {
  /** A member of the address, and of the API's query. */
  readonly name: string;
  readonly label: string;
  /** Values to choose from; without them a text is typed. */
  readonly choices?: Readonly<Record<string, string>>;
}

/** Filters of a list as members of the address; another filter begins with its first page. */
export function FilterForm({ fields }: { fields: readonly FilterField[] }) {
  const texts = useTexts(TEXTS);
  const { searchStr } = useLocation();
  const change = useAddressChange();
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const changes = fields.map(({ name }) => [name, textOf(typed, name)]);
    change({ ...Object.fromEntries(changes), cursor: undefined });
  };
  const now = new URLSearchParams(searchStr);
  return (
    // The fields follow the address when it changes by a link or by the browser's steps.
    <form role="search" onSubmit={find} key={fields.map(({ name }) => now.get(name)).join("\n")}>
      <Group align="flex-end" gap="xs">
        {fields.map(({ name, label, choices }) =>
          choices ? (
            <NativeSelect
              key={name}
              {...{ name, label }}
              defaultValue={now.get(name) ?? ""}
              data={[
                { value: "", label: texts.any },
                ...Object.entries(choices).map(([value, text]) => ({ value, label: text })),
              ]}
            />
          ) : (
            <TextInput
              key={name}
              type="search"
              {...{ name, label }}
              defaultValue={now.get(name) ?? ""}
            />
          ),
        )}
        <Button type="submit" variant="default">
          {texts.find}
        </Button>
      </Group>
    </form>
  );
}

function textOf(typed: FormData, name: string): string | undefined {
  const value = typed.get(name);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}
