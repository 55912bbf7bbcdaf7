import { useRef, useState } from "react";

/** For a form with several ways to submit: while one is running, the others do nothing. Returns the running one. */
export function useOneAtATime<Way>() {
  const [running, setRunning] = useState<Way | null>(null);
  const isRunning = useRef(false); // the state changes only with the next render
  const run = async (way: Way, work: () => Promise<void>) => {
    if (isRunning.current) return;
    isRunning.current = true;
    setRunning(way);
    try {
      await work();
    } finally {
      isRunning.current = false;
      setRunning(null);
    }
  };
  return { running, run };
}
