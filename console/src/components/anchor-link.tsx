import { Anchor, type AnchorProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

interface AnchorOfLinkProps
  extends AnchorProps, Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof AnchorProps> {
  readonly ref?: Ref<HTMLAnchorElement>;
}

function AnchorOfLink(props: AnchorOfLinkProps) {
  return <Anchor {...props} />;
}

/** A link to a screen, whose address and its fields the compiler checks. */
export const AnchorLink = createLink(AnchorOfLink);
