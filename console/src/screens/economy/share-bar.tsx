import { Progress } from "@mantine/core";
import { Ratio } from "./ratio.tsx";

const WHOLE = 100;

/** A share of a whole as a bar and in per cent. */
export function ShareBar({ of, label }: { of: string; label: string }) {
  return (
    <div className="share">
      <Progress value={Number(of) * WHOLE} aria-label={label} />
      <Ratio of={of} isShare />
    </div>
  );
}
