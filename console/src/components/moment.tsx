import { useLanguage } from "../language/language-provider.tsx";

export const LOCALES = { en: "en-GB", zh: "zh-CN" } as const;

/** A time in the reader's zone; the same in UTC on hover, for comparing with logs. */
export function Moment({ at }: { at: string | Date }) {
  const { language } = useLanguage();
  const date = new Date(at);
  const shown = new Intl.DateTimeFormat(LOCALES[language], {
    dateStyle: "medium",
    timeStyle: "medium",
  }).format(date);
  const utc = date.toISOString();
  return (
    <time dateTime={utc} title={`${utc.replace("T", " ").replace("Z", "")} UTC`}>
      {shown}
    </time>
  );
}
