/** Ctrl-C stops between two attempts. The last line is printed in any case. */
import type { Emit } from "../../repair/model/events.ts";

export function abortOnSignal(emit: Emit): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    // A second signal has no effect: the attempt in flight ends within a second, and the final
    // status is worth that wait.
    if (controller.signal.aborted) return;
    controller.abort();
    emit("warning", {
      en: "Stopping before the next attempt; the one in flight ends by itself.",
      zh: "将在下一次尝试前停止；进行中的尝试会自行结束。",
    });
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}
