import { describe, expect, it } from "vitest";
import { connectShape, decode, infoShape } from "./json.js";

const connect = (text: string) => decode(connectShape, Buffer.from(text));

describe("JSON from a client", () => {
  it("is case-insensitive, and unknown names and nulls are ignored", () => {
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
  ])("is invalid: %s", (text) => {
    expect(connect(text)).toBeUndefined();
  });

  it("may be an INFO", () => {
    expect(decode(infoShape, Buffer.from('{"connect_urls":["a"],"port":1}'))).toEqual({ connect_urls: ["a"], port: 1 });
    expect(decode(infoShape, Buffer.from('{"connect_urls":[1]}'))).toBeUndefined();
  });
});
