import type { PermissionRules } from "@muove/broker";
import { generation } from "../generation.js";
import type { Script } from "../scripts.js";
import type { Session } from "../session.js";
import { a, alone, b, header, hello, hpub, pub, together } from "./say.js";

const me = (user: string, more: object = {}): string => hello({ user, pass: "secret", verbose: true, ...more });
const of = (user: string, ...says: string[]): Session => alone(me(user), ...says);
const user = (name: string, permissions?: PermissionRules) => ({
  user: name,
  pass: "secret",
  ...(permissions && { permissions }),
});

const credentials: Readonly<Record<string, Session>> = {
  "the right ones": alone(hello({ user: "ann", pass: "secret" }), "SUB x 1\r\n", pub("x", "hi")),
  "a wrong password": alone(hello({ user: "ann", pass: "guess" })),
  "a wrong user": alone(hello({ user: "bob", pass: "secret" })),
  "no password": alone(hello({ user: "ann" })),
  none: alone(hello()),
  "a token instead": alone(hello({ auth_token: "secret" })),
  "SUB before CONNECT": alone("SUB x 1\r\n"),
  "PING before CONNECT": alone("PING\r\n"),
  "nonsense before CONNECT": alone("FOO\r\n"),
  "nonsense that starts like CONNECT": alone("COO\r\n"),
  "CONNECT in lower case": alone(hello({ user: "ann", pass: "secret" }).replace("CONNECT", "connect"), "SUB x 1\r\n"),
  "CONNECT that cannot be read": alone("CONNECT {\r\n"),
  "CONNECT and more in one chunk": alone(`${hello({ user: "ann", pass: "secret" })}SUB x 1\r\n${pub("x", "hi")}`),
  "a wrong CONNECT and more in one chunk": alone(`${hello({ user: "ann", pass: "no" })}SUB x 1\r\n${pub("x", "hi")}`),
  "a right CONNECT and then a wrong one": alone(
    hello({ user: "ann", pass: "secret" }),
    hello({ user: "ann", pass: "no" }),
  ),
  "a right CONNECT and then one without": alone(hello({ user: "ann", pass: "secret" }), 'CONNECT {"verbose":true}\r\n'),
  "too late": { connections: 1, steps: [{ on: 0, send: [], closes: true }] },
};

const tokens: Readonly<Record<string, Session>> = {
  "the right one": alone(hello({ auth_token: "secret" }), "SUB x 1\r\n", pub("x", "hi")),
  "a wrong one": alone(hello({ auth_token: "guess" })),
  none: alone(hello()),
  "a user instead": alone(hello({ user: "secret", pass: "secret" })),
};

const users = [
  user("free"),
  user("none", { publish: { deny: [">"] }, subscribe: { deny: [">"] } }),
  user("allowed", { publish: { allow: ["a.*", "b.>"] }, subscribe: { allow: ["a.*", "b.>"] } }),
  user("denied", { publish: { deny: ["a.*", "b.>"] }, subscribe: { deny: ["a.*", "b.>"] } }),
  user("both", { publish: { allow: ["a.>"], deny: ["a.b"] }, subscribe: { allow: ["a.>"], deny: ["a.b"] } }),
  user("queues", { subscribe: { allow: ["foo v1", "foo.* v1.*", "bar", "baz", "baz v2", "qux *"] } }),
  user("noqueues", { subscribe: { deny: ["foo v1", "bar", "baz.* v2.*"] } }),
  user("service", { subscribe: { allow: ["rpc.>"] }, allowResponses: true }),
  user("twice", { publish: { allow: ["log"] }, allowResponses: { max: 2 } }),
  user("soon", { allowResponses: { max: 100, expires: 1 } }),
  user("always", { publish: { deny: ["secret"] }, allowResponses: { max: -1, expires: -1 } }),
];

const subjects = ["a", "a.b", "a.c", "a.b.c", "b", "b.c", "b.c.d", "a.*", "a.>", "*", ">", "b.>", "*.c", "a..b"];
const attempts = (name: string): Session =>
  of(
    name,
    ...subjects.map((subject, i) => `SUB ${subject} ${i}\r\n`),
    ...subjects.map((subject) => pub(subject, `to ${subject}`)),
  );

const queueAttempts = [
  "foo",
  "foo v1",
  "foo v2",
  "foo v1.x",
  "foo.a v1.x",
  "foo.a v1.*",
  "foo.a v1",
  "foo.a",
  "bar",
  "bar v1",
  "baz",
  "baz v1",
  "baz v2",
  "baz.x v2.y",
  "baz.x v2",
  "qux",
  "qux any",
  "qux a.b",
];

