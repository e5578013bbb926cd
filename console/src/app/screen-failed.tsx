import type { ErrorComponentProps } from "@tanstack/react-router";
import { ProblemAlert } from "../components/problem-alert.tsx";

/** A screen that threw, or whose file could not be loaded, leaves the menu usable. */
export function ScreenFailed({ error }: ErrorComponentProps) {
  return <ProblemAlert error={error} />;
}
