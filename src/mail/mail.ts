/** One mail to one person. The subject is one line. */
export type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** What a mail says, before it is text and HTML. */
export type MailContent = {
  readonly to: string;
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly items?: readonly MailItem[];
  readonly link?: { readonly label: string; readonly url: string };
  /** Why the reader gets this mail. */
  readonly footer: string;
};

export type MailItem = { readonly title: string; readonly detail: string; readonly url: string };
