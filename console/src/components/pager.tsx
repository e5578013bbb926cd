import { Anchor, Group } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import type { MouseEvent } from "react";
import { useTexts } from "../language/language-provider.tsx";
import { useChangedAddress } from "./address.ts";

const TEXTS = {
  pages: { en: "Pages", zh: "分页" },
  first: { en: "First page", zh: "首页" },
  next: { en: "Next page", zh: "下一页" },
} as const;

interface PagerProps {
  readonly cursor: string | undefined;
  readonly nextCursor: string | null;
}

/** Links to the first and the next page; the page is part of the address. */
export function Pager({ cursor, nextCursor }: PagerProps) {
  const texts = useTexts(TEXTS);
  if (!cursor && !nextCursor) return null;
  return (
    <nav aria-label={texts.pages}>
      <Group>
        {cursor && <PageLink text={texts.first} />}
        {nextCursor && <PageLink text={texts.next} cursor={nextCursor} />}
      </Group>
    </nav>
  );
}

function PageLink({ text, cursor }: { text: string; cursor?: string }) {
  const router = useRouter();
  const href = useChangedAddress()({ cursor });
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void router.navigate({ href });
  };
  return (
    <Anchor href={href} onClick={open}>
      {text}
    </Anchor>
  );
}
