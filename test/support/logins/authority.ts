import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { TemporaryFolder } from "./temporary-folder.js";

/** Whether this machine can create certificates. */
export const openssl = spawnSync("openssl", ["version"]).status === 0;

export interface IssuedCertificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority that issues certificates, by openssl. Its own one and its key are in the folder. */
export class Authority {
  readonly cert: string;
  readonly #folder: TemporaryFolder;
  readonly #name: string;
  #issued = 0;

  constructor(folder: TemporaryFolder, name: string) {
    this.#folder = folder;
    this.#name = name;
    run(["req", "-x509", "-days", "1", ...this.#newKey(name), "-subj", `/CN=${name}`, "-out", this.#pem(name)]);
    this.cert = readFileSync(this.#pem(name), "utf8");
  }

  /**
   * A certificate for servers and clients.
   *
   * @param names such as `DNS:localhost` or `IP:127.0.0.1`.
   */
  issue(names = "DNS:localhost", subject = "service"): IssuedCertificate {
    const name = `${this.#name}-${++this.#issued}`;
    const request = this.#folder.file(`${name}.csr`);
    const extensions = this.#folder.write(`${name}.ext`, `subjectAltName=${names}\n`);
    run(["req", ...this.#newKey(name), "-subj", `/CN=${subject}`, "-out", request]);
    const authority = ["-CA", this.#pem(this.#name), "-CAkey", this.#key(this.#name), "-set_serial", `${this.#issued}`];
    run(["x509", "-req", "-days", "1", "-in", request, ...authority, "-extfile", extensions, "-out", this.#pem(name)]);
    return { cert: readFileSync(this.#pem(name), "utf8"), key: readFileSync(this.#key(name), "utf8") };
  }

  #newKey(name: string): string[] {
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    return [...curve, "-nodes", "-keyout", this.#key(name)];
  }

  #pem(name: string): string {
    return this.#folder.file(`${name}.pem`);
  }

  #key(name: string): string {
    return this.#folder.file(`${name}.key`);
  }
}

function run(args: readonly string[]): void {
  const made = spawnSync("openssl", args);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
}
