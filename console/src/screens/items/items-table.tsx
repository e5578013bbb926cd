import type { Item } from "@newday/sdk/admin";
import { DataTable } from "../../components/data-table.tsx";
import { Moment } from "../../components/moment.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { ItemLink } from "../../components/thing-links.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { ITEM_STATE_TEXTS, ITEMS_TEXTS } from "./items-texts.ts";

const TONES = {
  offered: "due",
  owned: "good",
  escrowed: "due",
  exported: "neutral",
  used: "neutral",
  retired: "neutral",
} as const;

export function ItemState({ state }: Pick<Item, "state">) {
  return <StateBadge tone={TONES[state]}>{useTexts(ITEM_STATE_TEXTS)[state]}</StateBadge>;
}

interface ItemsTableProps {
  readonly items: readonly Item[];
  /** Leaves the owner out, where the screen is theirs. */
  readonly ofOne?: boolean;
}

export function ItemsTable({ items, ofOne = false }: ItemsTableProps) {
  const texts = useTexts(ITEMS_TEXTS);
  return (
    <DataTable
      label={texts.title}
      rows={items}
      keyOf={({ id }) => id}
      columns={[
        { header: texts.name, cell: ({ id, name }) => <ItemLink id={id}>{name}</ItemLink> },
        ...(ofOne
          ? []
          : [{ header: texts.owner, cell: ({ userId }: Item) => <UserLink userId={userId} /> }]),
        { header: texts.state, cell: ({ state }) => <ItemState state={state} /> },
        { header: texts.quantity, numeric: true, cell: ({ quantity }) => quantity },
        { header: texts.type, cell: ({ type, rarity }) => `${type}, ${rarity}` },
        { header: texts.obtained, cell: ({ obtainedAt }) => <Moment at={obtainedAt} /> },
      ]}
    />
  );
}
