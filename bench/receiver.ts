import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Takes any request and answers 200 at once. Prints its URL; ends when standard input does. */
const server = createServer((request, response) => {
  request.resume();
  request.once("end", () => response.end("ok"));
});
server.listen(0, "127.0.0.1", () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
process.stdin.resume();
process.stdin.once("end", () => process.exit(0));
