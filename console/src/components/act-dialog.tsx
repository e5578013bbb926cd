import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { useTexts } from "../language/language-provider.tsx";
import { ProblemAlert } from "./problem-alert.tsx";

const TEXTS = {
  preview: { en: "Preview", zh: "预览" },
  previewed: {
    en: "Nothing is changed yet. This would happen:",
    zh: "尚未更改任何内容。将会发生：",
  },
  confirm: { en: "Do it", zh: "确认执行" },
  back: { en: "Back", zh: "返回" },
  cancel: { en: "Cancel", zh: "取消" },
  done: { en: "Done and recorded in the log.", zh: "已执行，并已写入操作日志。" },
  close: { en: "Close", zh: "关闭" },
} as const;

interface ActDialogProps<Reply> {
  readonly title: string;
  readonly intro?: string;
  /** The inputs of the act. */
  readonly children: ReactNode;
  /** Posts the act; a dry run finds every refusal and changes nothing. */
  readonly act: (dryRun: boolean) => Promise<Reply>;
  readonly showPreview: (reply: Reply) => ReactNode;
  /** What the person needs afterwards, such as a secret; the default says that it is done. */
  readonly showResult?: (reply: Reply) => ReactNode;
  readonly onClose: () => void;
}

/** An act in three steps: the inputs, the preview by the server, and the confirmation. */
export function ActDialog<Reply>(props: ActDialogProps<Reply>) {
  const { title, intro, children, act, showPreview, showResult, onClose } = props;
  const texts = useTexts(TEXTS);
  const client = useQueryClient();
  const preview = useMutation({ mutationFn: () => act(true) });
  const confirm = useMutation({
    mutationFn: () => act(false),
    // Any list may show the change.
    onSuccess: () => client.invalidateQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    preview.mutate();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeButtonProps={{ "aria-label": texts.close }}
    >
      {confirm.data !== undefined ? (
        <Stack>
          <Text role="status">{texts.done}</Text>
          {showResult?.(confirm.data)}
          <Group justify="flex-end">
            <Button onClick={onClose}>{texts.close}</Button>
          </Group>
        </Stack>
      ) : preview.data !== undefined ? (
        <Stack>
          <Text role="status">{texts.previewed}</Text>
          {showPreview(preview.data)}
          <ProblemAlert error={confirm.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={preview.reset}>
              {texts.back}
            </Button>
            <Button loading={confirm.isPending} onClick={() => confirm.mutate()} data-autofocus>
              {texts.confirm}
            </Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {intro && <Text c="dimmed">{intro}</Text>}
            {children}
            <ProblemAlert error={preview.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {texts.cancel}
              </Button>
              <Button type="submit" loading={preview.isPending}>
                {texts.preview}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
