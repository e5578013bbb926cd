import { Textarea } from "@mantine/core";
import { useTexts } from "../language/language-provider.tsx";

const TEXTS = {
  label: { en: "Reason", zh: "原因" },
  description: {
    en: "Recorded with the act for the person who asks later.",
    zh: "与操作一同记录，供日后查询。",
  },
} as const;

/** Of an act on a user's money or things; the log of other acts takes more. */
const LENGTH_MAX = 255;

interface ReasonFieldProps {
  readonly value: string;
  readonly onChange: (reason: string) => void;
}

/** Why an act is done; every act on something that exists needs it. */
export function ReasonField({ value, onChange }: ReasonFieldProps) {
  const texts = useTexts(TEXTS);
  return (
    <Textarea
      label={texts.label}
      description={texts.description}
      required
      autosize
      minRows={2}
      maxLength={LENGTH_MAX}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
