import { AnchorLink } from "./anchor-link.tsx";
import { useTexts } from "../language/language-provider.tsx";
import { UserLink } from "./user-link.tsx";

const TEXTS = {
  user: { en: "user", zh: "用户" },
  operator: { en: "operator", zh: "运维人员" },
  platform: { en: "platform", zh: "平台" },
} as const;

/** Who did something, as the books name them: `user:<id>`, `platform:<name>`, `operator:<login>`. */
export function Doer({ by }: { by: string | null }) {
  const texts = useTexts(TEXTS);
  if (!by) return null;
  const at = by.indexOf(":");
  const [kind, name] = [by.slice(0, at), by.slice(at + 1)];
  if (kind === "user")
    return (
      <>
        {texts.user} <UserLink userId={name} />
      </>
    );
  if (kind === "operator")
    return (
      <>
        {texts.operator}{" "}
        <AnchorLink to="/console/acts" search={{ operator: by }} inherit>
          {name}
        </AnchorLink>
      </>
    );
  return <span className="breaking">{kind === "platform" ? `${texts.platform} ${name}` : by}</span>;
}
