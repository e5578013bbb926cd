import { Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { isApiError } from "../api/api-error.ts";
import { useConnection } from "../api/connection.ts";
import { ProblemAlert } from "./problem-alert.tsx";

interface LoadedProps<Data> {
  readonly query: Pick<UseQueryResult<Data>, "data" | "error">;
  readonly children: (data: Data) => ReactNode;
}

/** The data of a query, or why it is not there. While the server is silent, the shell's sentence says so once. */
export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  const { silentSince } = useConnection();
  const { data, error } = query;
  const isRefused = error && !(silentSince && isApiError(error) && error.status === 0);
  return (
    <>
      {isRefused && <ProblemAlert error={error} />}
      {data === undefined ? !isRefused && <Placeholder /> : children(data)}
    </>
  );
}

function Placeholder() {
  return (
    <Stack gap="xs" aria-hidden="true">
      <Skeleton height={28} />
      <Skeleton height={28} />
      <Skeleton height={28} width="60%" />
    </Stack>
  );
}