/** A request to the service, and `count` replies to it. */
const replies = (name: string, count: number): Session =>
  together(
    2,
    a(hello({ user: "free", pass: "secret" })),
    b(me(name)),
    b("SUB rpc.x 1\r\n"),
    a("SUB inbox.> 1\r\n"),
    b(pub("inbox.1", "too early")),
    a(pub("rpc.x", "request", "inbox.1")),
    ...Array.from({ length: count }, (_, i) => b(pub("inbox.1", `reply ${i}`))),
    b(pub("inbox.2", "never asked")),
    a(pub("rpc.x", "request", "inbox.1")),
    b(hpub("inbox.1", header, "again")),
    b(pub("rpc.x", "own", "inbox.3")),
    b(pub("inbox.3", "own reply")),
  );

const permissions: Readonly<Record<string, Session>> = {
  ...Object.fromEntries(
    ["free", "none", "allowed", "denied", "both"].map((name) => [`what ${name} may do`, attempts(name)]),
  ),
  ...Object.fromEntries(
    ["queues", "noqueues"].map((name) => [
      `what ${name} may subscribe to`,
      of(name, ...queueAttempts.map((subject, i) => `SUB ${subject} ${i}\r\n`)),
    ]),
  ),
  ...Object.fromEntries(["service", "twice", "always"].map((name) => [`the replies of ${name}`, replies(name, 4)])),
  "a reply that comes too late": together(
    2,
    a(hello({ user: "free", pass: "secret" })),
    b(me("soon")),
    b("SUB rpc.x 1\r\n"),
    a("SUB inbox.> 1\r\n"),
    a(pub("rpc.x", "request", "inbox.1")),
    b("PONG\r\n", "PONG\r\n", "PONG\r\n", pub("inbox.1", "late")),
  ),
  "a 503 to a reply subject that the publisher may subscribe to, if nothing was forbidden": of(
    "allowed",
    "SUB a.x 1\r\n",
    pub("a.y", "hi", "a.x"),
    pub("c", "hi", "a.x"),
  ),
  "a wildcard subscription does not get denied subjects": together(
    2,
    a(hello({ user: "free", pass: "secret" })),
    b(me("denied")),
    b("SUB > 1\r\n"),
    b("SUB a.> A qA1\r\n"),
    a(pub("a.b", "no")),
    a(pub("c", "yes")),
    a(pub("a.b.c", "yes")),
    a(pub("b.c", "no")),
  ),
  "a denied subject is quoted": of(
    "none",
    pub('x"\\\xc3\xa9\xff\x01', "1"),
    'SUB x"\\\xc3\xa9\xff\x01 1\r\n',
    pub("\xe2\x80\xa8\xf0\x9f\x98\x80\x7f", "1"),
    pub("_GR_.x", "2"),
    pub("x", "3", "_R_.x"),
  ),
  "HMSG from a client that may not publish": of("none", "HMSG x\r\n\r\n"),
  "permissions apply to what follows CONNECT in the same chunk": alone(
    `${me("allowed")}SUB a.x 1\r\nSUB c 2\r\n${pub("a.x", "1")}${pub("c", "2")}`,
  ),
  "another user on the same connection": alone(
    me("none"),
    pub("x", "1"),
    me("free"),
    pub("x", "2"),
    me("allowed"),
    pub("x", "3"),
  ),
};

const takingOver: Readonly<Record<string, Session>> = {
  "denied subjects follow the user who subscribed": together(
    2,
    a(hello({ user: "free", pass: "secret" })),
    b(me("denied")),
    b("SUB > 1\r\n"),
    b(me("both")),
    a(pub("b.c", "no")),
    a(pub("a.b", "no")),
    b(me("free")),
    a(pub("b.c", "yes")),
    b(me("denied")),
    a(pub("b.c", "yes")),
    b("SUB *.* 2\r\n"),
    a(pub("b.c", "no")),
  ),
};

const defaults: Readonly<Record<string, Session>> = {
  "for a user without permissions": of("ann", "SUB a 1\r\n", "SUB b 1\r\n", pub("a", "1"), pub("b", "2")),
  "not for a user with permissions": of("bob", "SUB a 1\r\n", "SUB b 1\r\n", pub("a", "1"), pub("b", "2")),
};

/** Sessions on servers that require authentication or set permissions. */
export const access: readonly Script[] = [
  { title: "one user", options: { auth: { user: "ann", pass: "secret" }, authTimeout: 250 }, sessions: credentials },
  {
    title: "several users",
    options: { auth: { users: [user("ann"), user("carl")] }, authTimeout: 250 },
    sessions: credentials,
  },
  { title: "a token", options: { auth: { token: "secret" } }, sessions: tokens },
  { title: "permissions", options: { auth: { users } }, sessions: permissions },
  {
    title: "subscriptions that outlive their user",
    options: { auth: { users } },
    sessions: takingOver,
    stillSo: !generation.forgetsOnConnect,
  },
  {
    title: "default permissions",
    options: {
      auth: { users: [user("ann"), user("bob", { publish: { allow: ["b"] } })] },
      permissions: { publish: { allow: ["a"] } },
    },
    sessions: defaults,
  },
];
