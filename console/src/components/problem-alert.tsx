import { Alert, Code, Text } from "@mantine/core";
import { isApiError } from "../api/api-error.ts";
import { useLanguage, useTexts } from "../language/language-provider.tsx";

const TEXTS = {
  unexpected: { en: "The console failed.", zh: "控制台出错。" },
  request: { en: "Request", zh: "请求编号" },
} as const;

/** Why something failed and what to do, in the reader's language. */
export function ProblemAlert({ error }: { error: unknown }) {
  const { language } = useLanguage();
  const texts = useTexts(TEXTS);
  if (!error) return null;
  if (!isApiError(error))
    return (
      <Alert color="red" role="alert" title={texts.unexpected}>
        <Code>{error instanceof Error ? error.message : texts.unexpected}</Code>
      </Alert>
    );
  const { title, detail, remedy, requestId, problem } = error;
  const isSaid = detail?.[language] === title[language];
  const shown = detail && !isSaid && detailOf(problem.field, detail[language]);
  return (
    <Alert color="red" role="alert" title={title[language]}>
      {shown && <Text size="sm">{shown}</Text>}
      <Text size="sm">{remedy[language]}</Text>
      {requestId && (
        <Text size="xs" c="dimmed">
          {texts.request} <Code>{requestId}</Code>
        </Text>
      )}
    </Alert>
  );
}

/** The English detail begins with its field already; a field alone tells nothing. */
function detailOf(field: string | undefined, detail: string): string | undefined {
  if (detail === "" || detail === field) return undefined;
  return field === undefined || detail.startsWith(field) ? detail : `${field}：${detail}`;
}
