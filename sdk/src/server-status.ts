import type { CallOptions, Request } from "./request.ts";

/** `/api/health` as the console and monitors read it. */
export interface ServerStatus {
  readonly status: "ok" | "repair_due" | "unavailable";
  readonly version: string;
  readonly build: string;
  readonly schemaVersion: number;
  readonly mode: "sandbox" | "production";
  readonly permits: { readonly loginWithoutProof: boolean };
  readonly database: "ok" | "unreachable";
  readonly adoption: "repair_due" | "adoption_due" | "adopted";
  readonly repair: {
    readonly due: boolean;
    readonly walletForeignKeys: readonly string[];
    readonly how: readonly string[] | null;
  };
}

export function statusOf(request: Request) {
  return {
    get: (options?: CallOptions) =>
      request<ServerStatus>({ method: "GET", path: ["api", "health"], options }),
  };
}
