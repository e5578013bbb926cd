/** An error as an operator reads it: in a command's last line and in the server's start. */
import type { Language } from "../lib/messages.ts";
import { isNewDayError, type NewDayError } from "./errors.ts";
import { operatorWords, wordsOf } from "./operator-words.ts";

/**
 * One line: the message, field and rule, the remedy, and what PostgreSQL said about the cause. A
 * part that the message contains already is left out.
 */
export function explainError(error: unknown, language: Language): string {
  const message = isNewDayError(error) ? error.text[language] : wordsOf(error);
  const parts = [
    message,
    ...(isNewDayError(error) ? explained(error, language) : []),
    ...operatorWords(error),
  ].filter((part) => part !== "");
  return parts.filter((part, index) => index === 0 || !message.includes(part)).join(" — ");
}

function explained({ details, remedy }: NewDayError, language: Language): string[] {
  const { field } = details;
  const rule = details.rule?.[language];
  const broken = [field, rule].filter((part) => typeof part === "string").join(" ");
  return [broken, (details.remedy ?? remedy)?.[language] ?? ""];
}
