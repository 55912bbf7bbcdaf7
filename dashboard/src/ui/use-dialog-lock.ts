import { createContext, useContext, useEffect } from "react";

/** Provided by the surrounding dialog. */
export const DialogLock = createContext<(isLocked: boolean) => void>(() => {});

/** Keeps the surrounding dialog open while `isLocked`, such as during a request whose result is shown only once. */
export function useDialogLock(isLocked: boolean): void {
  const lock = useContext(DialogLock);
  useEffect(() => {
    lock(isLocked);
    return () => lock(false);
  }, [lock, isLocked]);
}
