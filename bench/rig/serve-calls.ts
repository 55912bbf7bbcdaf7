export type CallRequest = { readonly id: number; readonly name: string; readonly input: unknown };
export type CallReply = { readonly id: number; readonly result?: unknown; readonly error?: string };

/** Responds to the calls of the parent process, and ends with it. */
export function serveCalls(calls: Readonly<Record<string, (input: never) => unknown>>): void {
  const run = async ({ id, name, input }: CallRequest): Promise<CallReply> => {
    try {
      return { id, result: await calls[name]?.(input as never) };
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  process.on("message", (request: CallRequest) => {
    void run(request).then((reply) => process.send?.(reply));
  });
  process.once("disconnect", () => process.exit(0));
}
