import { useConnection } from "../api/connection.ts";

export type Tone = "good" | "due" | "bad" | "neutral";

/** The mark repeats the meaning of the colour, for readers who see colours differently. */
const MARKS: Readonly<Record<Tone, string>> = { good: "✓", due: "!", bad: "✗", neutral: "·" };

/** A state in a colour; grey while the server is silent, because a stale green misleads. */
export function StateBadge({ tone, children }: { tone: Tone; children: string }) {
  const { silentSince } = useConnection();
  const shown = silentSince ? "neutral" : tone;
  return (
    <span className="state-badge" data-tone={shown}>
      <span aria-hidden="true">{silentSince ? "?" : MARKS[tone]}</span> {children}
    </span>
  );
}
