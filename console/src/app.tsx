import { useEffect, useState } from "react";
import { StatusCards } from "./status-cards.tsx";
import { preferredLanguage, TEXTS } from "./texts.ts";
import { useServerStatus } from "./use-server-status.ts";

const LINKS = [
  ["integrationPage", "/test-newday-integration.html"],
  ["apiDocs", "/docs"],
  ["health", "/api/health"],
  ["metrics", "/metrics"],
] as const;

export function App() {
  const [language, setLanguage] = useState(preferredLanguage);
  const { status, failed, readAt, readAgain } = useServerStatus();
  const texts = TEXTS[language];
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.title = texts.title;
  }, [language, texts]);
  return (
    <main>
      <header>
        <div>
          <h1>{texts.title}</h1>
          <p>{texts.subtitle}</p>
        </div>
        <button type="button" onClick={() => setLanguage(language === "zh" ? "en" : "zh")}>
          {texts.otherLanguage}
        </button>
      </header>
      <div role="status" aria-live="polite">
        {failed && <p className="failure">{texts.unreachable}</p>}
        {!status && !failed && <p>{texts.loading}</p>}
      </div>
      {status && <StatusCards status={status} texts={texts} />}
      <nav aria-label={texts.links}>
        <h2>{texts.links}</h2>
        {LINKS.map(([name, href]) => (
          <a key={href} href={href}>
            {texts[name]}
          </a>
        ))}
      </nav>
      <footer>
        {readAt && `${texts.checkedAt} ${readAt.toLocaleTimeString()}`}{" "}
        <button type="button" onClick={readAgain}>
          {texts.again}
        </button>
      </footer>
    </main>
  );
}
