/** Ctrl-C stops between two attempts, never inside one, and never without the last line. */
import type { Emit } from "../../repair/events.ts";

export function abortOnSignal(emit: Emit): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    // A second signal changes nothing: the attempt in flight is over within a second anyway, and
    // leaving without the truth would be worse than waiting for it.
    if (controller.signal.aborted) return;
    controller.abort();
    emit("warning", [
      "Stopping before the next attempt; the one in flight ends by itself.",
      "将在下一次尝试前停止；进行中的尝试会自行结束。",
    ]);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}
