import { Component, type ReactNode } from "react";
import { leaveFocusToTitle } from "../navigation/focus-heading.ts";
import { Button } from "./button.tsx";
import { isNotFetched, NOT_FETCHED_WORDS } from "./not-fetched.ts";
import { Notice } from "./notice.tsx";

type Props = {
  what: string;
  /** A change of this value means new contents, which are rendered again after an error. */
  resetKey?: string | undefined;
  /** Called before a retry. */
  onRetry?: () => void;
  /** Closes a popup, whose error has no place on the page. */
  onDismiss?: () => void;
  children: ReactNode;
};
type State = { failed: boolean; isNotFetched: boolean; resetKey: string | undefined };

/** Contains a rendering error within one panel; the rest of the page remains. */
export class PanelBoundary extends Component<Props, State> {
  override state: State = { failed: false, isNotFetched: false, resetKey: undefined };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failed: true, isNotFetched: isNotFetched(error) };
  }

  static getDerivedStateFromProps({ resetKey }: Props, state: State): Partial<State> | null {
    return resetKey === state.resetKey ? null : { failed: false, resetKey };
  }

  retry = () => {
    this.props.onRetry?.();
    this.setState({ failed: false });
  };

  override render() {
    if (!this.state.failed) return this.props.children;
    const { what, onDismiss } = this.props;
    const notice = (
      <Notice
        tone="err"
        live
        title={`${what} cannot be shown`}
        action={
          <>
            {this.state.isNotFetched && <Button onClick={() => location.reload()}>Reload</Button>}
            <Button ref={leaveFocusToTitle} onClick={this.retry}>
              Try again
            </Button>
            {onDismiss && <Button onClick={onDismiss}>Close</Button>}
          </>
        }
      >
        {this.state.isNotFetched
          ? NOT_FETCHED_WORDS
          : "The dashboard failed to draw this part. The rest of the page is not affected."}
      </Notice>
    );
    if (onDismiss === undefined) return notice;
    return (
      <div className="fixed inset-x-4 bottom-4 z-40 mx-auto max-w-lg rounded-card bg-surface shadow-popup">
        {notice}
      </div>
    );
  }
}
