import { SegmentedControl } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { RepairState } from "@newday/sdk/admin";
import { useTexts } from "../../language/language-provider.tsx";
import { REPAIR_TEXTS } from "./repair-texts.ts";

/** Which repair is shown; it is part of the address. */
export function RepairSelect({ state }: { state: RepairState | undefined }) {
  const texts = useTexts(REPAIR_TEXTS);
  const { view } = useSearch({ from: "/signed-in/console/repair" });
  const navigate = useNavigate();
  if (!state) return null;
  return (
    <SegmentedControl
      aria-label={texts.repair}
      value={state.repair.id}
      onChange={(repair) =>
        void navigate({ to: "/console/repair", search: { repair, view }, replace: true })
      }
      data={state.repairs.map(({ id }) => id)}
    />
  );
}
