import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { callAdmin } from "../api/admin-client.ts";
import { ProblemAlert } from "../components/problem-alert.tsx";
import { ReasonField } from "../components/reason-field.tsx";
import { useLanguage, useTexts } from "../language/language-provider.tsx";
import { ACT_INTROS, ACT_NAMES } from "./act-texts.ts";
import { useOpenAct } from "./opened-act.ts";

const TEXTS = {
  cancel: { en: "Cancel", zh: "取消" },
  close: { en: "Close", zh: "关闭" },
  done: { en: "Downloaded, and recorded in the log.", zh: "已下载，并已写入操作日志。" },
} as const;

/** Downloads a person's data. It changes nothing, so it has no preview; the log says who read it. */
export function ExportDialog({ userId }: { userId: string }) {
  const texts = useTexts(TEXTS);
  const { language } = useLanguage();
  const openAct = useOpenAct();
  const [reason, setReason] = useState("");
  const download = useMutation({
    async mutationFn() {
      const person = await callAdmin("exportUserAsOperator", {
        params: { userId },
        query: { reason },
      });
      saveFile(`newday-${userId}.json`, JSON.stringify(person, null, 2));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    download.mutate();
  };
  return (
    <Modal
      opened
      onClose={() => openAct()}
      title={`${ACT_NAMES.export[language]}: ${userId}`}
      size="lg"
      closeButtonProps={{ "aria-label": texts.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text c="dimmed">{ACT_INTROS.export[language]}</Text>
          <ReasonField value={reason} onChange={setReason} />
          <ProblemAlert error={download.error} />
          {download.isSuccess && <Text role="status">{texts.done}</Text>}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => openAct()}>
              {download.isSuccess ? texts.close : texts.cancel}
            </Button>
            <Button type="submit" loading={download.isPending}>
              {ACT_NAMES.export[language]}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
