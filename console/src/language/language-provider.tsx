import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from "react";
import { browserLanguage, type Language, type Texts } from "./messages.ts";

/** The reader's choice; without one the browser's language holds. */
const STORED_AS = "newday.language";

interface LanguageChoice {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const LanguageContext = createContext<LanguageChoice>({
  language: "en",
  setLanguage: () => undefined,
});

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, choose] = useState(firstLanguage);
  const setLanguage = useCallback((chosen: Language) => {
    localStorage.setItem(STORED_AS, chosen);
    choose(chosen);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  const value = useMemo(() => ({ language, setLanguage }), [language, setLanguage]);
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

export function useLanguage(): LanguageChoice {
  return use(LanguageContext);
}

/** The texts in the reader's language. */
export function useTexts<Names extends Texts>(texts: Names): Readonly<Record<keyof Names, string>> {
  const { language } = useLanguage();
  return useMemo(
    () =>
      Object.fromEntries(
        Object.entries(texts).map(([name, message]) => [name, message[language]]),
      ) as Record<keyof Names, string>,
    [texts, language],
  );
}

function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED_AS);
  return stored === "en" || stored === "zh" ? stored : browserLanguage();
}
