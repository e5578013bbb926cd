import {
  Button,
  Group,
  SegmentedControl,
  useMantineColorScheme,
  type MantineColorScheme,
} from "@mantine/core";
import { useLanguage, useTexts } from "../language/language-provider.tsx";
import { SHELL_TEXTS } from "./shell-texts.ts";

/** Colours and language; both choices are kept in this browser. */
export function Preferences() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { language, setLanguage } = useLanguage();
  const texts = useTexts(SHELL_TEXTS);
  const other = language === "zh" ? "en" : "zh";
  return (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label={texts.theme}
        value={colorScheme}
        onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
        data={(["auto", "light", "dark"] as const).map((value) => ({ value, label: texts[value] }))}
      />
      <Button
        size="compact-sm"
        variant="default"
        lang={other === "zh" ? "zh-CN" : "en"}
        onClick={() => setLanguage(other)}
      >
        {texts.otherLanguage}
      </Button>
    </Group>
  );
}
