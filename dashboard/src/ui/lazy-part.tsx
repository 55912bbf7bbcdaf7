import { type ComponentType, type ReactNode, Suspense, use } from "react";
import { PanelBoundary } from "./panel-boundary.tsx";

/** A part that can be preloaded, such as while the button that opens it is hovered or focused. Never rejects. */
export type Preloadable = { readonly preload: () => Promise<void> };

type LazyPartOptions = {
  /** Takes the part's place while it loads, so that nothing jumps. A popup needs none. */
  placeholder?: ReactNode;
  /** Closes a popup that cannot be loaded. */
  onDismiss?: () => void;
};

/**
 * A part of a page that loads when it is first shown, which keeps the initial load small. If it cannot be loaded, an
 * error with a retry button appears in its place.
 */
export function lazyPart<Props extends object>(
  what: string,
  load: () => Promise<ComponentType<Props>>,
  { placeholder = null, onDismiss }: LazyPartOptions = {},
): ((props: Props) => ReactNode) & Preloadable {
  let loading: Promise<ComponentType<Props>> | null = null;
  let loaded: ComponentType<Props> | null = null;
  const start = () => {
    loading ??= load().then((part) => {
      loaded = part;
      return part;
    });
    return loading;
  };
  const reset = () => {
    loading = null;
  };
  // biome-ignore lint/correctness/noComponentHookFactories: created once, at the top of a module, like React.lazy
  function Part(props: Props) {
    const Loaded = loaded ?? use(start());
    return <Loaded {...props} />;
  }
  // biome-ignore lint/correctness/noComponentHookFactories: as above
  function LazyPart(props: Props) {
    return (
      <PanelBoundary what={what} onRetry={reset} {...(onDismiss && { onDismiss })}>
        <Suspense fallback={placeholder}>
          <Part {...props} />
        </Suspense>
      </PanelBoundary>
    );
  }
  // A failed preload is not reported: opening the part tries again and shows the error.
  return Object.assign(LazyPart, { preload: () => start().then(() => undefined, reset) });
}
