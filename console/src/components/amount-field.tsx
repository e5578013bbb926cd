import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useScales } from "../api/currencies.ts";
import { useTexts } from "../language/language-provider.tsx";
import { fillText } from "../language/messages.ts";
import { readAmount } from "./amount.tsx";

const TEXTS = {
  amount: { en: "Amount", zh: "数额" },
  currency: { en: "Currency", zh: "币种" },
  whole: { en: "A whole number above zero.", zh: "大于零的整数。" },
  decimal: {
    en: "A number above zero with at most {scale} decimal places.",
    zh: "大于零、最多 {scale} 位小数的数字。",
  },
} as const;

export interface TypedAmount {
  readonly currency: string;
  /** As typed, in the currency's own units. */
  readonly typed: string;
}

interface AmountFieldProps {
  readonly value: TypedAmount;
  readonly onChange: (value: TypedAmount) => void;
  readonly required?: boolean;
}

/** Minor units of what was typed; undefined for what is no amount above zero. */
export function useMinorUnits({ currency, typed }: TypedAmount): string | undefined {
  const scale = useScales()?.get(currency);
  const units = scale === undefined ? undefined : readAmount(typed, scale);
  return units === "0" ? undefined : units;
}

/** An amount in its currency's own units. The form is not sent while it is none. */
export function AmountField({ value, onChange, required = true }: AmountFieldProps) {
  const texts = useTexts(TEXTS);
  const scales = useScales();
  const isWrong = useMinorUnits(value) === undefined && value.typed !== "";
  const scale = scales?.get(value.currency) ?? 0;
  const rule = scale === 0 ? texts.whole : fillText(texts.decimal, { scale });
  return (
    <Group align="flex-start" gap="xs" wrap="nowrap">
      <TextInput
        flex={1}
        label={texts.amount}
        inputMode="decimal"
        autoComplete="off"
        required={required}
        value={value.typed}
        error={isWrong && rule}
        ref={(field) => field?.setCustomValidity(isWrong ? rule : "")}
        onChange={(event) => onChange({ ...value, typed: event.currentTarget.value })}
      />
      <NativeSelect
        label={texts.currency}
        value={value.currency}
        onChange={(event) => onChange({ ...value, currency: event.currentTarget.value })}
        data={[...(scales?.keys() ?? [value.currency])]}
      />
    </Group>
  );
}
