import { Alert, Button, Code, CopyButton, Group, Text } from "@mantine/core";
import { useTexts } from "../language/language-provider.tsx";

const TEXTS = {
  title: { en: "Shown this once", zh: "仅显示这一次" },
  keep: {
    en: "Copy it now and hand it over safely. It is stored as a hash and cannot be shown again.",
    zh: "请立即复制并妥善转交。系统只保存其哈希值，之后无法再次显示。",
  },
  copy: { en: "Copy", zh: "复制" },
  copied: { en: "Copied", zh: "已复制" },
} as const;

/** A secret that the server shows one time. */
export function SecretOnce({ secret }: { secret: string }) {
  const texts = useTexts(TEXTS);
  return (
    <Alert color="yellow" title={texts.title}>
      <Text size="sm">{texts.keep}</Text>
      <Group mt="xs" gap="xs">
        <Code className="breaking">{secret}</Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? texts.copied : texts.copy}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}
