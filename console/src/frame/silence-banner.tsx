import { Alert } from "@mantine/core";
import { useConnection } from "../api/connection.ts";
import { Moment } from "../components/moment.tsx";
import { useTexts } from "../language/language-provider.tsx";

const TEXTS = {
  title: { en: "The server does not answer", zh: "服务没有响应" },
  since: { en: "No answer since", zh: "无响应，自" },
  stale: {
    en: "Everything below is from before. The console asks again every 5 seconds.",
    zh: "以下内容均为此前读取的数据。控制台每 5 秒重试一次。",
  },
} as const;

/** Says since when the server is silent; what is shown below turns grey. */
export function SilenceBanner() {
  const { silentSince } = useConnection();
  const texts = useTexts(TEXTS);
  return (
    <div role="status" aria-live="polite">
      {silentSince && (
        <Alert color="gray" variant="filled" title={texts.title} mb="lg" className="silence">
          {texts.since} <Moment at={silentSince} />. {texts.stale}
        </Alert>
      )}
    </div>
  );
}
