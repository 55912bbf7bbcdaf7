import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";

/**
 * Renders the Helm chart in every variant and validates the manifests against Kubernetes' own schemas. Needs helm (`go
 * install helm.sh/helm/v3/cmd/helm@latest`), Python, and PyPI for kubernetes-validate, which contains the schemas.
 * Needs no cluster.
 *
 *   npm run test:helm
 */
const CHART = join(import.meta.dirname, "..", "..", "deploy", "helm", "opensend");
const RELEASE = "opensend";
/** A helm built from source assumes Kubernetes 1.20. */
const KUBERNETES = ["--kube-version", "1.34.0"];
/** The oldest version that Chart.yaml allows, and the newest with a schema. */
const KUBERNETES_VERSIONS = ["1.25", "1.37"];
const KEYS = ["secrets.sealingKey=a", "secrets.sessionSecret=b"];
const POSTGRES = [...KEYS, "secrets.databaseUrl=postgres://opensend@db/opensend"];
const SQLITE = [...KEYS, "sqlite.enabled=true", "server.replicas=1"];
const run = promisify(execFile);

// biome-ignore lint/suspicious/noExplicitAny: manifests of every kind, whose fields are asserted.
type Manifest = any;

/** Each variant with the kinds of its manifests. */
const VARIANTS: Readonly<
  Record<string, { readonly set: readonly string[]; readonly kinds: readonly string[] }>
> = {
  PostgreSQL: {
    set: POSTGRES,
    kinds: ["Deployment", "PodDisruptionBudget", "Secret", "Service"],
  },
  "PostgreSQL with workers, an ingress and metrics": {
    set: [
      ...POSTGRES,
      "worker.replicas=2",
      "ingress.enabled=true",
      "ingress.className=nginx",
      "ingress.tlsSecret=opensend-tls",
      "serviceMonitor.enabled=true",
      "secrets.metricsToken=0123456789abcdef",
      "env.LOG_LEVEL=warn",
      "imagePullSecrets[0].name=registry",
      "nodeSelector.disk=ssd",
    ],
    kinds: [
      "Deployment",
      "Deployment",
      "Ingress",
      "PodDisruptionBudget",
      "Secret",
      "Service",
      "ServiceMonitor",
    ],
  },
  "PostgreSQL with workers by queue depth": {
    set: [...POSTGRES, "autoscaling.enabled=true"],
    kinds: [
      "Deployment",
      "Deployment",
      "HorizontalPodAutoscaler",
      "PodDisruptionBudget",
      "Secret",
      "Service",
    ],
  },
  "a secret that exists": {
    set: ["existingSecret=kept"],
    kinds: ["Deployment", "PodDisruptionBudget", "Service"],
  },
  SQLite: {
    set: SQLITE,
    kinds: ["Deployment", "PersistentVolumeClaim", "Secret", "Service"],
  },
  "SQLite on a claim that exists": {
    set: [...SQLITE, "sqlite.existingClaim=kept"],
    kinds: ["Deployment", "Secret", "Service"],
  },
};

