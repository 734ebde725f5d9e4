import { describe, expect, it } from "vitest";
import { connectShape, decode, infoShape } from "./json.js";

const connect = (text: string) => decode(connectShape, Buffer.from(text));

describe("what a client says in JSON", () => {
  it("is read regardless of case, without what is unknown or null", () => {
    expect(connect('{"VERBOSE":true,"echo":null,"foo":1,"__proto__":1}')).toEqual({ verbose: true });
    expect(connect("null")).toEqual({});
  });

  it.each([
    '{"verbose":1}',
    '{"name":false}',
    '{"protocol":"1"}',
    '{"protocol":1.5}',
    '{"import":1}',
    '{"import":{"allow":"a"}}',
    "[]",
    "1",
    '"a"',
    "{",
    "",
    "undefined",
  ])("is not readable: %s", (text) => {
    expect(connect(text)).toBeUndefined();
  });

  it("knows what an INFO may hold", () => {
    expect(decode(infoShape, Buffer.from('{"connect_urls":["a"],"port":1}'))).toEqual({ connect_urls: ["a"], port: 1 });
    expect(decode(infoShape, Buffer.from('{"connect_urls":[1]}'))).toBeUndefined();
  });
});
