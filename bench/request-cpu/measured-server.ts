/** The server under test in a process of its own, which measures its processor time when its parent asks. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Session, type Profiler } from "node:inspector/promises";
import { serve } from "../market/serve.ts";
import { groupByRoom, type RoomTimes } from "./rooms.ts";

const SAMPLING_MICROSECONDS = 250;

type Asked = "cpu" | "profile" | "rooms";

export interface MeasuredServer {
  readonly port: number;
  /** Microseconds of the process since it began. */
  readonly cpu: () => Promise<number>;
  readonly startProfile: () => Promise<unknown>;
  readonly endProfile: () => Promise<RoomTimes>;
  readonly stop: () => Promise<void>;
}

export async function startMeasuredServer(
  socketDir: string,
  port: number,
): Promise<MeasuredServer> {
  const child = fork(process.argv[1] ?? "", ["--serve", socketDir, `${port}`]);
  const [listening] = (await once(child, "message")) as [number];
  return {
    port: listening,
    cpu: () => ask<number>(child, "cpu"),
    startProfile: () => ask(child, "profile"),
    endProfile: () => ask<RoomTimes>(child, "rooms"),
    async stop() {
      child.disconnect();
      await once(child, "exit");
    },
  };
}

async function ask<Answer>(child: ChildProcess, asked: Asked): Promise<Answer> {
  child.send(asked);
  const [answer] = (await once(child, "message")) as [Answer];
  return answer;
}

/** The child's side. `bundle` is the program that runs. */
export async function serveMeasured(
  bundle: string,
  { socketDir, port }: { readonly socketDir: string; readonly port: number },
): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: SAMPLING_MICROSECONDS });
  const answers: Record<Asked, () => Promise<unknown>> = {
    cpu: async () => cpuTime(),
    profile: () => session.post("Profiler.start"),
    async rooms() {
      const stopped = (await session.post("Profiler.stop")) as { profile: Profiler.Profile };
      return groupByRoom(stopped.profile, bundle);
    },
  };
  process.on(
    "message",
    (asked: Asked) => void answers[asked]().then((answer) => process.send?.(answer)),
  );
  await serve(socketDir, port);
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
