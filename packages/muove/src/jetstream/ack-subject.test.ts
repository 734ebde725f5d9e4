import { expect, test } from "vitest";
import { readAckSubject } from "./ack-subject.js";

const figures = {
  stream: "S",
  consumer: "C",
  delivered: 2,
  sequence: 30,
  storedAt: 1_700_000_000_123,
  stored: "1700000000123456789",
  pending: 5,
};

test.each([
  ["short", "$JS.ACK.S.C.2.30.9.1700000000123456789.5"],
  ["with a domain and an account", "$JS.ACK.hub.ACCOUNT.S.C.2.30.9.1700000000123456789.5"],
  ["with a domain, an account and a random token", "$JS.ACK._.ACCOUNT.S.C.2.30.9.1700000000123456789.5.xyz"],
])("a subject that is %s tells of its delivery", (_, subject) => {
  expect(readAckSubject(subject)).toEqual(figures);
});

test.each([
  "",
  "_INBOX.1",
  "$JS.ACK.",
  "$JS.ACK.S.C.2.30.9",
  "$JS.ACK.S.C.two.30.9.1.5",
  "$JS.ACK.S.C.-2.30.9.1.5",
  "$JS.API.S.C.2.30.9.1.5",
])("%j is none", (subject) => {
  expect(readAckSubject(subject)).toBeUndefined();
});
