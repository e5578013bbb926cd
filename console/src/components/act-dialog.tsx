import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { createIdempotencyKey } from "../api/admin-client.ts";
import { useTexts } from "../language/language-provider.tsx";
import { ProblemAlert } from "./problem-alert.tsx";

const TEXTS = {
  preview: { en: "Preview", zh: "预览" },
  previewed: {
    en: "Nothing is changed yet. This would happen:",
    zh: "尚未更改任何内容。将会发生：",
  },
  blocked: { en: "It cannot be done yet.", zh: "目前无法执行。" },
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
  /**
   * Posts the act; a dry run finds every refusal and changes nothing. The key is that of one preview: a second press of
   * the confirmation repeats the act, and changed inputs are another.
   */
  readonly act: (dryRun: boolean, idempotencyKey: string) => Promise<Reply>;
  readonly showPreview: (reply: Reply) => ReactNode;
  /** The confirmation's text; undefined: the preview shows what stands against it, and nothing confirms. */
  readonly confirmText?: (preview: Reply) => string | undefined;
  /** What happened; the default says that it is done. */
  readonly doneText?: (reply: Reply) => string;
  /** What the person needs afterwards, such as a secret; the default says that it is done. */
  readonly showResult?: (reply: Reply) => ReactNode;
  readonly onClose: () => void;
}

/** An act in three steps: the inputs, the preview by the server, and the confirmation. */
export function ActDialog<Reply>(props: ActDialogProps<Reply>) {
  const { title, intro, children, act, showPreview, showResult, onClose } = props;
  const texts = useTexts(TEXTS);
  const { confirmText = () => texts.confirm, doneText = () => texts.done } = props;
  const { preview, confirm, start } = useAct(act);
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
          <Text role="status">{doneText(confirm.data)}</Text>
          {showResult?.(confirm.data)}
          <Group justify="flex-end">
            <Button onClick={onClose}>{texts.close}</Button>
          </Group>
        </Stack>
      ) : preview.data !== undefined ? (
        <Stack>
          <Text role="status">
            {confirmText(preview.data) === undefined ? texts.blocked : texts.previewed}
          </Text>
          {showPreview(preview.data)}
          <ProblemAlert error={confirm.error} />
          <PreviewButtons
            confirmText={confirmText(preview.data)}
            isPending={confirm.isPending}
            onConfirm={() => confirm.mutate()}
            onBack={preview.reset}
          />
        </Stack>
      ) : (
        <InputForm
          isPending={preview.isPending}
          error={preview.error}
          onSubmit={start}
          onClose={onClose}
        >
          {intro && <Text c="dimmed">{intro}</Text>}
          {children}
        </InputForm>
      )}
    </Modal>
  );
}

/** Each preview begins an intention of its own. */
function useAct<Reply>(act: ActDialogProps<Reply>["act"]) {
  const client = useQueryClient();
  const [idempotencyKey, setIdempotencyKey] = useState("");
  const preview = useMutation({ mutationFn: (key: string) => act(true, key) });
  const confirm = useMutation({
    mutationFn: () => act(false, idempotencyKey),
    // Any list may show the change.
    onSuccess: () => client.invalidateQueries(),
  });
  const start = () => {
    const key = createIdempotencyKey();
    setIdempotencyKey(key);
    confirm.reset();
    preview.mutate(key);
  };
  return { preview, confirm, start };
}

interface PreviewButtonsProps {
  readonly confirmText: string | undefined;
  readonly isPending: boolean;
  readonly onConfirm: () => void;
  readonly onBack: () => void;
}

function PreviewButtons({ confirmText, isPending, onConfirm, onBack }: PreviewButtonsProps) {
  const texts = useTexts(TEXTS);
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onBack}>
        {texts.back}
      </Button>
      {confirmText !== undefined && (
        <Button loading={isPending} onClick={onConfirm} data-autofocus>
          {confirmText}
        </Button>
      )}
    </Group>
  );
}

interface InputFormProps {
  readonly children: ReactNode;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
}

function InputForm({ children, isPending, error, onSubmit, onClose }: InputFormProps) {
  const texts = useTexts(TEXTS);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {children}
        <ProblemAlert error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
          <Button type="submit" loading={isPending}>
            {texts.preview}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
