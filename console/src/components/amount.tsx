import { useScales } from "../api/currencies.ts";
import { useLanguage } from "../language/language-provider.tsx";
import type { Language } from "../language/messages.ts";
import { LOCALES } from "./moment.tsx";

interface AmountProps {
  /** Minor units in decimal digits. */
  readonly of: string;
  readonly currency: string;
}

/** An amount in the currency's own units; its minor units stand on hover, as the API and the log have them. */
export function Amount({ of: minor, currency }: AmountProps) {
  const { language } = useLanguage();
  const scale = useScales()?.get(currency);
  // Until the scale is known, minor units would be read as a hundred times the amount.
  if (scale === undefined) return <span>…</span>;
  return <span title={`${minor} ${currency}`}>{writeAmount(minor, scale, language)}</span>;
}

/** Digits in groups, with the fraction that the scale gives; exact, however long. */
export function writeAmount(minor: string, scale: number, language: Language): string {
  const isNegative = minor.startsWith("-");
  const digits = minor.replace("-", "").padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale);
  const grouped = BigInt(whole).toLocaleString(LOCALES[language]);
  return `${isNegative ? "−" : ""}${grouped}${fraction === "" ? "" : `.${fraction}`}`;
}

/** For a chart: near enough to be drawn. */
export function drawnAmount(minor: string, scale: number): number {
  return Number(minor) / 10 ** scale;
}
