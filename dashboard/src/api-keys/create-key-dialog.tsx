import { CreateKeyForm } from "./create-key-form.tsx";
import { NewKeyDialog } from "./new-key-dialog.tsx";

export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  return (
    <NewKeyDialog
      title="Create API key"
      description="Keys belong to the workspace, not to you. A key stays valid until it is revoked or expires."
      form={(onCreated) => <CreateKeyForm onCreated={onCreated} onCancel={onClose} />}
      advice={
        <>
          Send it as <code className="font-mono">Authorization: Bearer</code> and keep it out of source code.
        </>
      }
      onClose={onClose}
    />
  );
}
