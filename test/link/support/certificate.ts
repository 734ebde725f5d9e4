import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Whether this machine can create certificates. */
export const openssl = spawnSync("openssl", ["version"]).status === 0;

/** A self-signed certificate for `localhost` only, deleted after the test. */
export function makeCertificate(): { readonly certFile: string; readonly keyFile: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "muove-tls-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
  const made = spawnSync("openssl", ["req", "-x509", "-days", "1", ...key, ...subject, "-out", certFile]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
  return { certFile, keyFile, cert: readFileSync(certFile, "utf8") };
}
