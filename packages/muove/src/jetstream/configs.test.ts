import { expect, test } from "vitest";
import { type ConsumerConfig, differences, nanoseconds, type StreamConfig } from "./configs.js";

const stream: StreamConfig = {
  name: "S",
  subjects: ["a.*", "b"],
  retention: "workqueue",
  storage: "file",
  discard: "new",
  max_bytes: 1_048_576,
  max_age: 0,
  num_replicas: 1,
  allow_rollup_hdrs: false,
  allow_msg_ttl: false,
  allow_msg_schedules: false,
  no_ack: false,
  republish: null,
  duplicate_window: nanoseconds(120_000),
};
const consumer = { durable_name: "C", filter_subjects: ["a.x"], max_deliver: -1 } as unknown as ConsumerConfig;

test("a configuration of the server that has more settings, or its subjects in another order, is the same", () => {
  expect(differences(stream, { ...stream, subjects: ["b", "a.*"], max_msgs: -1, allow_direct: true })).toEqual([]);
});

test("the server leaves out what is 0", () => {
  const { max_age: _, ...found } = stream;
  expect(differences(stream, found)).toEqual([]);
});

test("each setting that differs is told", () => {
  expect(differences(stream, { ...stream, max_bytes: 5, subjects: ["b"] })).toEqual([
    { setting: "subjects", expected: ["a.*", "b"], found: ["b"] },
    { setting: "max_bytes", expected: 1_048_576, found: 5 },
  ]);
  expect(differences(stream, undefined)).toHaveLength(8); // max_age is 0.
});

test("the server keeps one filter of a consumer under another name", () => {
  expect(differences(consumer, { durable_name: "C", filter_subject: "a.x", max_deliver: -1 })).toEqual([]);
  expect(differences(consumer, { durable_name: "C", filter_subject: "a.y", max_deliver: -1 })).toHaveLength(1);
  expect(differences(consumer, { durable_name: "C", max_deliver: -1 })).toHaveLength(1);
});
