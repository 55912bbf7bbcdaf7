import type { SeededRandom } from "./random.ts";

const COMPANIES = [
  "Northwind",
  "Kaffeerösterei Lehmann",
  "Acme",
  "Blue Harbor",
  "Fjordline",
  "Tanaka Trading",
  "Maple & Main",
  "Orbit Logistics",
  "Sunridge",
  "Casa Verde",
  "Granite Bank",
  "Papelaria Lisboa",
  "Redwood Outfitters",
  "Hale Pharmacy",
  "Tidewater",
  "Brightline Energy",
  "Zenith Optics",
  "Wolff & Söhne",
  "Cobalt Insurance",
  "Meridian Travel",
  "Lumen Studio",
  "Ironbark",
  "Silver Fern",
  "Atelier Moreau",
  "Polar Freight",
  "Juniper Clinics",
  "Quay Street Market",
  "Helio",
  "Stonebridge Legal",
  "Nimbus",
  "Verde Foods",
  "Oakhurst",
];

type Receiver = {
  readonly purposes: readonly string[];
  /** The number of connections of this kind, out of a hundred. */
  readonly weight: number;
  readonly url: (host: string, random: SeededRandom) => string;
};

const ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Typical receivers. Their hosts are real or reserved; nothing is ever sent to the real ones. */
export const RECEIVERS = {
  custom: {
    weight: 44,
    purposes: [
      "Fraud scoring",
      "ERP",
      "Warehouse",
      "Data lake",
      "Billing",
      "Search index",
      "Loyalty points",
      "CRM sync",
      "Tax engine",
      "Customer data platform (staging, Frankfurt)",
    ],
    url: (host, random) =>
      `https://${random.pick(["api", "hooks", "events"])}.${host}.example/webhooks/${random.hex(8)}`,
  },
  zapier: {
    weight: 20,
    purposes: ["Orders to Sheets", "Leads to HubSpot", "New customers to Mailchimp", "Refunds to Airtable"],
    url: (_host, random) =>
      `https://hooks.zapier.com/hooks/catch/${random.int(1_000_000, 19_999_999)}/${random.text(ALPHANUMERIC, 7)}/`,
  },
  make: {
    weight: 12,
    purposes: ["Invoices to Drive", "Shipping labels", "Review requests", "Stock alerts"],
    url: (_host, random) => `https://hook.eu1.make.com/${random.text(ALPHANUMERIC, 32)}`,
  },
  n8n: {
    weight: 12,
    purposes: ["Onboarding flow", "Nightly reconciliation", "Ticket triage", "Order enrichment"],
    url: (host, random) => {
      const uuid = [8, 4, 4, 4, 12].map((length) => random.hex(length)).join("-");
      return `https://n8n.${host}.example/webhook/${uuid}`;
    },
  },
  slack: {
    weight: 8,
    purposes: ["#orders", "#alerts-payments", "#customer-success", "#warehouse"],
    url: (_host, random) =>
      `https://hooks.slack.com/services/T${random.text(ALPHANUMERIC, 8)}/B${random.text(ALPHANUMERIC, 10)}/${random.text(ALPHANUMERIC, 24)}`,
  },
  pipedream: {
    weight: 4,
    purposes: ["Enrichment", "Archive to S3"],
    url: (_host, random) => `https://eo${random.text(ALPHANUMERIC, 13)}.m.pipedream.net`,
  },
} as const satisfies Readonly<Record<string, Receiver>>;

export type ReceiverKind = keyof typeof RECEIVERS;

/** Typical names of connections: their purpose and owner. No two are the same. */
export class ConnectionNames {
  readonly #used = new Set<string>();

  next(kind: ReceiverKind, random: SeededRandom): { readonly name: string; readonly host: string } {
    for (let attempt = 0; ; attempt++) {
      const company = random.pick(COMPANIES);
      const base = `${random.pick<string>(RECEIVERS[kind].purposes)} – ${company}`;
      const name = attempt < 5 ? base : `${base} ${attempt}`;
      if (this.#used.has(name)) continue;
      this.#used.add(name);
      return { name, host: hostOf(company) };
    }
  }
}

function hostOf(company: string): string {
  return company
    .toLowerCase()
    .normalize("NFD")
    .replace(/[^a-z0-9]+/g, "-");
}
