import type { Document, Operation } from "../reference/operations.ts";
import { sampleCall } from "./call.ts";
import { curlSample } from "./curl.ts";
import { pythonSample } from "./python.ts";
import { typescriptSample } from "./typescript.ts";

type Sample = {
  readonly language: "curl" | "typescript" | "python";
  readonly label: string;
  readonly text: string;
};

/** Runnable code for an operation, with the server and the credentials in the environment. */
export function samplesOf(document: Document, operation: Operation): Sample[] {
  const call = sampleCall(document, operation);
  return [
    { language: "curl", label: "curl", text: curlSample(call) },
    { language: "typescript", label: "TypeScript", text: typescriptSample(call) },
    { language: "python", label: "Python", text: pythonSample(call) },
  ];
}
