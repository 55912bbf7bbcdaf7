/** One mail to one person. The subject is one line. */
export type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** The content of a mail, before it becomes text and HTML. */
export type MailContent = {
  readonly to: string;
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly items?: readonly MailItem[];
  readonly link?: { readonly label: string; readonly url: string };
  /** Why the recipient gets this mail. */
  readonly footer: string;
};

export type MailItem = { readonly title: string; readonly detail: string; readonly url: string };
