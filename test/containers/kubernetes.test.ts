import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Deployment, StatefulSet } from "kubernetes-models/apps/v1";
import { ConfigMap, Service } from "kubernetes-models/v1";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { root } from "./support/docker.js";

const shop = join(root, "examples/shop");
const read = (path: string): string => readFileSync(join(shop, path), "utf8");
const files = readdirSync(join(shop, "kubernetes")).filter((name) => name.endsWith(".yaml"));
const manifests = files.flatMap((file) =>
  parseAllDocuments(read(`kubernetes/${file}`)).map((document) => ({ file, manifest: document.toJS() })),
);
const workloads = manifests
  .map(({ manifest }) => manifest)
  .filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
const compose = parse(read("compose.yaml"), { merge: true });
const services = Object.keys(compose.services).filter((name) => name !== "nats");

/** Kubernetes' own schemas, from kubernetes-models. They allow unknown keys; the types do not. */
const kinds = { Deployment, StatefulSet, Service, ConfigMap } as const;

describe("the manifests of the shop", () => {
  it.for(manifests)("follow the schema: $file, $manifest.kind", ({ manifest }) => {
    const Kind = kinds[manifest.kind as keyof typeof kinds];
    new Kind(manifest).validate();
  });

  it("have only keys that Kubernetes knows", { timeout: 120_000 }, async () => {
    expect(await typeErrors(manifests.map(({ manifest }) => manifest))).toBe("");
    const wrong = structuredClone(workloads[0]);
    wrong.spec.template.spec.containers[0].livenessProb = {};
    expect(await typeErrors([wrong])).toMatch(/livenessProb\W+does not exist/);
  });

  it("run the containers of compose.yaml, with the same time to drain", () => {
    expect(workloads.map(({ metadata }) => metadata.name).sort()).toEqual(Object.keys(compose.services).sort());
    for (const name of services) {
      const { containers, terminationGracePeriodSeconds: grace } = podOf(name);
      expect(containers[0].image).toBe(`${compose.services[name].image}:latest`);
      expect(compose.services[name].stop_grace_period).toBe("15s");
      const preStop = containers[0].lifecycle === undefined ? 0 : 3;
      expect(grace - preStop).toBeGreaterThanOrEqual(15);
      expect(containers[0].livenessProbe.httpGet.path).toBe("/livez");
      expect(containers[0].readinessProbe.httpGet.path).toBe("/readyz");
    }
    expect(podOf("nats").containers[0].image).toBe(compose.services.nats.image);
  });

  it("give NATS the settings of compose.yaml, which bound how long a silent service is sent calls", () => {
    const config = manifests.find(({ manifest }) => manifest.kind === "ConfigMap")?.manifest.data["nats.conf"];
    expect(config).toBe(read("nats.conf"));
    expect(compose.services.nats.volumes).toContain("./nats.conf:/etc/nats/nats.conf:ro");
    expect(config).toMatch(/^ping_interval: "2s"$/m);
    expect(config).toMatch(/^ping_max: 2$/m);
    expect(config).toMatch(/^write_deadline: "2s"$/m);
  });

  it("give NATS a disk for the letters, where its configuration has it", () => {
    const [, folder] = /^ {2}store_dir: "(.+)"$/m.exec(read("nats.conf")) ?? [];
    const { volumeClaimTemplates } = workloads.find(({ kind }) => kind === "StatefulSet").spec;
    const { volumeMounts } = podOf("nats").containers[0];
    const { name } = volumeMounts.find(({ mountPath }: { mountPath: string }) => mountPath === folder);
    expect(volumeClaimTemplates.map(({ metadata }: { metadata: object }) => metadata)).toEqual([{ name }]);
    const [volume] = Object.keys(compose.volumes);
    expect(compose.services.nats.volumes).toContain(`${volume}:${folder}`);
  });
});

it("compose.yaml lets everything start in any order", () => {
  expect(JSON.stringify(compose)).not.toContain("depends_on");
  for (const name of Object.keys(compose.services)) expect(compose.services[name].restart).toBe("always");
});

const podOf = (name: string) => workloads.find(({ metadata }) => metadata.name === name).spec.template.spec;

/**
 * TypeScript's errors for the manifests as literals of their types, which forbid excess keys.
 */
async function typeErrors(objects: readonly { readonly kind: string }[]): Promise<string> {
  const folder = join(root, "test/node_modules/.muove-kubernetes");
  mkdirSync(folder, { recursive: true });
  const imports = [
    'import type { IDeployment, IStatefulSet } from "kubernetes-models/apps/v1";',
    'import type { IConfigMap, IService } from "kubernetes-models/v1";',
  ];
  const literals = objects.map((object) => `(${JSON.stringify(object)}) satisfies I${object.kind};`);
  writeFileSync(join(folder, "manifests.ts"), [...imports, ...literals].join("\n"));
  const config = { strict: true, noEmit: true, module: "nodenext", types: [], skipLibCheck: true };
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: config, files: ["manifests.ts"] }));
  const tsc = join(root, "node_modules/.bin/tsc");
  try {
    await promisify(execFile)(tsc, ["-p", folder]);
    return "";
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
