import type { Hold, PostHoldBody, PostHoldCaptureBody, Transfer } from "./generated/api-types.ts";
import type { Page, PageQuery, Request, WriteOptions } from "./request.ts";

/** Reserves: hold first, then capture all or parts of it, or void it; it expires by itself. */
export function holdsOf(request: Request) {
  const hold = (id: string) => `/api/v1/holds/${encodeURIComponent(id)}`;
  return {
    post: (body: PostHoldBody, write: WriteOptions = {}) =>
      request<Hold>({ method: "POST", path: "/api/v1/holds", body, write }),
    get: (id: string) => request<Hold>({ method: "GET", path: hold(id) }),
    list: (userId: string, query: PageQuery = {}) =>
      request<Page<Hold>>({
        method: "GET",
        path: `/api/v1/wallets/${encodeURIComponent(userId)}/holds`,
        query: { ...query },
      }),
    capture: (id: string, body: PostHoldCaptureBody = {}, write: WriteOptions = {}) =>
      request<Transfer>({ method: "POST", path: `${hold(id)}/captures`, body, write }),
    void: (id: string, write: WriteOptions = {}) =>
      request<Hold>({ method: "POST", path: `${hold(id)}/void`, body: {}, write }),
  };
}
