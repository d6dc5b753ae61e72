import { fork } from "node:child_process";
import { once } from "node:events";

export interface SenderOrders {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly apiRoot: string;
  readonly token: string;
  readonly platform?: "telegram" | "slack";
  /** Null for no limit at all. */
  readonly perSecond: number | null;
  readonly concurrency: number;
}

export interface SenderTook {
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly warnings: readonly string[];
}

export interface Sender {
  stop(): Promise<SenderTook>;
}

/** Starts a process that sends what is due. */
export const startSender = async (orders: SenderOrders): Promise<Sender> => {
  const program = new URL("./sender-process.ts", import.meta.url);
  const child = fork(program, [JSON.stringify(orders)], { execArgv: ["--import", "tsx"] });
  await once(child, "message");
  return {
    stop: async () => {
      child.send("stop");
      const [took] = await once(child, "message");
      return took as SenderTook;
    },
  };
};
