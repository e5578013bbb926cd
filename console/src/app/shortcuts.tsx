import { Kbd, Modal, Table } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTexts } from "../language/language-provider.tsx";
import { SCREENS } from "./screens.ts";
import { SHELL_TEXTS } from "../frame/shell-texts.ts";

/** `g` and the next key belong together within this time. */
const PAIR_MS = 1_500;

/** Keys for what a person does all day; `?` lists them. */
export function Shortcuts() {
  const [isShown, setShown] = useState(false);
  const texts = useTexts(SHELL_TEXTS);
  useShortcutKeys(() => setShown(true));
  return (
    <Modal
      opened={isShown}
      onClose={() => setShown(false)}
      title={texts.shortcuts}
      closeButtonProps={{ "aria-label": texts.close }}
    >
      <Table aria-label={texts.shortcuts}>
        <Table.Tbody>
          <ShortcutRow keys={["?"]} text={texts.shortcutHelp} />
          <ShortcutRow keys={["/"]} text={texts.shortcutSearch} />
          {SCREENS.map(({ text, key }) => (
            <ShortcutRow key={key} keys={["g", key]} text={texts[text]} />
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}

function ShortcutRow({ keys, text }: { keys: readonly string[]; text: string }) {
  return (
    <Table.Tr>
      <Table.Td>
        {keys.map((key) => (
          <Kbd key={key} mr={4}>
            {key}
          </Kbd>
        ))}
      </Table.Td>
      <Table.Td>{text}</Table.Td>
    </Table.Tr>
  );
}

function useShortcutKeys(showHelp: () => void): void {
  const navigate = useNavigate();
  const lastG = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const screen = SCREENS.find(({ key }) => key === event.key);
      if (event.key === "?") showHelp();
      else if (event.key === "/") focusSearch(event);
      else if (screen && Date.now() - lastG.current < PAIR_MS) void navigate({ to: screen.to });
      lastG.current = event.key === "g" ? Date.now() : 0;
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [navigate, showHelp]);
}

function focusSearch(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLInputElement>('input[type="search"]');
  if (!field) return;
  event.preventDefault();
  field.focus();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]")
  );
}
