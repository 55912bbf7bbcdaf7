import { useRef, useState } from "react";

/** For several ways to submit: while one is under way, another does nothing. Gives which one it is. */
export function useOneAtATime<Way>() {
  const [running, setRunning] = useState<Way | null>(null);
  const isRunning = useRef(false); // the state is known only once it is drawn
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
