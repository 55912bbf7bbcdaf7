import { waitWords } from "../text/wait-words.ts";
import { Notice } from "../ui/notice.tsx";

/** Says how long someone has to wait after too many wrong passwords. */
export function LockNotice({ seconds }: { seconds: number }) {
  return (
    <Notice tone="warn" live title="Too many failed sign-ins">
      Try again in{" "}
      <span role="timer" className="font-medium">
        {waitWords(seconds)}
      </span>
      .
    </Notice>
  );
}
