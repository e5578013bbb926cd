import { NativeSelect } from "@mantine/core";
import type { Role } from "@newday/sdk/admin";
import { ROLE_RIGHTS, ROLE_TEXTS } from "../../components/role-texts.ts";
import { useTexts } from "../../language/language-provider.tsx";

const ROLES: readonly Role[] = ["viewer", "support", "economist", "owner"];

interface RoleSelectProps {
  readonly label: string;
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}

/** A role with what it permits; each may do what the ones before it may. */
export function RoleSelect({ label, value, onChange }: RoleSelectProps) {
  const names = useTexts(ROLE_TEXTS);
  const rights = useTexts(ROLE_RIGHTS);
  return (
    <NativeSelect
      label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as Role)}
      data={ROLES.map((role) => ({ value: role, label: `${names[role]}: ${rights[role]}` }))}
    />
  );
}
