import { useScales } from "../api/currencies.ts";
import { useLanguage } from "../language/language-provider.tsx";
import type { Language } from "../language/messages.ts";
import { LOCALES } from "./moment.tsx";

interface AmountProps {
  /** Minor units in decimal digits. */
  readonly of: string;
  readonly currency: string;
  /** Writes the currency's code behind it, where no header does. */
  readonly named?: boolean;
  /** Writes a plus sign, too, for what comes in. */
  readonly signed?: boolean;
}

/** An amount in the currency's own units; its minor units stand on hover, as the API and the log have them. */
export function Amount({ of: minor, currency, named = false, signed = false }: AmountProps) {
  const { language } = useLanguage();
  const scale = useScales()?.get(currency);
  // Until the scale is known, minor units would be read as a hundred times the amount.
  if (scale === undefined) return <span>…</span>;
  return (
    <span className="amount" title={`${minor} ${currency}`}>
      {signed && BigInt(minor) > 0n && "+"}
      {writeAmount(minor, scale, language)}
      {named && <small> {currency}</small>}
    </span>
  );
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

/** Minor units as a person types them: `12345` of scale 2 is `123.45`. */
export function decimalOf(minor: string, scale: number): string {
  const digits = minor.padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
}

/** Minor units of a typed amount: `123.45` of scale 2 is `12345`. Undefined for what is no amount of this scale. */
export function readAmount(typed: string, scale: number): string | undefined {
  const parts = /^\s*(\d+)(?:\.(\d*))?\s*$/.exec(typed);
  if (!parts) return undefined;
  const [, whole = "", fraction = ""] = parts;
  if (fraction.length > scale) return undefined;
  return `${BigInt(`${whole}${fraction.padEnd(scale, "0")}`)}`;
}

/** For a chart: near enough to be drawn. */
export function drawnAmount(minor: string, scale: number): number {
  return Number(minor) / 10 ** scale;
}
