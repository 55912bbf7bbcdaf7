import { useRef, useState } from "react";

/** For a form with several ways to submit: while one is running, the others do nothing. Returns the running one. */
export function useOneAtATime<Action>() {
  const [running, setRunning] = useState<Action | null>(null);
  const isRunning = useRef(false); // the state changes only with the next render
  const run = async (action: Action, task: () => Promise<void>) => {
    if (isRunning.current) return;
    isRunning.current = true;
    setRunning(action);
    try {
      await task();
    } finally {
      isRunning.current = false;
      setRunning(null);
    }
  };
  return { running, run };
}
