import { Notice } from "../ui/notice.tsx";

/** Says how long somebody has to wait after too many wrong passwords. */
export function LockNotice({ seconds }: { seconds: number }) {
  return (
    <Notice tone="warn" live title="Too many failed sign-ins">
      Try again in{" "}
      <span role="timer" className="font-medium">
        {waitInWords(seconds)}
      </span>
      .
    </Notice>
  );
}

function waitInWords(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
