import { describe, expect, expectTypeOf, it } from "vitest";
import { NewDayApiError, type ErrorCode, type KnownErrorCode } from "../src/index.ts";

describe("the codes of an error", () => {
  it("are a union that the compiler knows", () => {
    expectTypeOf<"insufficient_funds">().toExtend<KnownErrorCode>();
    expectTypeOf<"insuficient_funds">().not.toExtend<KnownErrorCode>();
  });

  it("may be newer than the client", () => {
    expectTypeOf<NewDayApiError["code"]>().toEqualTypeOf<ErrorCode>();
    const error = new NewDayApiError("later", {
      code: "a_code_of_a_later_server",
      status: 409,
      requestId: undefined,
      retryable: false,
    });
    expect(error.code).toBe("a_code_of_a_later_server");
  });
});
