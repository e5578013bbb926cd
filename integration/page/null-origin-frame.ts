/** Runs inside the sandboxed frame: performs the page's requests and sends the answers back. */
import { fetchTransport } from "../checks/transport.ts";
import type { FrameReply, FrameRequest } from "./null-origin.ts";

const transport = fetchTransport(fetch.bind(globalThis), { cache: "no-store" });

addEventListener("message", (event: MessageEvent<FrameRequest>) => {
  if (event.source !== parent) return;
  const { id, request } = event.data;
  const reply = (message: FrameReply): void => parent.postMessage(message, "*");
  transport(request).then(
    (answer) => reply({ id, answer }),
    (error: unknown) => reply({ id, fault: error instanceof Error ? error.message : "no answer" }),
  );
});
