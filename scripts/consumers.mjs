// The published packages as others get them: packed, installed outside of the workspace, compiled against and loaded.
//
//   node scripts/consumers.mjs
//
// It installs strictly (`--engine-strict`) on every Node that we promise, type-checks scripts/consumers/ with three
// versions of TypeScript under several settings and without `skipLibCheck`, loads the packages by `import` and by
// `require`, and runs tests under Jest, in both ways of the guide. It needs an npm registry.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { prepare, root, say } from "./workspace.mjs";

const compilers = { "typescript-5.4": "5.4", "typescript-5.9": "5.9", "typescript-7": "7" };
const tools = {
  ...Object.fromEntries(Object.entries(compilers).map(([name, version]) => [name, `npm:typescript@${version}`])),
  "@babel/preset-env": "7",
  "@types/node": "20",
  fastify: "5",
  jest: "30",
  pino: "10",
  zod: "4",
};
const sources = join(root, "scripts", "consumers");

/** What others write in their tsconfig.json: strict or not, and each way to find a package. */
const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
const node = { target: "es2022", lib: ["es2022"], types: ["node"], esModuleInterop: true };
/** @type {Record<string, { files: string[], options: object, only?: string[] }>} */
const settings = {
  "nodenext, strict": { files: ["service.ts", "kit.ts"], options: { ...node, ...strict, module: "nodenext" } },
  "node16, strict": { files: ["service.ts", "kit.ts"], options: { ...node, ...strict, module: "node16" } },
  "bundler, strict": {
    files: ["service.ts", "kit.ts"],
    options: { ...node, ...strict, module: "esnext", moduleResolution: "bundler" },
  },
  "bundler, not strict": {
    files: ["service.ts", "kit.ts"],
    options: { ...node, strict: false, module: "esnext", moduleResolution: "bundler" },
  },
  "a browser, es2020": {
    files: ["contract.ts"],
    options: {
      ...strict,
      target: "es2020",
      lib: ["es2020", "dom"],
      types: [],
      module: "esnext",
      moduleResolution: "bundler",
    },
  },
  // TypeScript 7 has this no more.
  "node10, CommonJS": {
    files: ["service.ts", "kit.ts"],
    options: { ...node, ...strict, module: "commonjs", moduleResolution: "node10" },
    only: ["typescript-5.4", "typescript-5.9"],
  },
  // `require` of a module: from 5.8 on.
  "nodenext, CommonJS": {
    files: ["service.cts", "kit.cts"],
    options: { ...node, ...strict, module: "nodenext" },
    only: ["typescript-5.9", "typescript-7"],
  },
};

await prepare();
const folder = mkdtempSync(join(tmpdir(), "muove-consumers-"));
/** @type {string[]} */
const wrong = [];
try {
  const tarballs = pack();
  for (const [version, program] of nodes()) installStrictly(version, program, tarballs);
  const project = consumer(tarballs);
  for (const compiler of Object.keys(compilers))
    for (const name of Object.keys(settings)) compile(project, compiler, name);
  for (const [version, program] of nodes()) load(project, version, program);
  jest(project);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const text of wrong) say(`\nFAILED: ${text}`);
process.exitCode = wrong.length === 0 ? 0 : 1;

