import { useCallback, useEffect, useState } from "react";
import { failureOf, readPossessions, type Failure, type Possessions } from "./game-api.ts";
import type { SignedInPlayer } from "./signed-in-player.ts";

/** The pace of the partner's own pages (docs/contract.md 7). */
const REFRESH_MS = 30_000;

export interface PossessionsReading {
  readonly possessions: Possessions | undefined;
  readonly failure: Failure | undefined;
  readonly readAgain: () => void;
}

/** The player's balances and items, read now and every half minute. */
export function usePossessions(player: SignedInPlayer): PossessionsReading {
  const [reading, setReading] = useState<Omit<PossessionsReading, "readAgain">>({
    possessions: undefined,
    failure: undefined,
  });
  const readAgain = useCallback(() => {
    readPossessions(player).then(
      (possessions) => setReading({ possessions, failure: undefined }),
      (error: unknown) => setReading((before) => ({ ...before, failure: failureOf(error) })),
    );
  }, [player]);
  useEffect(() => {
    readAgain();
    const timer = setInterval(() => readAgain(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [readAgain]);
  return { ...reading, readAgain };
}
