import { Component, type ReactNode } from "react";
import { leaveFocusToTitle } from "../navigation/focus-heading.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

type Props = {
  what: string;
  /** Another value means other contents, which deserve a new try. */
  resetKey?: string | undefined;
  /** Runs before another try. */
  onRetry?: () => void;
  children: ReactNode;
};
type State = { failed: boolean; resetKey: string | undefined };

/** Keeps a fault inside one panel: the rest of the page stays. */
export class PanelBoundary extends Component<Props, State> {
  override state: State = { failed: false, resetKey: undefined };

  static getDerivedStateFromError(): Partial<State> {
    return { failed: true };
  }

  static getDerivedStateFromProps({ resetKey }: Props, state: State): State | null {
    return resetKey === state.resetKey ? null : { failed: false, resetKey };
  }

  retry = () => {
    this.props.onRetry?.();
    this.setState({ failed: false });
  };

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Notice
        tone="err"
        live
        title={`${this.props.what} cannot be shown`}
        action={
          <Button ref={leaveFocusToTitle} onClick={this.retry}>
            Try again
          </Button>
        }
      >
        The dashboard failed to draw this part. The rest of the page is not affected.
      </Notice>
    );
  }
}
