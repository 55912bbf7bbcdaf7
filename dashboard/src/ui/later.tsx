import { type ComponentType, type ReactNode, Suspense, use } from "react";
import { PanelBoundary } from "./panel-boundary.tsx";

/** What a button opens: it can be fetched while the pointer or the focus rests on that button. Never rejects. */
export type Preloads = { readonly preload: () => Promise<void> };

type LaterOptions = {
  /** Holds its place while it is fetched, so that nothing jumps. A popup needs none. */
  placeholder?: ReactNode;
  /** For what opens over any page: closes it when it cannot be fetched. */
  onDismiss?: () => void;
};

/**
 * A part of a page that is fetched when it is first shown, so that the first load need not carry it. A part that
 * cannot be fetched says so in its place, with another try.
 */
export function later<Props extends object>(
  what: string,
  load: () => Promise<ComponentType<Props>>,
  { placeholder = null, onDismiss }: LaterOptions = {},
): ((props: Props) => ReactNode) & Preloads {
  let loading: Promise<ComponentType<Props>> | null = null;
  let loaded: ComponentType<Props> | null = null;
  const start = () => {
    loading ??= load().then((part) => {
      loaded = part;
      return part;
    });
    return loading;
  };
  const forget = () => {
    loading = null;
  };
  // biome-ignore lint/correctness/noComponentHookFactories: made once, at the top of a module, as React.lazy is
  function Part(props: Props) {
    const Loaded = loaded ?? use(start());
    return <Loaded {...props} />;
  }
  // biome-ignore lint/correctness/noComponentHookFactories: as above
  function Later(props: Props) {
    return (
      <PanelBoundary what={what} onRetry={forget} {...(onDismiss && { onDismiss })}>
        <Suspense fallback={placeholder}>
          <Part {...props} />
        </Suspense>
      </PanelBoundary>
    );
  }
  // A fetch ahead that fails is no news: the press tries again, and tells.
  return Object.assign(Later, { preload: () => start().then(() => undefined, forget) });
}
