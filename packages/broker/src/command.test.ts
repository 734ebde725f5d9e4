import { describe, expect, it } from "vitest";
import { help, readCommand } from "./command.js";

describe("the command line", () => {
  it("becomes options", () => {
    expect(readCommand([])).toEqual({ kind: "run", options: {} });
    expect(readCommand(["--port", "0", "--host", "::1", "--name", "n", "--user", "u", "--pass", "p"])).toEqual({
      kind: "run",
      options: { port: 0, host: "::1", serverName: "n", auth: { user: "u", pass: "p" } },
    });
    expect(readCommand(["--token=t"])).toEqual({ kind: "run", options: { auth: { token: "t" } } });
    expect(readCommand(["--jetstream"])).toEqual({ kind: "run", options: { jetStream: true } });
    expect(readCommand(["--store", "here"])).toEqual({ kind: "run", options: { jetStream: { folder: "here" } } });
    expect(readCommand(["--help", "--port", "many"])).toEqual({ kind: "help" });
  });

  it.each([
    [["--port", "many"]],
    [["--port", ""]],
    [["--user", "u"]],
    [["--pass", "p"]],
    [["--user", "u", "--pass", "p", "--token", "t"]],
    [["extra"]],
    [["--verbose"]],
  ])("is invalid: %j", (args) => {
    expect(readCommand(args).kind).toBe("wrong");
  });

  it("is explained, flag by flag", () => {
    for (const flag of ["port", "host", "user", "pass", "token", "name", "jetstream", "store", "help"])
      expect(help).toContain(`--${flag}`);
  });
});