/** @returns {Record<string, string>} the tarballs, by package */
function pack() {
  const names = readdirSync(join(root, "packages"));
  const manifests = names.map((name) => JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")));
  const published = names
    .map((name, i) => ({ name, manifest: manifests[i] }))
    .filter(({ manifest }) => !manifest.private);
  return Object.fromEntries(
    published.map(({ name, manifest }) => {
      const out = must("pnpm", ["pack", "--json", "--pack-destination", folder], join(root, "packages", name));
      return [manifest.name, JSON.parse(out).filename];
    }),
  );
}

/** @returns {[version: string, program: string][]} this Node, and the newer ones that we promise */
function nodes() {
  const newer = must(process.execPath, [join(root, "scripts", "nodes.mjs")], root)
    .trim()
    .split("\n");
  return [
    [process.version.slice(1), process.execPath],
    ...newer.map((line) => /** @type {[string, string]} */ (line.split(" "))),
  ];
}

/**
 * @param {string} version
 * @param {string} program
 * @param {Record<string, string>} tarballs
 */
function installStrictly(version, program, tarballs) {
  const at = join(folder, `strict-${version}`);
  mkdirSync(at);
  writeFileSync(join(at, "package.json"), JSON.stringify({ private: true, dependencies: files(tarballs) }));
  check(`installs strictly on Node ${version}`, npm(program, ["install", "--engine-strict", "--no-optional"], at));
}

/**
 * @param {Record<string, string>} tarballs
 * @returns {string} a project with everything that the consumers need
 */
function consumer(tarballs) {
  const at = join(folder, "consumer");
  mkdirSync(at);
  const manifest = { private: true, type: "module", dependencies: { ...files(tarballs), ...tools } };
  writeFileSync(join(at, "package.json"), JSON.stringify(manifest));
  const { status, text } = npm(process.execPath, ["install"], at);
  if (status !== 0) throw new Error(`The consumer cannot be installed:\n${text}`);
  for (const name of readdirSync(sources)) copyFileSync(join(sources, name), join(at, name));
  for (const name of ["service", "kit"]) copyFileSync(join(sources, `${name}.ts`), join(at, `${name}.cts`));
  return at;
}

/**
 * @param {string} project
 * @param {string} compiler
 * @param {string} name of the settings
 */
function compile(project, compiler, name) {
  const { files, options, only } = /** @type {(typeof settings)[string]} */ (settings[name]);
  if (only !== undefined && !only.includes(compiler)) return;
  const compilerOptions = { ...options, declaration: true, outDir: "out", skipLibCheck: false, pretty: false };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const tsc = join(project, "node_modules", compiler, "bin", "tsc");
  check(`${compiler}: ${name}`, result(process.execPath, [tsc, "-p", project], project));
}

/**
 * @param {string} project
 * @param {string} version
 * @param {string} program
 */
function load(project, version, program) {
  for (const name of ["muove", "@muove/contract", "@muove/broker", "@muove/testkit"]) {
    const imported = ["--input-type=module", "--eval", `import ${JSON.stringify(name)}`];
    const required = ["--input-type=commonjs", "--eval", `require(${JSON.stringify(name)})`];
    check(`import "${name}" on Node ${version}`, result(program, imported, project));
    check(`require("${name}") on Node ${version}`, result(program, required, project));
  }
}

/** @param {string} project */
function jest(project) {
  const program = [join("node_modules", "jest", "bin", "jest.js"), "--ci"];
  check("Jest", result(process.execPath, ["--experimental-vm-modules", "--no-warnings", ...program], project));
  check("Jest, transformed", result(process.execPath, [...program, "--config", "jest.transformed.json"], project));
}

/** @param {Record<string, string>} tarballs */
function files(tarballs) {
  return Object.fromEntries(Object.entries(tarballs).map(([name, file]) => [name, `file:${file}`]));
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function npm(program, args, cwd) {
  const cli = join(dirname(must("npm", ["root", "--global"], root).trim()), "node_modules", "npm", "bin", "npm-cli.js");
  return result(program, [cli, ...args, "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"], cwd);
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function result(program, args, cwd) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  return { status, text: `${stdout}${stderr}` };
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function must(program, args, cwd) {
  const path = `${join(root, "node_modules", ".bin")}:${process.env.PATH}`;
  const done = spawnSync(program, args, { cwd, encoding: "utf8", env: { ...process.env, PATH: path } });
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${done.stderr}`);
  return done.stdout;
}

/**
 * @param {string} what
 * @param {{ status: number | null, text: string }} result
 */
function check(what, { status, text }) {
  say(`${status === 0 ? "ok    " : "FAILED"} ${what}`);
  if (status !== 0) wrong.push(`${what}\n${text.slice(0, 4_000)}`);
}
