import { createSocket } from "node:dgram";
import { answerNoSuchName, answerWith, readQuestion } from "./dns-message.ts";

/**
 * A name server in its own process, on the given address: every name under good.test is 127.0.0.1, names under
 * silent.test get no response, and no other names exist. Prints a line when it listens, and exits when standard input
 * ends.
 */
const PORT = 53;
const [address = "127.0.0.1"] = process.argv.slice(2);

const socket = createSocket("udp4");
socket.on("message", (message, from) => {
  const question = readQuestion(message);
  if (question.name.endsWith(".silent.test")) return;
  const isGood = question.name.endsWith(".good.test");
  const response = isGood ? answerWith("127.0.0.1", question) : answerNoSuchName(question);
  socket.send(response, from.port, from.address);
});
socket.bind(PORT, address, () => console.log("listening"));
process.stdin.resume();
process.stdin.once("end", () => process.exit(0));