describe("the Helm chart", { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-helm-"));
  before(async () => {
    await run("helm", ["version"]).catch(() => {
      throw new Error("helm is missing: go install helm.sh/helm/v3/cmd/helm@latest");
    });
    await run("python3", ["-m", "venv", join(folder, "venv")]);
    const requirements = join(import.meta.dirname, "requirements.txt");
    await run(join(folder, "venv/bin/pip"), ["install", "--quiet", "--requirement", requirements]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("has no warnings from helm's linter", async () => {
    const { stdout } = await run("helm", ["lint", "--strict", CHART, ...KUBERNETES, ...setFlags(POSTGRES)]);
    assert.match(stdout, /1 chart\(s\) linted, 0 chart\(s\) failed/);
  });

  for (const [name, { set, kinds }] of Object.entries(VARIANTS)) {
    it(`renders valid manifests for ${name}`, async () => {
      const manifests = await render(set);
      assert.deepEqual(manifests.map(({ kind }) => kind).sort(), kinds);
      for (const pod of podsOf(manifests)) checkPod(pod);
      // ServiceMonitor belongs to the Prometheus operator, so Kubernetes has no schema for it.
      const own = manifests.filter(({ kind }) => kind !== "ServiceMonitor");
      const file = join(folder, "manifests.yaml");
      writeFileSync(file, own.map((one) => JSON.stringify(one)).join("\n---\n"));
      for (const version of KUBERNETES_VERSIONS) {
        const flags = ["--strict", "--kubernetes-version", version];
        await run(join(folder, "venv/bin/kubernetes-validate"), [...flags, file]);
      }
    });
  }

  it("gives probes to a server's pods but not to a worker's, because a worker listens on no port", async () => {
    const manifests = await render([...POSTGRES, "worker.replicas=1"]);
    const byArgs = new Map(podsOf(manifests).map(({ containers }) => [containers[0].args[0], containers[0]]));
    assert.equal(byArgs.get("start").readinessProbe.httpGet.path, "/api/ready");
    assert.equal(byArgs.get("start").livenessProbe.httpGet.path, "/api/health");
    assert.equal(byArgs.get("worker").readinessProbe, undefined);
  });

  it("mounts a volume for SQLite, and lets only one process use it at a time", async () => {
    const manifests = await render(SQLITE);
    const deployment = manifests.find(({ kind }) => kind === "Deployment");
    assert.deepEqual(deployment.spec.strategy, { type: "Recreate" });
    const { volumes } = deployment.spec.template.spec;
    assert.deepEqual(volumes.find((one: Manifest) => one.name === "data").persistentVolumeClaim, {
      claimName: RELEASE,
    });
    const secret = manifests.find(({ kind }) => kind === "Secret");
    assert.equal(secret.stringData.DATABASE_URL, undefined);
  });

  it("uses labels of its services for scraping and selecting", async () => {
    const manifests = await render([
      ...POSTGRES,
      "serviceMonitor.enabled=true",
      "secrets.metricsToken=0123456789abcdef",
    ]);
    const monitor = manifests.find(({ kind }) => kind === "ServiceMonitor");
    const service = manifests.find(({ kind }) => kind === "Service");
    const pod = manifests.find(({ kind }) => kind === "Deployment").spec.template;
    assertSelects(monitor.spec.selector.matchLabels, service.metadata.labels);
    assertSelects(service.spec.selector, pod.metadata.labels);
    assert.equal(monitor.spec.endpoints[0].port, service.spec.ports[0].name);
    // Prometheus takes the job name from this label, and the alert rules use that name.
    assert.equal(service.metadata.labels[monitor.spec.jobLabel], "opensend");
  });

  for (const [why, set, message] of [
    ["no database", KEYS, /Set secrets\.databaseUrl, existingSecret or sqlite\.enabled/],
    ["no sealing key", ["secrets.databaseUrl=a"], /Set secrets\.sealingKey/],
    ["two servers on SQLite", [...KEYS, "sqlite.enabled=true"], /set server\.replicas=1/],
    ["workers on SQLite", [...SQLITE, "worker.replicas=1"], /has no workers/],
    ["metrics without a token", [...POSTGRES, "serviceMonitor.enabled=true"], /secrets\.metricsToken/],
  ] as const) {
    it(`refuses ${why}`, async () => {
      await assert.rejects(render(set), message);
    });
  }
});

const setFlags = (set: readonly string[]) => set.flatMap((one) => ["--set", one]);

async function render(set: readonly string[]): Promise<Manifest[]> {
  const { stdout } = await run("helm", ["template", RELEASE, CHART, ...KUBERNETES, ...setFlags(set)]);
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as Manifest)
    .filter((one) => one !== null);
}

function podsOf(manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(({ kind }) => kind === "Deployment").map(({ spec }) => spec.template.spec);
}

/** Checks the restrictions that the image supports: see the Dockerfile and compose.yaml. */
function checkPod({ securityContext, containers, terminationGracePeriodSeconds, volumes }: Manifest): void {
  assert.equal(securityContext.runAsNonRoot, true);
  assert.ok(terminationGracePeriodSeconds > 15, "a test event waits up to 15 seconds");
  const [container] = containers;
  assert.equal(container.securityContext.readOnlyRootFilesystem, true);
  assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] });
  assert.deepEqual(
    container.volumeMounts.map(({ mountPath }: Manifest) => mountPath),
    ["/data", "/tmp"],
  );
  assert.deepEqual(
    volumes.map(({ name }: Manifest) => name),
    container.volumeMounts.map(({ name }: Manifest) => name),
  );
  for (const { name, value } of container.env) assert.equal(typeof value, "string", name);
}

function assertSelects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): void {
  for (const [label, value] of Object.entries(selector)) assert.equal(labels[label], value, label);
}
