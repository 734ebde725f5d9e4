// Made by scripts/freeze.mjs: muove 0.1.0, protocol 1. Not to be changed by hand.
import { createHash, hash, randomBytes, randomInt, randomUUID } from "node:crypto";
import { parse } from "secure-json-parse";
import { Packr } from "msgpackr/index-no-eval";
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, createNoopMeter, isSpanContextValid, metrics, propagation, trace } from "@opentelemetry/api";
import { EventEmitter } from "node:events";
import { setImmediate as setImmediate$1, setTimeout as setTimeout$1 } from "node:timers/promises";
import { pino } from "pino";
import { AuthorizationError, PermissionViolationError, TimeoutError, UserAuthenticationExpiredError, connect as connect$1, deferred } from "@nats-io/transport-node";
import { QueuedIteratorImpl } from "@nats-io/nats-core/internal";
import { AsyncLocalStorage } from "node:async_hooks";
import { channel } from "node:diagnostics_channel";
import { isIP } from "node:net";
// packages/contract/dist/error.js
const brand = Symbol.for("muove.error");
var MuoveError = class extends Error {
	constructor(message, options) {
		super(message, options);
		this.name = new.target.name;
		Object.defineProperty(this, brand, { value: true });
	}
};
function isMuoveError(thrown) {
	return typeof thrown === "object" && thrown !== null && brand in thrown;
}
// packages/contract/dist/invalid-contract.js
var InvalidContract = class extends MuoveError {
	code = "MUOVE_INVALID_CONTRACT";
	problems;
	constructor(what, problems) {
		super(`${what} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
		this.problems = problems;
	}
};
// packages/contract/dist/options.js
function optionProblems(options, rules) {
	if (typeof options !== "object" || options === null || Array.isArray(options)) return [`the options must be an object, not ${describe(options)}`];
	return Object.entries(options).filter(([, value]) => value !== void 0).flatMap(([name, value]) => {
		const rule = Object.hasOwn(rules, name) ? rules[name] : void 0;
		if (!rule) return [`"${name}" is not an option: the options are ${Object.keys(rules).join(", ")}`];
		const problem = rule(value);
		return problem === void 0 ? [] : [`${name} ${problem}`];
	});
}
function describe(value) {
	if (value === null) return "null";
	if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
	if (Array.isArray(value)) return "an array";
	if (typeof value === "object") return "an object";
	return typeof value === "function" ? "a function" : String(value);
}
const maxTimerDelay = 2 ** 31 - 1;
const rules$1 = {
	milliseconds: (value) => Number.isInteger(value) && value > 0 && value <= maxTimerDelay ? void 0 : `must be a whole number of milliseconds from 1 to ${maxTimerDelay}, not ${describe(value)}`,
	duration: (value) => typeof value === "number" && value >= 0 ? void 0 : `must be a number of milliseconds, 0 or more, not ${describe(value)}`,
	count: (value) => Number.isInteger(value) && value > 0 ? void 0 : `must be a whole number of at least 1, not ${describe(value)}`,
	boolean: (value) => typeof value === "boolean" ? void 0 : `must be true or false, not ${describe(value)}`,
	string: (value) => typeof value === "string" && value !== "" ? void 0 : `must be a non-empty string, not ${describe(value)}`
};
const reserved = new Set([
	"then",
	"catch",
	"finally",
	"constructor",
	"prototype",
	"toString",
	"toLocaleString",
	"toJSON",
	"valueOf",
	"hasOwnProperty",
	"isPrototypeOf",
	"propertyIsEnumerable",
	"inspect",
	"asymmetricMatch",
	"nodeType",
	"tagName"
]);
const token = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const errorCode = /^[A-Z][A-Z0-9_]{0,63}$/;
const semver = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;
const tokenForm = "1 to 64 letters, digits, - and _, starting with a letter (it becomes one token of a NATS subject)";
function nameProblem$1(what, name) {
	if (typeof name === "string" && token.test(name)) return void 0;
	return `${what} ${describe(name)} must be ${tokenForm}`;
}
function messageNameProblem(name) {
	if (!reserved.has(name)) return nameProblem$1("the message name", name);
	return `the message name ${describe(name)} is a member of every JavaScript object: choose another`;
}
function errorCodeProblem(code) {
	if (errorCode.test(code)) return void 0;
	return `the error code ${describe(code)} must be 1 to 64 capitals, digits and _, starting with a capital, such as SOLD_OUT`;
}
function versionProblem(version) {
	if (typeof version === "string" && semver.test(version)) return void 0;
	return `must be a semantic version such as "1.2.0", not ${describe(version)}`;
}
// packages/contract/dist/schema.js
function schemaProblem(what, value) {
	if (typeof (typeof value === "object" && value !== null || typeof value === "function" ? value["~standard"] : void 0)?.validate === "function") return void 0;
	return `${what} must be a Standard Schema, such as z.object({ … }) of Zod 4, not ${describe(value)}`;
}
// packages/contract/dist/call.js
const defaultTimeout = 1e3;
function call(options = {}) {
	const problems = optionProblems(options, callRules$1);
	if (problems.length > 0) throw new InvalidContract("This call", problems);
	const { input, output, errors = {}, timeout = defaultTimeout, idempotent = false } = options;
	const definition = {
		kind: "call",
		input,
		output,
		errors: Object.freeze({ ...errors }),
		timeout,
		idempotent
	};
	return Object.freeze(definition);
}
const callRules$1 = {
	input: (value) => schemaProblem("(the input)", value),
	output: (value) => schemaProblem("(the output)", value),
	errors: (value) => errorsProblem(value),
	timeout: rules$1.milliseconds,
	idempotent: rules$1.boolean
};
function errorsProblem(errors) {
	if (typeof errors !== "object" || errors === null) return "must be an object of schemas by error code";
	return Object.entries(errors).flatMap(([code, schema]) => [errorCodeProblem(code), schemaProblem(`(the data of ${code})`, schema)]).filter((problem) => problem !== void 0).join("; ") || void 0;
}
// packages/contract/dist/one-way.js
function oneWay(kind, options) {
	const problems = optionProblems(options, oneWayRules);
	if (problems.length > 0) throw new InvalidContract(`This ${kind}`, problems);
	const { input, whenUnreachable: policy = "fail" } = options;
	const whenUnreachable = typeof policy === "object" ? Object.freeze({ ...policy }) : policy;
	return Object.freeze({
		kind,
		input,
		whenUnreachable
	});
}
const oneWayRules = {
	input: (value) => schemaProblem("(the input)", value),
	whenUnreachable: (value) => whenUnreachableProblem(value)
};
function whenUnreachableProblem(value) {
	if (value === "fail" || value === "drop") return void 0;
	const { bufferFor } = typeof value === "object" && value !== null ? value : {};
	if (bufferFor === void 0) return `must be "fail", "drop" or { bufferFor: ms }, not ${describe(value)}`;
	const problem = rules$1.milliseconds(bufferFor);
	return problem && `has a bufferFor that ${problem}`;
}
// packages/contract/dist/cast.js
function cast(options = {}) {
	return oneWay("cast", options);
}
// packages/contract/dist/event.js
function event(options = {}) {
	return oneWay("event", options);
}
function eventReference(mailbox, event, definition) {
	return Object.freeze({
		kind: "event-reference",
		mailbox,
		event,
		definition
	});
}
// packages/contract/dist/definitions.js
function messagesProblems(messages) {
	if (typeof messages !== "object" || messages === null) return ["its messages must be an object of call(), cast() and event()"];
	const entries = Object.entries(messages);
	if (entries.length === 0) return ["it has no message: add at least one call(), cast() or event()"];
	return entries.flatMap(([name, message]) => messageProblems(name, message));
}
function messageProblems(name, message) {
	const problem = messageNameProblem(name);
	return [...problem === void 0 ? [] : [problem], ...definitionProblems(name, message)];
}
const rulesOf = new Map([
	["call", callRules$1],
	["cast", oneWayRules],
	["event", oneWayRules]
]);
const optional = new Set(["input", "output"]);
function definitionProblems(name, message) {
	const fields = message ?? {};
	const rules = rulesOf.get(fields.kind);
	if (rules === void 0) return [`${name} must be a call(), cast() or event(), not ${describe(message)}`];
	return Object.entries(rules).flatMap(([field, rule]) => {
		const value = fields[field];
		const problem = value === void 0 && optional.has(field) ? void 0 : rule(value);
		return problem === void 0 ? [] : [`${name} is not a valid ${fields.kind}(): ${field} ${problem}`];
	});
}
// packages/contract/dist/mailbox.js
function mailbox(name, messages, options = {}) {
	const problems = [nameProblem$1("the mailbox name", name), ...messagesProblems(messages)].filter((problem) => problem !== void 0).concat(optionProblems(options, { version: versionProblem }));
	if (problems.length > 0) throw new InvalidContract(`The mailbox ${describe(name)}`, problems);
	const { version = "0.0.0" } = options;
	return Object.freeze({
		kind: "mailbox",
		name,
		version,
		messages: Object.freeze({ ...messages }),
		events: eventsOf(name, messages)
	});
}
function eventsOf(mailbox, messages) {
	const events = Object.entries(messages).filter((entry) => entry[1].kind === "event");
	return Object.freeze(Object.fromEntries(events.map(([name, definition]) => [name, eventReference(mailbox, name, definition)])));
}
// packages/muove/dist/base/invalid-options.js
var InvalidOptions = class extends MuoveError {
	code = "MUOVE_INVALID_OPTIONS";
	problems;
	constructor(what, problems) {
		super(`${what} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
		this.problems = problems;
	}
};
// packages/contract/dist/check.js
const known$3 = new WeakMap();
function checkMailbox(value) {
	return once(value, () => {
		const contract = frozenMailbox(value);
		const { name, version, messages } = contract;
		const wrongVersion = versionProblem(version);
		return {
			contract,
			problems: [...[nameProblem$1("the mailbox name", name), wrongVersion && `its version ${wrongVersion}`].filter(isProblem), ...messagesProblems(messages)]
		};
	});
}
function checkEvent(value) {
	return once(value, () => {
		const contract = frozenReference(value);
		const { mailbox, event, definition } = contract;
		const isCallOrCast = ["call", "cast"].includes(definition?.kind ?? "");
		return {
			contract,
			problems: [...[nameProblem$1("the mailbox name", mailbox), isCallOrCast ? `${event} is not an event()` : void 0].filter(isProblem), ...messageProblems(event, definition)]
		};
	});
}
const isProblem = (problem) => problem !== void 0;
function once(value, check) {
	const found = known$3.get(value);
	if (found !== void 0) return { contract: found };
	const { contract, problems } = check();
	if (problems.length > 0) return { problems };
	known$3.set(value, contract);
	known$3.set(contract, contract);
	return { contract };
}
function frozenMailbox(value) {
	const { name, version, messages } = value;
	if (typeof messages !== "object" || messages === null) return value;
	if ([value, messages].every(Object.isFrozen) && Object.values(messages).every(isDeepFrozen)) return value;
	const own = Object.entries(messages).map(([message, definition]) => [message, frozenDefinition(definition)]);
	const copied = Object.freeze(Object.fromEntries(own));
	return Object.freeze({
		kind: "mailbox",
		name,
		version,
		messages: copied,
		events: eventsOf(name, copied)
	});
}
function frozenReference(value) {
	const { mailbox, event, definition } = value;
	if (Object.isFrozen(value) && isDeepFrozen(definition)) return value;
	return eventReference(mailbox, event, frozenDefinition(definition));
}
const partsOf = (definition) => {
	const { errors, whenUnreachable } = definition;
	return [errors, whenUnreachable];
};
const isDeepFrozen = (definition) => Object.isFrozen(definition) && partsOf(definition ?? {}).every(Object.isFrozen);
function frozenDefinition(definition) {
	if (typeof definition !== "object" || definition === null) return definition;
	const [errors, whenUnreachable] = partsOf(definition).map(frozenCopy);
	return Object.freeze({
		...definition,
		...errors !== void 0 && { errors },
		...whenUnreachable !== void 0 && { whenUnreachable }
	});
}
const frozenCopy = (value) => typeof value === "object" && value !== null ? Object.freeze({ ...value }) : value;
// packages/contract/dist/json-schema.js
function jsonSchemaText(schema, side) {
	const { jsonSchema } = schema["~standard"];
	if (jsonSchema === void 0) return void 0;
	try {
		return JSON.stringify(jsonSchema[side]({ target: "draft-2020-12" }));
	} catch {
		return;
	}
}
const harmless = /^[\x20-\x7e]*$/;
const escapeSequence = new RegExp(`${String.fromCharCode(27)}(?:\\[[0-?]*[ -/]*[@-~]?|[\\]PX^_][^\\p{Cc}]*|[ -/]*[0-~])`, "gu");
const invisible = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{61c}\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]+/gu;
function plainText(text, maxLength = 256) {
	if (text.length <= maxLength && harmless.test(text)) return text;
	const visible = text.slice(0, 4 * maxLength).replace(escapeSequence, "").replace(invisible, " ");
	if (visible.length <= maxLength && text.length <= 4 * maxLength) return visible;
	return `${visible.slice(0, maxLength - 1).replace(/\p{Cs}/u, "")}…`;
}
// packages/contract/dist/validate.js
function validate(schema, value, what) {
	if (schema === void 0) return { value: void 0 };
	const result = schema["~standard"].validate(value);
	if (isPromise$1(result)) {
		result.then(void 0, () => {});
		throw new InvalidContract(what, ["its schema is asynchronous: do asynchronous checks in the handler instead"]);
	}
	return result.issues ? { issues: plainIssues(result.issues) } : result;
}
function isPromise$1(value) {
	return typeof value.then === "function";
}
const maxIssues = 32;
const maxPathLength = 16;
const maxLineLength = 1024;
function plainIssues(issues) {
	return issues.slice(0, maxIssues).map(plainIssue);
}
function plainIssue({ message, path = [] }) {
	const keys = path.slice(0, maxPathLength).map((segment) => typeof segment === "object" ? segment.key : segment);
	const plainKey = (key) => typeof key === "number" ? key : plainText(String(key), 64);
	return {
		message: plainText(message),
		path: keys.map(plainKey)
	};
}
function issuesInWords(issues) {
	return plainText(issues.map(({ path, message }) => path.length > 0 ? `${path.join(".")}: ${message}` : message).join("; "), maxLineLength);
}
// packages/muove/dist/base/contracts.js
function isMailbox(value) {
	return value?.kind === "mailbox";
}
function usable(mailbox) {
	if (!isMailbox(mailbox)) throw new InvalidOptions("This mailbox", [`it must be a mailbox(), not ${describe(mailbox)}`]);
	return contractOf(`The mailbox ${describe(mailbox.name)}`, checkMailbox(mailbox));
}
function usableEvent(event) {
	return contractOf(`The event ${describe(event.event)}`, checkEvent(event));
}
function contractOf(what, checked) {
	if ("problems" in checked) throw new InvalidOptions(what, checked.problems);
	return checked.contract;
}
// packages/muove/dist/call/call-options.js
function checkedOptions(options, { address }) {
	if (options === void 0) return {};
	const problems = optionProblems(options, callRules);
	if (problems.length > 0) throw new InvalidOptions(`The options of a call to ${address}`, problems);
	return options;
}
const signalRule = (value) => value instanceof AbortSignal ? void 0 : `must be an AbortSignal, not ${describe(value)}`;
const callRules = {
	timeout: rules$1.duration,
	signal: signalRule,
	retries: (value) => Number.isInteger(value) && value >= 0 ? void 0 : `must be a whole number of at least 0, not ${describe(value)}`
};
// packages/muove/dist/call/scope.js
const reserve = (remaining) => Math.max(5, remaining / 10);
var Scope = class Scope {
	static open = new Scope(Number.POSITIVE_INFINITY, [], void 0, false);
	endsAt;
	signals;
	trace;
	nested;
	constructor(endsAt, signals, trace, nested) {
		this.endsAt = endsAt;
		this.signals = signals;
		this.trace = trace;
		this.nested = nested;
	}
	get aborted() {
		return this.signals.some((signal) => signal.aborted);
	}
	get remaining() {
		return Math.max(0, this.endsAt - performance.now());
	}
	allowance(timeout) {
		if (this.endsAt === Number.POSITIVE_INFINITY) return timeout;
		const remaining = this.remaining;
		return Math.max(0, Math.min(timeout, remaining - reserve(remaining)));
	}
	within(timeout, signal) {
		const endsAt = timeout === void 0 ? this.endsAt : Math.min(this.endsAt, performance.now() + timeout);
		const signals = signal ? [...this.signals, signal] : this.signals;
		return new Scope(endsAt, signals, this.trace, this.nested);
	}
};
const form$1 = /^[A-Za-z0-9_-]{1,64}$/;
const formInWords = "1 to 64 letters, digits, - and _ (it becomes part of a NATS subject)";
function tagsProblem(tags) {
	if (typeof tags !== "object" || tags === null || Array.isArray(tags)) return `must be an object such as { region: "eu" }, not ${describe(tags)}`;
	const entries = Object.entries(tags);
	const problems = entries.flatMap(([key, value]) => [nameProblem(key), valueProblem(key, value)]);
	if (entries.length > 4) problems.unshift(`must be at most 4, not ${entries.length}: every combination has its own subjects`);
	return problems.filter((problem) => problem !== void 0).join("; ") || void 0;
}
function nameProblem(key) {
	return form$1.test(key) ? void 0 : `has the name ${describe(key)} in it, which must be ${formInWords}`;
}
function valueProblem(key, value) {
	if (typeof value === "string" && form$1.test(value)) return void 0;
	return `has ${describe(value)} for ${describe(key)}, which must be a string of ${formInWords}`;
}
function sortedTags(tags) {
	return Object.freeze(Object.fromEntries(Object.entries(tags).sort(byName)));
}
function tagToken(tags) {
	return Object.entries(tags).sort(byName).map(([key, value]) => `${key}=${value}`).join(",");
}
function tagTokens(tags) {
	const choices = [{}];
	for (const [key, value] of Object.entries(tags)) choices.push(...choices.map((choice) => ({
		...choice,
		[key]: value
	})));
	return choices.slice(1).map(tagToken);
}
function byName([a], [b]) {
	return a < b ? -1 : 1;
}
// packages/muove/dist/address/address.js
function resolveAddress(address) {
	if (address === void 0) return void 0;
	const problems = optionProblems(address, rules);
	const given = Object.keys(rules).filter((kind) => address?.[kind] !== void 0);
	if (problems.length === 0 && given.length !== 1) problems.push(`it must have one of ${Object.keys(rules).join(", ")}`);
	if (problems.length > 0) throw new InvalidOptions("This address", problems);
	if (address.instance !== void 0) return {
		kind: "instance",
		name: address.instance
	};
	if (address.tags !== void 0) return {
		kind: "tags",
		name: tagToken(address.tags)
	};
	return {
		kind: "key",
		name: String(address.key)
	};
}
const rules = {
	instance: (value) => typeof value === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(value) ? void 0 : `must be an instance's id, as in a monitor (1 to 64 letters, digits, - and _), not ${describe(value)}`,
	tags: (value) => tagsProblem(value) ?? (Object.keys(value).length === 0 ? "must have at least one tag; omit it for any instance" : void 0),
	key: (value) => typeof value === "string" && value !== "" || Number.isFinite(value) ? void 0 : `must be a non-empty string or a number, not ${describe(value)}`
};
// packages/muove/dist/base/lru-map.js
var LruMap = class {
	#most;
	#entries = new Map();
	constructor(most) {
		this.#most = most;
	}
	of(key, make) {
		const known = this.#entries.get(key);
		const value = known ?? make();
		this.#entries.delete(key);
		this.#entries.set(key, value);
		if (known === void 0 && this.#entries.size > this.#most) this.#dropFirst();
		return value;
	}
	values() {
		return this.#entries.values();
	}
	#dropFirst() {
		const [first] = this.#entries.keys();
		if (first !== void 0) this.#entries.delete(first);
	}
};
// packages/muove/dist/base/deadlines.js
var Expiring = class {
	earlier = void 0;
	later = void 0;
};
var Deadlines = class {
	#queues = new Map();
	get size() {
		return [...this.#queues.values()].reduce((sum, { size }) => sum + size, 0);
	}
	add(timeout, expiring) {
		let queue = this.#queues.get(timeout);
		if (queue === void 0) {
			queue = new Queue(() => this.#queues.delete(timeout));
			this.#queues.set(timeout, queue);
		}
		queue.add(expiring);
		return queue;
	}
};
var Queue = class {
	#abandoned;
	#first;
	#last;
	#size = 0;
	#armed = false;
	constructor(abandoned) {
		this.#abandoned = abandoned;
	}
	get size() {
		return this.#size;
	}
	add(expiring) {
		expiring.earlier = this.#last;
		if (this.#last === void 0) this.#first = expiring;
		else this.#last.later = expiring;
		this.#last = expiring;
		this.#size++;
		if (!this.#armed) this.#arm(expiring);
	}
	delete(expiring) {
		const { earlier, later } = expiring;
		if (earlier === void 0 && this.#first !== expiring) return;
		if (earlier === void 0) this.#first = later;
		else earlier.later = later;
		if (later === void 0) this.#last = earlier;
		else later.earlier = earlier;
		expiring.earlier = void 0;
		expiring.later = void 0;
		this.#size--;
	}
	#arm({ expiresAt }) {
		this.#armed = true;
		setTimeout(this.#due, Math.max(1, Math.ceil(expiresAt - performance.now()))).unref();
	}
	#due = () => {
		const now = performance.now();
		setImmediate(() => this.#expire(now));
	};
	#expire(until) {
		try {
			for (let first = this.#first; first !== void 0 && first.expiresAt <= until; first = this.#first) {
				this.delete(first);
				first.expire();
			}
		} finally {
			this.#goOn();
		}
	}
	#goOn() {
		if (this.#first !== void 0) return this.#arm(this.#first);
		this.#armed = false;
		this.#abandoned();
	}
};
// packages/muove/dist/base/on-abort.js
const waiting = new WeakMap();
function onAbort(signal, callback) {
	const known = waiting.get(signal);
	if (known !== void 0) known.add(callback);
	else listen(signal, callback);
	return () => {
		const callbacks = waiting.get(signal);
		callbacks?.delete(callback);
		if (callbacks?.size === 0) forget(signal);
	};
}
function listen(signal, first) {
	waiting.set(signal, new Set([first]));
	signal.addEventListener("abort", aborted);
}
function forget(signal) {
	waiting.delete(signal);
	signal.removeEventListener("abort", aborted);
}
function aborted() {
	const callbacks = [...waiting.get(this) ?? []];
	forget(this);
	for (const callback of callbacks) callback();
}
const drawn = 1024;
let pool = "";
let at = 0;
function nonce() {
	if (at === pool.length) {
		pool = randomBytes(drawn * 11 * 6 / 8).toString("base64url");
		at = 0;
	}
	at += 11;
	return pool.slice(at - 11, at);
}
// packages/muove/dist/outcome/endings.js
const ok = (value) => ({
	status: "ok",
	value,
	delivered: "yes"
});
const failed$1 = (address, error) => ({
	status: "failed",
	error,
	delivered: "yes",
	address,
	message: `${address} answered ${error.code}`
});
const unreachable = (address, delivered) => unavailable("unreachable", delivered, address, {
	no: "was not sent: this service has no connection to NATS",
	maybe: "may have been handled: the connection to NATS was lost before the answer came"
});
const unfit = (address, size, limit) => unavailable("unreachable", "no", address, { no: `was not sent: it takes ${size} bytes, and the current NATS server allows ${limit}. Send a reference to the data instead, or raise max_payload on that server` });
const absent = (address) => unavailable("absent", "no", address, { no: "was not delivered: nobody listens at that address" });
const overloaded = (address, retryAfter) => ({
	...unavailable("overloaded", "no", address, { no: `was refused: its mailbox is overloaded; try again in ${retryAfter} ms` }),
	retryAfter
});
const draining = (address) => unavailable("draining", "no", address, { no: "was refused: the instance that got it is shutting down" });
const timedOut = (address, timeout) => unavailable("timeout", "maybe", address, { maybe: `did not answer within ${Math.round(timeout)} ms` });
const circuitOpen = (address) => unavailable("circuit-open", "no", address, { no: "was not sent: its circuit is open because calls to it keep timing out" });
const forbidden = (address) => unavailable("forbidden", "no", address, { no: "was refused by the permissions of this service's NATS user" });
const expired = (address) => unavailable("expired", "no", address, { no: "was not sent: no time was left" });
const cancelled = (address, delivered) => unavailable("cancelled", delivered, address, {
	no: "was not sent: its signal was aborted",
	maybe: "may have been handled: its signal was aborted before the answer came"
});
const crashed$1 = (address, id, text = "crashed while handling it") => ({
	...faulty("crashed", "yes", address, id === void 0 ? text : `${text} (see its log for ${id})`),
	...id === void 0 ? {} : { id }
});
const replyTooLarge = (address, text) => faulty("reply-too-large", "yes", address, text);
const invalidReply = (address, issues) => ({
	...faulty("invalid-reply", "yes", address, `sent an answer that breaks the contract: ${issuesInWords(issues)}`),
	issues
});
const rejected = (address, issues) => ({
	...faulty("rejected", "no", address, `refused this input: ${issuesInWords(issues)}`),
	issues
});
const unknownMessage = (address) => faulty("unknown-message", "no", address, "is not a message that this instance knows");
function unavailable(reason, delivered, address, words) {
	return {
		status: "unavailable",
		reason,
		delivered,
		address,
		message: `${address} ${words[delivered]}`
	};
}
function faulty(reason, delivered, address, words) {
	return {
		status: "faulty",
		reason,
		delivered,
		address,
		message: `${address} ${words}`
	};
}
// packages/muove/dist/wire/trace-headers.js
const traceparentForm = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const tracestateForm = /^[\x20-\x7e]{1,512}$/;
const baggageForm = /^[\x20-\x7e]{1,8192}$/;
function traceLines(header) {
	const traceparent = header("traceparent") ?? "";
	const traced = traceparentForm.test(traceparent);
	let lines = traced ? `traceparent: ${traceparent}\r\n` : "";
	if (traced) lines += lineOf("tracestate", header("tracestate"), tracestateForm);
	return lines + lineOf("baggage", header("baggage"), baggageForm);
}
function traceHeadersIn(lines) {
	const pairs = lines.split("\r\n").map((line) => {
		const colon = line.indexOf(": ");
		return [line.slice(0, colon), line.slice(colon + 2)];
	});
	return Object.fromEntries(pairs.filter(([name]) => name !== ""));
}
const lineOf = (name, value, form) => value !== void 0 && form.test(value) ? `${name}: ${value}\r\n` : "";
// packages/muove/dist/wire/headers.js
const headerBlock = (lines) => `NATS/1.0\r\n${lines}\r\n`;
const nothing = new Uint8Array(0);
function requestHeaders({ timeout, clock, from, call, trace = "" }) {
	let lines = "";
	if (from !== void 0) lines += `Muove-From: ${from}\r\n`;
	if (timeout !== void 0) lines += `Muove-Timeout: ${Math.ceil(timeout)}\r\n`;
	if (clock !== void 0) lines += `Muove-Clock: ${Math.floor(clock)}\r\n`;
	if (call !== void 0) lines += `Muove-Call: ${call}\r\n`;
	return headerBlock(lines + trace);
}
let written$1 = {
	from: "",
	timeout: -1,
	clock: -1,
	block: ""
};
function plainCallHeaders(from, timeout, clock) {
	if (written$1.clock !== clock || written$1.timeout !== timeout || written$1.from !== from) written$1 = {
		from,
		timeout,
		clock,
		block: requestHeaders({
			from,
			timeout,
			clock
		})
	};
	return written$1.block;
}
function headerIn(block, name) {
	const line = `\r\n${name}:`;
	const at = block.indexOf(line);
	if (at === -1) return "";
	return block.slice(at + line.length, endOfLine(block, at + line.length)).trim();
}
function senderHeaders(from) {
	return headerBlock(`Muove-From: ${from}\r\n`);
}
const fromForm = /^[\w.-]{1,64}\/[\w.-]{1,64}$/;
const callForm = /^[\w-]{11,64}$/;
const numberForm = /^\d{1,15}$/;
const usualForm = /^NATS\/1\.0\r\nMuove-From: ([\w.-]{1,64}\/[\w.-]{1,64})\r\n(?:Muove-Timeout: (\d{1,15})\r\nMuove-Clock: (\d{1,15})\r\n)?(?:Muove-Call: ([\w-]{11,64})\r\n)?\r\n$/;
let read$2;
function readRequestHeaders({ headers: block }) {
	if (read$2?.block === block) return read$2.headers;
	const usual = usualForm.exec(block);
	const headers = usual === null ? readAny(block) : readUsual(usual);
	read$2 = {
		block,
		headers
	};
	return headers;
}
function readUsual([, from, timeout, clock, call]) {
	return {
		timeout: timeout === void 0 ? void 0 : Math.min(Number(timeout), maxTimerDelay),
		clock: clock === void 0 ? void 0 : Number(clock),
		from,
		call,
		trace: ""
	};
}
function readAny(block) {
	let timeout;
	let clock;
	let from;
	let call;
	let others = false;
	for (let at = endOfLine(block, 0) + 2; at < block.length;) {
		const end = endOfLine(block, at);
		const line = block.slice(at, end);
		const colon = line.indexOf(":");
		const name = line.slice(0, colon);
		if (name === "Muove-From") from ??= sender(line.slice(colon + 1).trim());
		else if (name === "Muove-Timeout") timeout ??= wholeNumber(line.slice(colon + 1).trim(), maxTimerDelay);
		else if (name === "Muove-Clock") clock ??= wholeNumber(line.slice(colon + 1).trim(), Number.MAX_SAFE_INTEGER);
		else if (name === "Muove-Call") call ??= callId(line.slice(colon + 1).trim());
		else if (line !== "") others = true;
		at = end + 2;
	}
	return {
		timeout,
		clock,
		from,
		call,
		trace: others ? traceLines((name) => headerIn(block, name)) : ""
	};
}
function endOfLine(block, at) {
	const end = block.indexOf("\r\n", at);
	return end === -1 ? block.length : end;
}
const callIdIn = (block) => callId(headerIn(block, "Muove-Call"));
const callId = (text) => callForm.test(text) ? text : void 0;
const sender = (text) => fromForm.test(text) ? text : void 0;
function wholeNumber(text, most) {
	return numberForm.test(text) ? Math.min(Number(text), most) : void 0;
}
// packages/muove/dist/wire/cancellation.js
function cancelCall(link, subject, id) {
	link.publish(subject, nothing, { headers: requestHeaders({ call: id }) });
}
function readCancellation({ headers }) {
	return callIdIn(headers);
}
// packages/muove/dist/wire/no-responders.js
const verdict = /^NATS\/1\.0 503\r\n(?:Nats-Subject: [^\r\n]+\r\n)?\r\n$/;
function isNoResponders(message) {
	return message.empty && verdict.test(message.headers);
}
// packages/muove/dist/call/preflight.js
function preflight({ env, scope }, { address }, timeout) {
	if (timeout === 0) return expired(address);
	if (scope.aborted) return cancelled(address, "no");
	if (env.inbox.forbidden) return forbidden(address);
	return env.link.up ? void 0 : unreachable(address, "no");
}
function clearance(request, to, timeout, now) {
	const refusal = preflight(request, to, timeout);
	if (refusal !== void 0) return refusal;
	return to.peer.circuit.admits(now) ? void 0 : circuitOpen(to.address);
}
function unsent$1({ env, payload }, { address }, headers) {
	const { up, maxPayload } = env.link;
	const size = payload.length + headers.length;
	return up && size > maxPayload ? unfit(address, size, maxPayload) : unreachable(address, "no");
}
// packages/muove/dist/codec/index-keys.js
const zero$1 = 48;
const last = "4294967294";
function isIndex(key) {
	const { length } = key;
	const first = key.charCodeAt(0);
	if (length > 10 || !(first > zero$1 && first <= 57)) return key === "0";
	for (let i = 1; i < length; i++) {
		const code = key.charCodeAt(i);
		if (code < zero$1 || code > 57) return false;
	}
	return length < 10 || key <= last;
}
function withIndexes(indexes, keys, values) {
	const object = JSON.parse(`{"${indexes.join("\":0,\"")}":0}`);
	for (let i = 0; i < keys.length; i++) object[keys[i]] = values[i];
	return object;
}
// packages/muove/dist/codec/layout.js
var Layout = class Layout {
	key;
	from;
	to;
	next = void 0;
	#others = void 0;
	constructor(key = "", from = 0, to = 0) {
		this.key = key;
		this.from = from;
		this.to = to;
	}
	after(key) {
		if (this.next?.key === key) return this.next;
		const next = this.#others?.get(key);
		if (next !== void 0) this.next = next;
		return next;
	}
	grow(key, from, to) {
		const next = new Layout(key, from, to);
		if (this.next !== void 0) {
			this.#others ??= new Map([[this.next.key, this.next]]);
			this.#others.set(key, next);
		}
		this.next = next;
		return next;
	}
};
function repeats(layout, bytes, at) {
	const length = layout.to - layout.from;
	for (let i = 0; i < length; i++) if (bytes[at + i] !== bytes[layout.from + i]) return false;
	return true;
}
// packages/muove/dist/codec/poison.js
function isPoison(key, value) {
	if (key === "__proto__") return true;
	return key === "constructor" && typeof value === "object" && value !== null && Object.hasOwn(value, "prototype");
}
// packages/muove/dist/codec/unencodable.js
var Unencodable = class extends MuoveError {
	code = "MUOVE_UNENCODABLE";
	reason;
	path;
	constructor(reason, path = []) {
		super(`Cannot send ${path.length === 0 ? "this value" : written(path)}: ${reason}`);
		this.reason = reason;
		this.path = path;
	}
};
function written(path) {
	return path.slice(0, 12).map((step) => typeof step === "number" ? `[${step}]` : `.${step}`).join("") + (path.length > 12 ? "…" : "");
}
// packages/muove/dist/codec/weight.js
const freeWeight = 131072;
const arrayBase = 6;
const mapBase = 8;
const wideEntry = 10;
const tooHeavy = "too many small values for its size";
function weightLimit(size) {
	return freeWeight + size;
}
function arrayWeight(size) {
	return arrayBase + (size || 1);
}
function mapWeight(size) {
	return size <= 16 ? mapBase + (size || 1) : 24 + (size - 16) * wideEntry;
}
function entryWeight(before) {
	if (before === 0) return 0;
	return before < 16 ? 1 : wideEntry;
}
// packages/muove/dist/codec/plain.js
function plain(value, encoding) {
	return new Walk(value, encoding).visit(value, 0);
}
var Walk = class {
	#root;
	#json;
	#path = [];
	#weight = 0;
	#keys = 0;
	#layouts;
	constructor(root, encoding) {
		this.#root = root;
		this.#json = encoding === "json";
	}
	get weight() {
		return this.#weight;
	}
	visit(value, depth) {
		switch (typeof value) {
			case "string":
				this.#weight += 2;
				return value.toWellFormed();
			case "number": return this.#number(value, depth);
			case "boolean":
			case "undefined": return value;
			case "bigint": return this.#bigint(value, depth);
			case "object": return value === null ? null : this.#object(value, depth);
			default: throw this.#unencodable(`a ${typeof value}`, depth);
		}
	}
	#number(value, depth) {
		if (this.#json && !Number.isFinite(value)) throw this.#unencodable(`JSON has no ${value}`, depth);
		return value;
	}
	#bigint(value, depth) {
		if (!this.#json) {
			if (value >= -(2n ** 63n) && value < 2n ** 64n) return value;
			throw this.#unencodable("a bigint beyond 64 bits; send a string", depth);
		}
		const number = Number(value);
		if (Number.isSafeInteger(number)) return number;
		throw this.#unencodable("a bigint beyond 2^53 in JSON; send a string, or use MessagePack", depth);
	}
	#object(value, depth) {
		if (Object.getPrototypeOf(value) === Object.prototype) return this.#fields(value, false, depth);
		if (Array.isArray(value)) return this.#elements(value, depth);
		if (value instanceof Uint8Array) return this.#bytes(value, depth);
		if (value instanceof Date) return this.#date(value, depth);
		return this.#instance(value, depth);
	}
	#instance(value, depth) {
		const name = Object.prototype.toString.call(value).slice(8, -1);
		if (name === "Date") return this.#date(new Date(Number(value)), depth);
		if (name === "Uint8Array") return this.#bytes(new Uint8Array(value), depth);
		if (name !== "Object") throw this.#unencodable(`a ${name}; send a plain object, an array or a string`, depth);
		return this.#fields(value, true, depth);
	}
	#bytes(value, depth) {
		this.#weight += 30;
		return this.#only(value, "bytes are", depth);
	}
	#date(value, depth) {
		this.#weight += 16;
		if (Number.isNaN(value.getTime())) throw this.#unencodable("an invalid date", depth);
		return this.#only(value, "a date is", depth);
	}
	#only(value, what, depth) {
		if (this.#json) throw this.#unencodable(`${what} MessagePack-only, and this message is JSON; send a string`, depth);
		return value;
	}
	#elements(array, depth) {
		this.#open(depth);
		this.#weight += arrayWeight(array.length);
		let copy;
		for (let i = 0; i < array.length; i++) {
			const was = array[i];
			this.#path[depth] = i;
			const is = this.visit(was, depth + 1) ?? null;
			if (is !== was && copy === void 0 && !Number.isNaN(is)) copy = array.slice(0, i);
			copy?.push(is);
		}
		return copy ?? array;
	}
	#fields(object, foreign, depth) {
		this.#open(depth);
		const keys = Object.keys(object);
		let layout = this.#opened(keys);
		let left = 0;
		let copy = foreign ? {} : void 0;
		for (let i = 0; i < keys.length; i++) {
			const key = keys[i];
			const was = object[key];
			this.#path[depth] = key;
			if (isPoison(key, was)) throw this.#unencodable("a key that could change a prototype", depth + 1);
			const name = key.toWellFormed();
			if (was === void 0) left++;
			else if (layout !== void 0) layout = this.#after(layout, name, i - left);
			const is = this.visit(was, depth + 1);
			if (!(is === was ? is !== void 0 && name === key : Number.isNaN(is))) copy ??= pick(object, keys, i);
			if (copy !== void 0 && is !== void 0) copy[name] = is;
		}
		if (left > 0) this.#weight -= mapWeight(keys.length) - mapWeight(keys.length - left);
		return copy ?? object;
	}
	#opened(keys) {
		this.#weight += mapWeight(keys.length);
		const first = keys[0];
		if (first !== void 0 && isIndex(first)) this.#weight += 24;
		this.#keys += keys.length;
		if (this.#keys <= 4096) return void 0;
		this.#layouts ??= new Layout();
		return this.#layouts;
	}
	#after(layout, key, before) {
		if (before >= 16) return layout;
		const known = layout.after(key);
		if (known !== void 0) return known;
		this.#weight += 64;
		return layout.grow(key);
	}
	#open(depth) {
		if (depth < 128) return;
		if (this.#isCycle(depth)) throw this.#unencodable("it contains itself", depth);
		throw this.#unencodable(`nested more than 128 deep`, depth);
	}
	#isCycle(depth) {
		const seen = new Set();
		let at = this.#root;
		for (let i = 0; i <= depth; i++) {
			if (seen.has(at)) return true;
			seen.add(at);
			at = at[this.#path[i]];
		}
		return false;
	}
	#unencodable(reason, depth) {
		return new Unencodable(reason, this.#path.slice(0, depth));
	}
};
function pick(object, keys, count) {
	const copy = {};
	for (let i = 0; i < count; i++) {
		const key = keys[i];
		copy[key] = object[key];
	}
	return copy;
}
// packages/muove/dist/codec/canonical-key.js
function canonicalKey(value) {
	return keyOf$2(plain(value, "msgpack"));
}
function keyOf$2(value) {
	if (typeof value === "string") return textKey(value);
	if (typeof value === "bigint") return String(Number(value));
	if (typeof value !== "object" || value === null) return String(value);
	if (Array.isArray(value)) return `[${value.map(keyOf$2).join()}]`;
	if (value instanceof Date) return `@${value.getTime()}`;
	if (value instanceof Uint8Array) return `#${Buffer.from(value).toString("base64")}`;
	return fieldsKey(value);
}
function textKey(text) {
	return `${text.length}"${text}`;
}
function fieldsKey(object) {
	let fields = "";
	for (const key of Object.keys(object).sort()) fields += `${textKey(key)}:${keyOf$2(object[key])},`;
	return `{${fields}}`;
}
// packages/muove/dist/codec/encoding.js
function encodingOf(payload) {
	const first = payload[0];
	if (first === void 0) return void 0;
	return first < 128 ? "json" : "msgpack";
}
// packages/muove/dist/codec/malformed.js
var Malformed = class extends Error {
	name = "Malformed";
	reason;
	constructor(reason, at, options) {
		super(`Not a payload: ${reason}${at === void 0 ? "" : ` (at byte ${at})`}`, options);
		this.reason = reason;
	}
};
// packages/muove/dist/codec/text.js
const decoder = new TextDecoder("utf-8", {
	fatal: true,
	ignoreBOM: true
});
const shortText = 24;
function textOf(bytes, from, to) {
	if (to - from === 2) return pairOf(bytes, from);
	if (to - from <= shortText) return asciiOf(bytes, from, to) ?? utf8Of(bytes, from, to);
	try {
		return decoder.decode(bytes.subarray(from, to));
	} catch (cause) {
		throw new Malformed("text that is not UTF-8", from, { cause });
	}
}
const pairs = new Map();
function pairOf(bytes, from) {
	const pair = bytes[from] << 8 | bytes[from + 1];
	const known = pairs.get(pair);
	if (known !== void 0) return known;
	const text = asciiOf(bytes, from, from + 2) ?? utf8Of(bytes, from, from + 2);
	pairs.set(pair, text);
	return text;
}
function asciiOf(bytes, from, to) {
	let text = "";
	let at = from;
	for (; at + 4 <= to; at += 4) {
		const a = bytes[at];
		const b = bytes[at + 1];
		const c = bytes[at + 2];
		const d = bytes[at + 3];
		if ((a | b | c | d) >= 128) return void 0;
		text += String.fromCharCode(a, b, c, d);
	}
	for (; at < to; at++) {
		const a = bytes[at];
		if (a >= 128) return void 0;
		text += String.fromCharCode(a);
	}
	return text;
}
const least$2 = [
	0,
	0,
	128,
	2048,
	65536
];
function utf8Of(bytes, from, to) {
	let text = "";
	let at = from;
	while (at < to) {
		const head = bytes[at];
		const length = sequenceLength(head);
		if (length === 0 || at + length > to) throw new Malformed("text that is not UTF-8", from);
		let point = length === 1 ? head : head & 127 >> length;
		for (let i = 1; i < length; i++) {
			const byte = bytes[at + i];
			if ((byte & 192) !== 128) throw new Malformed("text that is not UTF-8", from);
			point = point << 6 | byte & 63;
		}
		if (point < least$2[length] || point > 1114111 || point >= 55296 && point < 57344) throw new Malformed("text that is not UTF-8", from);
		text += point < 65536 ? String.fromCharCode(point) : String.fromCodePoint(point);
		at += length;
	}
	return text;
}
function sequenceLength(head) {
	if (head < 128) return 1;
	if (head < 194) return 0;
	if (head < 224) return 2;
	if (head < 240) return 3;
	return head < 245 ? 4 : 0;
}
// packages/muove/dist/codec/key-cache.js
const slots = 1024;
const longestKey = 32;
const known$2 = new Uint8Array(slots * longestKey);
const lengths = new Uint8Array(slots);
const texts = new Array(slots).fill("");
function keyOf$1(bytes, from, to) {
	const length = to - from;
	if (length === 0 || length > longestKey) return textOf(bytes, from, to);
	const index = slotOf(bytes, from, length);
	if (lengths[index] === length && holds(index, bytes, from, length)) return texts[index];
	const text = textOf(bytes, from, to);
	for (let i = 0; i < length; i++) known$2[index * longestKey + i] = bytes[from + i];
	lengths[index] = length;
	texts[index] = text;
	return text;
}
function slotOf(bytes, from, length) {
	const first = bytes[from];
	const middle = bytes[from + (length >> 1)];
	const last = bytes[from + length - 1];
	return length * 31 + first * 7 + middle * 17 + last * 131 & 1023;
}
function holds(index, bytes, from, length) {
	const start = index * longestKey;
	for (let i = 0; i < length; i++) if (known$2[start + i] !== bytes[from + i]) return false;
	return true;
}
// packages/muove/dist/codec/json-check.js
const quote = 34;
const backslash = 92;
const comma = 44;
const colon = 58;
const brace = 123;
const minus = 45;
const plus = 43;
function checkJson(json) {
	return new Check(json).mayOverflow();
}
const longestFinite = 308;
const longestExponent = 3;
const arrayMark = -1;
var Check = class {
	#json;
	#sizes = [arrayMark];
	#layouts = [void 0];
	#indexed = [false];
	#room;
	#root;
	#mayOverflow = false;
	#keys = 0;
	#depth = 0;
	#from = 0;
	#to = 0;
	constructor(json) {
		this.#json = json;
		this.#room = weightLimit(json.length);
	}
	mayOverflow() {
		const json = this.#json;
		for (let at = 0; at < json.length; at++) {
			const byte = json[at];
			if (byte === quote) at = this.#string(at);
			else if (byte === comma) this.#comma();
			else if (byte >= minus && byte <= 57) at = this.#number(at);
			else if (byte === colon) this.#colon();
			else if (isOpening(byte)) this.#open(byte);
			else if (isClosing(byte) && this.#depth-- === 0) break;
		}
		this.#weigh(0);
		return this.#mayOverflow;
	}
	#string(start) {
		const json = this.#json;
		let at = start + 1;
		while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
		this.#from = start + 1;
		this.#to = at;
		this.#room -= 2;
		return at;
	}
	#comma() {
		if (this.#sizes[this.#depth] === arrayMark) this.#room--;
	}
	#colon() {
		const depth = this.#depth;
		const before = this.#sizes[depth];
		if (before === arrayMark) return;
		this.#keys++;
		this.#sizes[depth] = before + 1;
		this.#room -= entryWeight(before) - 2;
		const layout = this.#layouts[depth];
		if (layout !== void 0 && before < 16) this.#layouts[depth] = this.#after(layout);
		if (!this.#indexed[depth] && this.#isIndex()) {
			this.#indexed[depth] = true;
			this.#weigh(24);
		}
	}
	#isIndex() {
		const first = this.#json[this.#from];
		if (!(first > minus && first <= 57) && first !== backslash) return false;
		const key = this.#key();
		return isIndex(key.includes("\\") ? unescaped(key) : key);
	}
	#after(layout) {
		const from = this.#from;
		const to = this.#to + 1;
		const { next } = layout;
		if (next !== void 0 && to - from === next.to - next.from && repeats(next, this.#json, from)) return next;
		const key = this.#key();
		const known = layout.after(key);
		if (known !== void 0) return known;
		this.#weigh(64);
		return layout.grow(key, from, to);
	}
	#key() {
		return keyOf$1(this.#json, this.#from, this.#to);
	}
	#number(start) {
		const json = this.#json;
		let exponent = 0;
		let at = start + 1;
		for (; at < json.length; at++) {
			const byte = json[at];
			if ((byte | 32) === 101) exponent = at;
			else if (!(byte >= minus && byte <= 57 || byte === plus)) break;
		}
		if (exponent > 0 && at - exponent > longestExponent && json[exponent + 1] !== minus || at - start > longestFinite) this.#mayOverflow = true;
		return at - 1;
	}
	#open(byte) {
		const depth = ++this.#depth;
		if (depth > 128) throw new Malformed(`nested more than 128 deep`);
		const isMap = byte === brace;
		this.#sizes[depth] = isMap ? 0 : arrayMark;
		this.#layouts[depth] = isMap && this.#keys > 4096 ? this.#start() : void 0;
		this.#indexed[depth] = false;
		this.#weigh(isMap ? mapWeight(0) : arrayWeight(0));
	}
	#start() {
		this.#root ??= new Layout();
		return this.#root;
	}
	#weigh(weight) {
		this.#room -= weight;
		if (this.#room < 0) throw new Malformed(tooHeavy);
	}
};
function unescaped(written) {
	try {
		return JSON.parse(`"${written}"`);
	} catch {
		return "";
	}
}
function isOpening(byte) {
	return (byte | 32) === brace;
}
function isClosing(byte) {
	return (byte | 32) === 125;
}
// packages/muove/dist/codec/json-reader.js
function readJson(bytes) {
	const text = textOf(bytes, 0, bytes.length);
	const mayOverflow = bytes.length > short ? checkJson(bytes) : largeExponent.test(text);
	const value = parsed(wellFormed(text));
	if (mayOverflow && !isFiniteThroughout(value)) throw new Malformed("a number beyond what a double can hold");
	return value;
}
const short = 128;
const largeExponent = /\d[eE]\+?\d{3}/;
function parsed(text) {
	try {
		return parse(text, void 0, {
			protoAction: "error",
			constructorAction: "error"
		});
	} catch (cause) {
		throw new Malformed(isForbidden(cause) ? "a key that could change a prototype" : "text that is not JSON");
	}
}
function isFiniteThroughout(value) {
	if (typeof value === "number") return Number.isFinite(value);
	if (typeof value !== "object" || value === null) return true;
	return Object.values(value).every(isFiniteThroughout);
}
function isForbidden(cause) {
	return cause instanceof Error && cause.message.startsWith("Object contains forbidden");
}
const surrogate = /\\u[dD][89a-fA-F]/;
const pair = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}/y;
const half = /\\u[dD][89a-fA-F][\da-fA-F]{2}/y;
const escapeLength = 6;
function wellFormed(json) {
	if (!surrogate.test(json)) return json;
	const parts = [];
	let done = 0;
	let at = json.indexOf("\\");
	while (at >= 0) {
		let end = at + 2;
		if (json[at + 1] === "u") {
			if (isAt(pair, json, at)) end = at + 12;
			else if (isAt(half, json, at)) {
				end = at + escapeLength;
				parts.push(json.slice(done, at), "\\ufffd");
				done = end;
			}
		}
		at = json.indexOf("\\", end);
	}
	parts.push(json.slice(done));
	return parts.join("");
}
function isAt(what, text, at) {
	what.lastIndex = at;
	return what.test(text);
}
// packages/muove/dist/codec/numbers.js
function uint16(bytes, at) {
	return bytes[at] << 8 | bytes[at + 1];
}
function uint32(bytes, at) {
	return (uint16(bytes, at) << 16 | uint16(bytes, at + 2)) >>> 0;
}
const scratch = new DataView(new ArrayBuffer(8));
function float32(bytes, at) {
	scratch.setUint32(0, uint32(bytes, at));
	return scratch.getFloat32(0);
}
function float64(bytes, at) {
	scratch.setUint32(0, uint32(bytes, at));
	scratch.setUint32(4, uint32(bytes, at + 4));
	return scratch.getFloat64(0);
}
// packages/muove/dist/codec/timestamp.js
function timestampAt(bytes, at, length) {
	switch (length) {
		case 4: return instant(uint32(bytes, at), 0, at);
		case 8: {
			const high = uint32(bytes, at);
			return instant((high & 3) * 2 ** 32 + uint32(bytes, at + 4), high >>> 2, at);
		}
		case 12: return instant((uint32(bytes, at + 4) | 0) * 2 ** 32 + uint32(bytes, at + 8), uint32(bytes, at), at);
		default: throw new Malformed("a timestamp that is not 4, 8 or 12 bytes long", at);
	}
}
function instant(seconds, nanoseconds, at) {
	if (nanoseconds > 999999999) throw new Malformed("a timestamp with a second or more of nanoseconds", at);
	const date = new Date(seconds * 1e3 + Math.floor(nanoseconds / 1e6));
	if (Number.isNaN(date.getTime())) throw new Malformed("a timestamp beyond what a date can hold", at);
	return date;
}
// packages/muove/dist/codec/messagepack-reader.js
const poisonKey = "a key that could change a prototype";
function readMessagePack(bytes) {
	return new Reader(bytes).whole();
}
var Reader = class {
	#bytes;
	#room;
	#keys = 0;
	#layouts;
	#at = 0;
	#depth = 0;
	constructor(bytes) {
		this.#bytes = bytes;
		this.#room = weightLimit(bytes.length);
	}
	whole() {
		const value = this.#value();
		if (this.#at !== this.#bytes.length) throw this.#malformed("bytes after the value");
		this.#weigh(0);
		return value;
	}
	#value() {
		const head = this.#byte();
		if (head < 128) return head;
		if (head < 144) return this.#map(head & 15);
		if (head < 160) return this.#array(head & 15);
		if (head < 192) return this.#text(head & 31);
		if (head >= 224) return head - 256;
		if (head >= 202 && head <= 211) return this.#number(head);
		return this.#other(head);
	}
	#other(head) {
		switch (head) {
			case 192: return null;
			case 194: return false;
			case 195: return true;
			case 196:
			case 197:
			case 198: return this.#binary(this.#length(head - 196));
			case 199:
			case 200:
			case 201: return this.#extension(this.#length(head - 199));
			case 212:
			case 213:
			case 214:
			case 215:
			case 216: return this.#extension(1 << head - 212);
			case 217:
			case 218:
			case 219: return this.#text(this.#length(head - 217));
			case 220:
			case 221: return this.#array(this.#length(head - 219));
			case 222:
			case 223: return this.#map(this.#length(head - 221));
			default: throw this.#malformed("the byte 0xc1, which MessagePack does not use");
		}
	}
	#number(head) {
		switch (head) {
			case 202: return float32(this.#bytes, this.#take(4));
			case 203: return float64(this.#bytes, this.#take(8));
			case 204: return this.#byte();
			case 205: return uint16(this.#bytes, this.#take(2));
			case 206: return uint32(this.#bytes, this.#take(4));
			case 208: return this.#byte() << 24 >> 24;
			case 209: return uint16(this.#bytes, this.#take(2)) << 16 >> 16;
			case 210: return uint32(this.#bytes, this.#take(4)) | 0;
			default: {
				const at = this.#take(8);
				const high = uint32(this.#bytes, at);
				return (head === 207 ? high : high | 0) * 2 ** 32 + uint32(this.#bytes, at + 4);
			}
		}
	}
	#map(size) {
		this.#open(mapWeight(size), 2 * size);
		this.#keys += size;
		let layout = this.#keys > 4096 ? this.#root() : void 0;
		const map = {};
		for (let i = 0; i < size; i++) {
			if (layout !== void 0) layout = i < 16 ? this.#after(layout) : void 0;
			const key = layout === void 0 ? this.#key() : layout.key;
			if (key.charCodeAt(0) <= 57 && isIndex(key)) return this.#indexed(map, key, size - i, layout);
			const value = this.#value();
			if (isPoison(key, value)) throw this.#malformed(poisonKey);
			map[key] = value;
		}
		this.#depth--;
		return map;
	}
	#root() {
		this.#layouts ??= new Layout();
		return this.#layouts;
	}
	#after(layout) {
		const from = this.#at;
		const { next } = layout;
		if (next !== void 0 && repeats(next, this.#bytes, from)) {
			this.#at += next.to - next.from;
			return next;
		}
		const key = this.#key();
		const known = layout.after(key);
		if (known !== void 0) return known;
		this.#weigh(64);
		return layout.grow(key, from, this.#at);
	}
	#indexed(map, first, left, start) {
		this.#weigh(24);
		const keys = Object.keys(map);
		const values = Object.values(map);
		const indexes = [];
		let layout = start;
		for (let i = 0; i < left; i++) {
			if (i > 0 && layout !== void 0) layout = keys.length < 16 ? this.#after(layout) : void 0;
			const key = i === 0 ? first : layout?.key ?? this.#key();
			const value = this.#value();
			if (isPoison(key, value)) throw this.#malformed(poisonKey);
			if (isIndex(key)) indexes.push(key);
			keys.push(key);
			values.push(value);
		}
		this.#depth--;
		return withIndexes(indexes, keys, values);
	}
	#array(size) {
		this.#open(arrayWeight(size), size);
		const array = new Array(size);
		for (let i = 0; i < size; i++) array[i] = this.#value();
		this.#depth--;
		return array;
	}
	#key() {
		const head = this.#byte();
		let length;
		if (head >= 160 && head < 192) length = head & 31;
		else if (head >= 217 && head <= 219) length = this.#length(head - 217);
		else throw this.#malformed("a key that is not a string");
		const from = this.#take(length);
		return keyOf$1(this.#bytes, from, from + length);
	}
	#text(length) {
		this.#room -= 2;
		const from = this.#take(length);
		return textOf(this.#bytes, from, from + length);
	}
	#binary(length) {
		this.#weigh(30);
		const from = this.#take(length);
		return new Uint8Array(this.#bytes.subarray(from, from + length));
	}
	#extension(length) {
		this.#weigh(16);
		const type = this.#byte() << 24 >> 24;
		const from = this.#take(length);
		if (type !== -1) throw this.#malformed(`an extension of type ${type}; only timestamps are accepted`);
		return timestampAt(this.#bytes, from, length);
	}
	#length(power) {
		if (power === 0) return this.#byte();
		return power === 1 ? uint16(this.#bytes, this.#take(2)) : uint32(this.#bytes, this.#take(4));
	}
	#open(weight, least) {
		if (least > this.#bytes.length - this.#at) throw this.#malformed("it ends before its value does");
		this.#room -= weight;
		if (this.#room < 0) throw this.#malformed(tooHeavy);
		if (++this.#depth > 128) throw this.#malformed(`nested more than 128 deep`);
	}
	#weigh(weight) {
		this.#room -= weight;
		if (this.#room < 0) throw this.#malformed(tooHeavy);
	}
	#byte() {
		const byte = this.#bytes[this.#at];
		if (byte === void 0) throw this.#malformed("it ends before its value does");
		this.#at++;
		return byte;
	}
	#take(count) {
		const from = this.#at;
		if (count > this.#bytes.length - from) throw this.#malformed("it ends before its value does");
		this.#at = from + count;
		return from;
	}
	#malformed(reason) {
		return new Malformed(reason, this.#at);
	}
};
// packages/muove/dist/codec/decode.js
function decode(payload) {
	const encoding = encodingOf(payload);
	if (encoding === void 0) return {
		value: void 0,
		encoding
	};
	return {
		value: encoding === "json" ? readJson(payload) : readMessagePack(payload),
		encoding
	};
}
// packages/muove/dist/codec/json-writer.js
function writeJson(value) {
	return Buffer.from(JSON.stringify(value));
}
// packages/muove/dist/codec/messagepack-writer.js
const packr = new Packr({
	useRecords: false,
	variableMapSize: true,
	useToJSON: false
});
const slab$1 = 8192;
const large = 65536;
function writeMessagePack(value) {
	if (typeof value === "number" && value >= 0 && value < 128 && Number.isInteger(value)) return Uint8Array.of(204, value);
	const payload = packr.pack(value);
	return payload.buffer.byteLength > large ? onItsOwn(payload) : payload;
}
function onItsOwn(payload) {
	packr.useBuffer(Buffer.allocUnsafeSlow(slab$1));
	return new Uint8Array(payload);
}
// packages/muove/dist/codec/encode.js
const noBytes = new Uint8Array(0);
function encode(value, encoding) {
	if (value === void 0) return noBytes;
	const walk = new Walk(value, encoding);
	const sendable = walk.visit(value, 0);
	const payload = encoding === "json" ? writeJson(sendable) : writeMessagePack(sendable);
	if (walk.weight > weightLimit(payload.length)) throw new Unencodable(`${tooHeavy}, ${payload.length} bytes; send it in parts`);
	return payload;
}
// packages/muove/dist/wire/reply-status.js
const serviceErrorCode = {
	failed: 422,
	rejected: 400,
	"unknown-message": 404,
	crashed: 500,
	"reply-too-large": 507,
	overloaded: 429,
	draining: 503
};
const longestRetry = 6e4;
function statusHeaders(status, text, extra = {}) {
	let lines = `Muove-Status: ${status}\r\n`;
	if (extra.from !== void 0) lines += `Muove-From: ${extra.from}\r\n`;
	if (extra.code !== void 0) lines += `Muove-Code: ${extra.code}\r\n`;
	if (extra.retryAfter !== void 0) lines += `Muove-Retry-After: ${Math.ceil(Math.min(longestRetry, extra.retryAfter))}\r\n`;
	lines += `Nats-Service-Error: ${oneLine(text)}\r\nNats-Service-Error-Code: ${serviceErrorCode[status]}\r\n`;
	return headerBlock(lines);
}
function oneLine(text) {
	return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 256);
}
function statusLineIn(headers) {
	if (headers === "") return "";
	const end = headers.indexOf("\r\n");
	return plainText(headers.slice(8, end === -1 ? void 0 : end)).trim();
}
function readStatus(headers) {
	if (headers === "") return void 0;
	const status = headerIn(headers, "Muove-Status");
	const serviceError = headerIn(headers, "Nats-Service-Error") || headerIn(headers, "Nats-Service-Error-Code");
	if (status === "" && serviceError === "") return void 0;
	return {
		status: Object.hasOwn(serviceErrorCode, status) ? status : "foreign",
		text: plainText(serviceError || status),
		code: plainText(headerIn(headers, "Muove-Code"), 64),
		retryAfter: retryIn(headers)
	};
}
function retryIn(headers) {
	const given = Number.parseInt(headerIn(headers, "Muove-Retry-After"), 10) || 0;
	return Math.min(longestRetry, Math.max(0, given));
}
// packages/muove/dist/wire/stream-acknowledgement.js
const keys = new Set([
	"stream",
	"seq",
	"domain",
	"duplicate",
	"batch",
	"count",
	"val",
	"error"
]);
function isStreamAcknowledgement(value) {
	if (typeof value !== "object" || value === null) return false;
	const { stream, seq } = value;
	return typeof stream === "string" && Number.isInteger(seq) && Object.keys(value).every((key) => keys.has(key));
}
// packages/muove/dist/call/read-reply.js
function readReply(to, message) {
	try {
		return read$1(to, message);
	} catch (error) {
		const why = error instanceof Error ? `: ${plainText(error.message)}` : "";
		return invalidReply(to.address, [{
			message: `our own schema failed${why}`,
			path: []
		}]);
	}
}
function read$1(to, message) {
	const { address } = to;
	if (isNoResponders(message)) return absent(address);
	const { headers } = message;
	const status = readStatus(headers);
	const line = status === void 0 ? statusLineIn(headers) : "";
	if (line !== "") return invalidReply(address, [{
		message: `the status ${line}, which no service says`,
		path: []
	}]);
	const decoded = decodeReply(message);
	if (decoded instanceof Malformed) return status ? readFailure(to, status, void 0) : invalidReply(address, [{
		message: decoded.reason,
		path: []
	}]);
	return status ? readFailure(to, status, decoded.value) : readSuccess(to, decoded, headers);
}
function decodeReply(message) {
	try {
		return decode(message.data);
	} catch (error) {
		if (error instanceof Malformed) return error;
		throw error;
	}
}
function readSuccess({ address, definition }, { value, encoding }, headers) {
	if (encoding === "json" && isStreamAcknowledgement(value) && readRequestHeaders({ headers }).from === void 0) return;
	const result = validate(definition.output, value, address);
	return result.issues ? invalidReply(address, result.issues) : ok(result.value);
}
function readFailure(to, { status, text, code, retryAfter }, body) {
	const { address } = to;
	switch (status) {
		case "failed": return readDeclared(to, code, body);
		case "rejected": return rejected(address, issuesIn(body));
		case "unknown-message": return unknownMessage(address);
		case "crashed": return crashed$1(address, idIn(body));
		case "reply-too-large": return replyTooLarge(address, text);
		case "overloaded": return overloaded(address, retryAfter);
		case "draining": return draining(address);
		case "foreign": return crashed$1(address, void 0, `answered an error that is not of our contract: ${text}`);
	}
}
function readDeclared({ address, definition }, code, body) {
	const schema = Object.hasOwn(definition.errors, code) ? definition.errors[code] : void 0;
	if (schema === void 0) return invalidReply(address, [{
		message: `the error ${code} is not in our contract`,
		path: []
	}]);
	const result = validate(schema, body, address);
	if (result.issues) return invalidReply(address, result.issues);
	return failed$1(address, {
		code,
		data: result.value
	});
}
const maxIssuesRead = 1024;
function issuesIn(body) {
	const { issues } = body ?? {};
	return Array.isArray(issues) ? plainIssues(issues.slice(0, maxIssuesRead).filter(isIssue)) : [];
}
function isIssue(value) {
	const { message, path } = value ?? {};
	return typeof message === "string" && Array.isArray(path) && path.every((key) => ["string", "number"].includes(typeof key));
}
function idIn(body) {
	const { id } = body ?? {};
	return typeof id === "string" ? plainText(id, 64) : void 0;
}
// packages/muove/dist/call/attempt.js
const maxTimerLag = 50;
function hadItsTime({ definition }, timeout, sentAt) {
	const full = definition.timeout;
	return timeout >= full - reserve(full) - 1 && performance.now() - sentAt < timeout + maxTimerLag;
}
var Attempt = class extends Expiring {
	nonce = nonce();
	sentAt;
	#request;
	#to;
	#timeout;
	#owner;
	#token;
	#deadline;
	#stopListening;
	#done = false;
	constructor(request, to, timeout, now, owner) {
		super();
		this.sentAt = now;
		this.#request = request;
		this.#to = to;
		this.#timeout = Math.ceil(timeout);
		this.#owner = owner;
		this.#token = request.env.inbox.open(this);
	}
	get subject() {
		return this.#to.subject;
	}
	get expiresAt() {
		return this.sentAt + this.#timeout;
	}
	get hadItsTime() {
		return hadItsTime(this.#to, this.#timeout, this.sentAt);
	}
	send() {
		const { env, scope, payload } = this.#request;
		const headers = this.#request.headers(this.#timeout, this.sentAt);
		const reply = env.inbox.subject(this.nonce, this.#token);
		if (!env.link.publish(this.subject, payload, {
			reply,
			headers
		})) {
			env.inbox.withdraw(this.#token);
			return this.settle(unsent$1(this.#request, this.#to, headers));
		}
		this.#deadline = env.deadlines.add(this.#timeout, this);
		if (scope.signals.length > 0) this.#stopListening = scope.signals.map((signal) => onAbort(signal, () => this.#abort()));
	}
	received(message) {
		const outcome = readReply(this.#to, message);
		if (outcome === void 0) this.#request.env.counts.streamAcknowledgements++;
		else this.settle(outcome);
	}
	lost() {
		this.settle(unreachable(this.#to.address, "maybe"));
	}
	forbidden() {
		this.settle(forbidden(this.#to.address));
	}
	expire() {
		this.settle(timedOut(this.#to.address, this.#timeout));
	}
	settle(outcome) {
		if (this.#done) return;
		this.#done = true;
		this.#request.env.inbox.close(this.#token);
		this.#deadline?.delete(this);
		if (this.#stopListening !== void 0) for (const stop of this.#stopListening) stop();
		this.#owner.ended(outcome, this);
	}
	#abort() {
		const { env, id } = this.#request;
		if (id !== void 0) cancelCall(env.link, this.#to.cancelSubject, id);
		this.settle(cancelled(this.#to.address, "maybe"));
	}
};
// packages/muove/dist/call/broadcast.js
const maxReplies = 16384;
const maxUnreadBytes = 16777216;
const unreadText = `answered, but the reply was dropped: ${maxUnreadBytes / 1024 / 1024} MiB of replies wait to be read`;
var Broadcast = class extends Expiring {
	nonce = nonce();
	#request;
	#openWatch;
	#watch;
	#token;
	#expected;
	#replied = new Set();
	#ready = [];
	#unread = 0;
	#deadline;
	#stops = [];
	#wake;
	#peerUpdated = false;
	#ended = false;
	constructor(request, openWatch) {
		super();
		this.#request = request;
		this.#openWatch = openWatch;
	}
	get subject() {
		return this.#request.target.subject;
	}
	get expiresAt() {
		return this.#request.endsAt;
	}
	send(timeout, now) {
		const { env, target, scope, payload } = this.#request;
		const refusal = clearance(this.#request, target, timeout, now);
		if (refusal !== void 0) return this.#endWith(refusal);
		const headers = this.#request.headers(timeout, now);
		this.#token = env.inbox.open(this);
		if (!env.link.publish(target.subject, payload, {
			reply: env.inbox.subject(this.nonce, this.#token),
			headers
		})) {
			env.inbox.withdraw(this.#token);
			return this.#endWith(unsent$1(this.#request, target, headers));
		}
		this.#deadline = env.deadlines.add(Math.ceil(timeout), this);
		const watch = this.#openWatch();
		this.#watch = watch;
		watch.use();
		const release = watch.hold({
			up: () => {},
			down: ({ instance }, reason) => reason === "gone" && this.#gone(instance),
			settled: () => this.#expect()
		});
		this.#stops = [release, ...scope.signals.map((signal) => onAbort(signal, () => this.#abort()))];
		if (watch.settled) this.#expect();
	}
	received(message) {
		const { env, target } = this.#request;
		if (isNoResponders(message)) return this.#endWith(absent(target.address));
		const { from } = readRequestHeaders(message);
		if (from !== void 0) return this.#take(message, from);
		if (readReply(target, message) === void 0) env.counts.streamAcknowledgements++;
		else env.counts.unsignedReplies++;
	}
	lost() {
		this.#endWith(unreachable(this.#request.target.address, "maybe"));
	}
	forbidden() {
		this.#endWith(forbidden(this.#request.target.address));
	}
	expire() {
		this.#endWith(timedOut(this.#request.target.address, this.#request.timeout));
	}
	async *[Symbol.asyncIterator]() {
		try {
			while (true) {
				const next = this.#ready.shift();
				if (next !== void 0) {
					this.#unread -= next.size;
					yield next.entry;
				} else if (this.#ended) return;
				else await this.#more();
			}
		} finally {
			this.#leave();
		}
	}
	#take(message, from) {
		const [service, instance] = from.split("/", 2);
		if (this.#replied.has(instance) || this.#replied.size >= maxReplies) return;
		const size = message.data.length;
		const fits = this.#unread + size <= maxUnreadBytes;
		const { target } = this.#request;
		const outcome = fits ? readReply(target, message) : replyTooLarge(target.address, unreadText);
		if (outcome === void 0) return;
		this.#replied.add(instance);
		this.#expected?.delete(instance);
		this.#updatePeer(outcome);
		this.#put({
			instance,
			service,
			outcome
		}, fits ? size : 0);
		this.#endWhenComplete();
	}
	#updatePeer(outcome) {
		if (this.#peerUpdated) return;
		this.#peerUpdated = true;
		const { target, timeout, madeAt } = this.#request;
		target.peer.ended(outcome, {
			sentAt: madeAt,
			hadItsTime: hadItsTime(target, timeout, madeAt)
		});
	}
	#expect() {
		if (this.#expected !== void 0) return;
		const missing = (this.#watch?.roster.members ?? []).filter(({ instance }) => !this.#replied.has(instance));
		this.#expected = new Map(missing.map(({ instance, service }) => [instance, service]));
		this.#endWhenComplete();
	}
	#gone(instance) {
		const service = this.#expected?.get(instance);
		if (service === void 0) return;
		this.#expected?.delete(instance);
		const outcome = timedOut(this.#request.target.address, performance.now() - this.#request.madeAt);
		this.#put({
			instance,
			service,
			outcome
		});
		this.#endWhenComplete();
	}
	#endWhenComplete() {
		if (this.#expected?.size === 0 && this.#replied.size > 0) this.#end();
	}
	#endWith(outcome) {
		if (this.#ended) return;
		if (this.#token !== void 0 && this.#replied.size === 0) this.#updatePeer(outcome);
		const left = [...this.#expected ?? []];
		for (const [instance, service] of left) this.#put({
			instance,
			service,
			outcome
		});
		if (left.length === 0 && this.#replied.size === 0) this.#put({
			instance: void 0,
			service: void 0,
			outcome
		});
		this.#end(outcome);
	}
	#abort() {
		this.#cancel();
		this.#endWith(cancelled(this.#request.target.address, "maybe"));
	}
	#leave() {
		if (this.#ended) return;
		this.#cancel();
		this.#end();
	}
	#cancel() {
		const { env, target, id } = this.#request;
		if (id !== void 0) cancelCall(env.link, target.cancelSubject, id);
	}
	#put(entry, size = 0) {
		this.#ready.push({
			entry,
			size
		});
		this.#unread += size;
		this.#wake?.();
	}
	#more() {
		return new Promise((resolve) => {
			this.#wake = resolve;
		});
	}
	#end(outcome) {
		this.#ended = true;
		this.#request.operation?.gathered(this.#replied.size, outcome);
		if (this.#token !== void 0) this.#request.env.inbox.close(this.#token);
		this.#deadline?.delete(this);
		for (const stop of this.#stops) stop();
		this.#wake?.();
	}
};
// packages/muove/dist/fallback/last-known.js
var LastKnown = class {
	maxAge;
	entries;
	maxBytes;
	constructor({ maxAge = 6e5, entries = 1e3, maxBytes = 4194304 }) {
		this.maxAge = maxAge;
		this.entries = entries;
		this.maxBytes = maxBytes;
		Object.freeze(this);
	}
};
function lastKnown(options = {}) {
	const problems = optionProblems(options, {
		maxAge: rules$1.milliseconds,
		entries: rules$1.count,
		maxBytes: rules$1.count
	});
	if (problems.length > 0) throw new InvalidOptions("lastKnown()", problems);
	return new LastKnown(options);
}
// packages/muove/dist/fallback/check-chain.js
function chainProblems(address, output, chain) {
	if (chain.length === 0) return [`${address} has an empty chain of fallbacks`];
	return chain.filter(isConstant).flatMap((value) => {
		const { issues } = validate(output, value, address);
		return issues ? [`${address} has a fallback that its contract does not allow: ${issuesInWords(issues)}`] : [];
	});
}
function isConstant(step) {
	return typeof step !== "function" && !(step instanceof LastKnown);
}
// packages/muove/dist/base/is-promise.js
function isPromise(value) {
	return typeof value?.then === "function";
}
// packages/muove/dist/base/time-limit.js
const late = Symbol("late");
async function timeLimited(work, ms) {
	let timer;
	const timeout = new Promise((resolve) => {
		timer = setTimeout(resolve, ms, late);
	});
	try {
		return await Promise.race([work, timeout]);
	} finally {
		clearTimeout(timer);
	}
}
// packages/muove/dist/fallback/fallback.js
const none = Symbol("muove.none");
// packages/muove/dist/fallback/fallback-error.js
var FallbackError = class extends MuoveError {
	code = "MUOVE_FALLBACK";
};
// packages/muove/dist/fallback/settle.js
function settle(origin, outcome, fallbacks) {
	if (outcome.status === "unavailable" || outcome.status === "faulty") return fallBack(origin, outcome, fallbacks);
	if (outcome.status === "ok") remember(origin, outcome.value, fallbacks);
	return outcome;
}
function remember({ memory, sent }, value, fallbacks) {
	try {
		for (const step of fallbacks) if (step instanceof LastKnown) memory.keep(sent(), value, step);
	} catch {}
}
async function fallBack(origin, missing, fallbacks) {
	const errors = [];
	for (const step of fallbacks) try {
		const found = await ask(origin, missing, step);
		if (found !== void 0) return degraded(origin, missing, found, errors);
	} catch (error) {
		errors.push(error);
		origin.failed(error);
	}
	return errors.length === 0 ? missing : {
		...missing,
		fallbackErrors: errors
	};
}
function ask(origin, missing, step) {
	if (step instanceof LastKnown) return recall(origin, step);
	if (typeof step === "function") return compute(origin, missing, step);
	return {
		value: checked$2(origin, structuredClone(step)),
		source: "constant",
		age: void 0
	};
}
function recall(origin, { maxAge }) {
	const kept = origin.memory.recall(origin.sent(), maxAge);
	return kept && {
		value: kept.value,
		source: "last-known",
		age: kept.age
	};
}
async function compute(origin, missing, step) {
	const answer = step(origin.input, missing);
	const value = isPromise(answer) ? await inTime(answer, origin) : answer;
	return value === none ? void 0 : {
		value: checked$2(origin, value),
		source: "function",
		age: void 0
	};
}
async function inTime(answer, { address, patience }) {
	const bound = patience();
	const value = await timeLimited(answer, bound);
	if (value !== late) return value;
	throw new FallbackError(`a fallback of ${address} did not answer within ${Math.round(bound)} ms`);
}
function checked$2({ output, address }, value) {
	const result = validate(output, value, address);
	if (result.issues) throw new FallbackError(`a fallback of ${address} broke the contract: ${issuesInWords(result.issues)}`);
	return result.value;
}
function degraded(origin, missing, { value, source, age }, errors) {
	const outcome = {
		status: "degraded",
		value,
		reason: missing.reason,
		delivered: missing.delivered,
		outcome: missing,
		source,
		age,
		...errors.length > 0 ? { fallbackErrors: errors } : {}
	};
	origin.degraded(outcome);
	return outcome;
}
// packages/muove/dist/outcome/call-error.js
const codes = {
	failed: "MUOVE_CALL_FAILED",
	unavailable: "MUOVE_CALL_UNAVAILABLE",
	faulty: "MUOVE_CALL_FAULTY"
};
var CallError = class extends MuoveError {
	code;
	outcome;
	constructor(outcome) {
		super(outcome.message);
		this.code = codes[outcome.status];
		this.outcome = outcome;
	}
};
// packages/muove/dist/outcome/answer.js
var Answer = class extends Promise {
	orThrow() {
		const calledAt = {};
		Error.captureStackTrace(calledAt, this.orThrow);
		return this.then((outcome) => {
			if (outcome.status === "ok" || outcome.status === "degraded") return outcome.value;
			const error = new CallError(outcome);
			error.stack = `${error.name}: ${error.message}\n${calledAt.stack?.split("\n").slice(1).join("\n")}`;
			throw error;
		});
	}
};
Object.defineProperty(Answer.prototype, "constructor", { value: Promise });
// packages/muove/dist/call/call.js
var Call = class extends Answer {
	#call;
	constructor(call, send) {
		super(send);
		this.#call = call;
	}
	orElse(...fallbacks) {
		const { origin } = this.#call;
		const { address, output } = origin;
		const problems = chainProblems(address, output, fallbacks);
		if (problems.length > 0) throw new InvalidOptions(`The fallbacks of ${address}`, problems);
		return new Answer((resolve) => {
			this.then((outcome) => resolve(settle(origin, outcome, fallbacks)));
		});
	}
};
Object.defineProperty(Call.prototype, "constructor", { value: Promise });
// packages/muove/dist/call/retry.js
const minPause = 20;
const maxPause = 500;
const maxResends = 5;
const gone$1 = new Set(["absent", "draining"]);
function pauseBefore(outcome, attempt, policy) {
	if (outcome.status !== "unavailable") return void 0;
	if (policy.alone && gone$1.has(outcome.reason)) return void 0;
	if (outcome.reason === "draining") return attempt <= maxResends ? 0 : void 0;
	if (attempt > policy.retries || !mayRetry(outcome.reason, outcome.delivered, policy.idempotent)) return void 0;
	if (outcome.reason === "overloaded") return Math.max(minPause, outcome.retryAfter) * (1 + Math.random());
	const upper = Math.min(maxPause, minPause * 2 ** attempt);
	return minPause + Math.random() * (upper - minPause);
}
function mayRetry(reason, delivered, idempotent) {
	if (reason === "cancelled" || reason === "expired" || reason === "forbidden") return false;
	return delivered === "no" || idempotent;
}
// packages/muove/dist/call/dispatch.js
var Dispatch = class {
	#request;
	#to;
	#resolve;
	#attempts = 0;
	#maybeDelivered;
	constructor(request, to, resolve) {
		this.#request = request;
		this.#to = to;
		this.#resolve = resolve;
	}
	send(timeout, now) {
		this.#attempts++;
		const refusal = clearance(this.#request, this.#to, timeout, now);
		if (refusal === void 0) new Attempt(this.#request, this.#to, timeout, now, this).send();
		else this.#end(refusal);
	}
	ended(outcome, attempt) {
		this.#to.peer.ended(outcome, attempt);
		this.#end(outcome);
	}
	#end(outcome) {
		const pause = this.#pauseBeforeNext(outcome);
		if (outcome.delivered === "maybe") this.#maybeDelivered = outcome;
		if (pause === void 0) this.#resolve(outcome.delivered === "no" ? this.#maybeDelivered ?? outcome : outcome);
		else this.#retry(pause, outcome);
	}
	#pauseBeforeNext(outcome) {
		if (outcome.status === "ok") return void 0;
		const { env, retries, endsAt } = this.#request;
		if (env.link.closed) return void 0;
		const { definition, alone } = this.#to;
		const pause = pauseBefore(outcome, this.#attempts, {
			retries,
			idempotent: definition.idempotent,
			alone
		});
		if (pause === void 0 || performance.now() + pause >= endsAt) return void 0;
		return outcome.status === "unavailable" && outcome.reason === "draining" || env.retryBudget.spend() ? pause : void 0;
	}
	#retry(pause, outcome) {
		const { env, scope, payload, endsAt } = this.#request;
		env.counts.retries++;
		const stopWaiting = () => {
			clearTimeout(timer);
			for (const stop of stops) stop();
		};
		const cancel = () => {
			stopWaiting();
			this.#resolve(this.#maybeDelivered ?? cancelled(this.#to.address, outcome.delivered === "no" ? "no" : "maybe"));
		};
		const timer = setTimeout(() => {
			stopWaiting();
			const now = performance.now();
			const timeout = Math.max(1, endsAt - now);
			if (payload.length + this.#request.headers(timeout, now).length <= env.link.maxPayload) this.send(timeout, now);
			else this.#resolve(this.#maybeDelivered ?? outcome);
		}, pause);
		const stops = scope.signals.map((signal) => onAbort(signal, cancel));
	}
};
// packages/muove/dist/call/keyed-dispatch.js
const movedReasons = new Set(["absent", "draining"]);
var KeyedDispatch = class extends Expiring {
	#request;
	#route;
	#resolve;
	#stops = [];
	constructor(request, route, resolve) {
		super();
		this.#request = request;
		this.#route = route;
		this.#resolve = resolve;
	}
	get expiresAt() {
		return this.#request.endsAt;
	}
	send(timeout, now) {
		const refusal = preflight(this.#request, this.#request.target, timeout);
		if (refusal !== void 0) return this.#end(refusal);
		if (this.#route.forbidden) return this.#end(forbidden(this.#request.target.address));
		if (!this.#route.known) return this.#wait(timeout);
		const target = this.#route.next();
		if (target === void 0) return this.#end(absent(this.#request.target.address));
		new Dispatch(this.#request, target, (outcome) => this.#answered(outcome)).send(timeout, now);
	}
	expire() {
		this.#stopWaiting();
		this.#end(expired(this.#request.target.address));
	}
	#answered(outcome) {
		const { env, endsAt } = this.#request;
		if (!(outcome.status === "unavailable" && outcome.delivered === "no" && movedReasons.has(outcome.reason))) return this.#end(outcome);
		this.#route.refused(outcome.reason === "absent" ? "absent" : "draining");
		if (performance.now() >= endsAt || env.link.closed) return this.#end(outcome);
		env.counts.retries++;
		this.#sendAgain();
	}
	#sendAgain() {
		const now = performance.now();
		this.send(Math.max(1, this.#request.endsAt - now), now);
	}
	#wait(timeout) {
		const { env, target, scope } = this.#request;
		const deadline = env.deadlines.add(Math.ceil(timeout), this);
		const cancel = () => {
			this.#stopWaiting();
			this.#end(cancelled(target.address, "no"));
		};
		const known = () => {
			this.#stopWaiting();
			this.#sendAgain();
		};
		this.#stops = [
			() => deadline.delete(this),
			...scope.signals.map((signal) => onAbort(signal, cancel)),
			this.#route.whenKnown(known)
		];
	}
	#stopWaiting() {
		for (const stop of this.#stops) stop();
		this.#stops = [];
	}
	#end(outcome) {
		this.#request.target.peer.ended(outcome, {
			sentAt: Number.NEGATIVE_INFINITY,
			hadItsTime: false
		});
		this.#resolve(outcome);
	}
};
// packages/muove/dist/telemetry/conventions.js
const outgoingCall = (method) => call$1(method, SpanKind.CLIENT);
const incomingCall = (method) => call$1(method, SpanKind.SERVER);
const outgoingMessage = (verb, destination) => message(verb, "send", destination, SpanKind.PRODUCER);
const incomingMessage = (destination) => message("process", "process", destination, SpanKind.CONSUMER);
function outcomeEnding(outcome) {
	const details = { "muove.delivered": outcome.delivered };
	if (outcome.status === "ok" || outcome.status === "degraded") return {
		...answered("ok"),
		details
	};
	if (outcome.status === "failed") {
		const { code } = outcome.error;
		return {
			...answered("failed"),
			details: {
				...details,
				...declared(code)
			}
		};
	}
	const crash = outcome.reason === "crashed" && outcome.id !== void 0 ? crashed(outcome.id) : {};
	return {
		...failed(outcome.reason),
		message: outcome.message,
		details: {
			...details,
			...crash
		}
	};
}
const answered = (status) => ({ attributes: { "rpc.status_code": status } });
const failed = (reason) => ({
	attributes: { "rpc.status_code": reason },
	error: reason
});
const declared = (code) => ({ "muove.error.code": code });
const crashed = (id) => ({ "muove.crash.id": id });
function call$1(method, kind) {
	return {
		name: method,
		kind,
		attributes: {
			"rpc.system.name": "muove",
			"rpc.method": method
		}
	};
}
function message(verb, type, destination, kind) {
	const attributes = {
		"messaging.system": "nats",
		"messaging.operation.name": verb,
		"messaging.operation.type": type,
		"messaging.destination.name": destination
	};
	return {
		name: `${verb} ${destination}`,
		kind,
		attributes
	};
}
// packages/muove/dist/telemetry/depth.js
const open = new Map();
const names = new Set();
function measureDepth(name, depth) {
	names.add(name);
	open.set(depth, name);
	return () => void open.delete(depth);
}
function depthGauge(meter) {
	meter.createObservableUpDownCounter("muove.mailbox.messages", {
		unit: "{message}",
		description: "Messages that wait for a handler, and those that are being handled"
	}).addCallback((result) => {
		for (const [name, { waiting, running }] of depthByName()) {
			result.observe(waiting, {
				"muove.mailbox": name,
				"muove.state": "waiting"
			});
			result.observe(running, {
				"muove.mailbox": name,
				"muove.state": "running"
			});
		}
	});
}
function depthByName() {
	const sums = new Map([...names].map((name) => [name, {
		waiting: 0,
		running: 0
	}]));
	for (const [{ waiting, running }, name] of open) {
		const sum = sums.get(name) ?? {
			waiting: 0,
			running: 0
		};
		sums.set(name, {
			waiting: sum.waiting + waiting,
			running: sum.running + running
		});
	}
	return sums;
}
// packages/muove/dist/telemetry/tracer.js
const scopeName = "muove";
let provider$1;
let known$1;
function tracer() {
	const proxy = trace.getTracerProvider();
	const current = proxy.getDelegate();
	if (current !== provider$1) {
		provider$1 = current;
		known$1 = proxy.getDelegateTracer(scopeName);
	}
	return known$1;
}
// packages/muove/dist/telemetry/meter.js
const explicitBucketBoundaries = [
	.005,
	.01,
	.025,
	.05,
	.075,
	.1,
	.25,
	.5,
	.75,
	1,
	2.5,
	5,
	7.5,
	10
];
let provider;
let known;
function instruments() {
	const current = metrics.getMeterProvider();
	if (current !== provider) {
		provider = current;
		const meter = current.getMeter(scopeName);
		known = meter === createNoopMeter() ? void 0 : make(meter);
	}
	return known;
}
function make(meter) {
	const duration = (name, description) => meter.createHistogram(name, {
		unit: "s",
		description,
		advice: { explicitBucketBoundaries }
	});
	const count = (name, unit, description) => meter.createCounter(name, {
		unit,
		description
	});
	depthGauge(meter);
	return {
		clientCallDuration: duration("rpc.client.call.duration", "From the making of a call to its outcome"),
		serverCallDuration: duration("rpc.server.call.duration", "From the admission of a call to its answer"),
		sendDuration: duration("messaging.client.operation.duration", "The sending of a cast or an event"),
		processDuration: duration("messaging.process.duration", "The handling of a cast or an event"),
		degraded: count("muove.degraded", "{answer}", "Answers that a fallback gave"),
		deadLetters: count("muove.dead_letters", "{message}", "Casts and events known, or feared, to have reached nobody"),
		refused: count("muove.refused", "{message}", "Messages that a mailbox refused or dropped without handling them")
	};
}
// packages/muove/dist/telemetry/trace.js
function passedOn(lines) {
	return lines === "" ? void 0 : {
		lines,
		context: void 0
	};
}
function extracted(lines) {
	return lines === "" ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, traceHeadersIn(lines));
}
function injected(within) {
	const carrier = {};
	propagation.inject(within, carrier);
	return traceLines((name) => carrier[name]);
}
function parentIn(scope) {
	const active = context.active();
	return scope?.context === void 0 || trace.getSpanContext(active) !== void 0 ? active : scope.context;
}
// packages/muove/dist/telemetry/degraded.js
function tellDegraded({ mailbox, message }, scope, { reason, source }) {
	const [tracing, measuring] = [tracer(), instruments()];
	if (tracing === void 0 && measuring === void 0) return;
	const { attributes } = outgoingCall(`${mailbox}.${message}`);
	const told = {
		...attributes,
		"error.type": reason,
		"muove.source": source
	};
	measuring?.degraded.add(1, told);
	if (tracing !== void 0) trace.getSpan(parentIn(scope))?.addEvent("muove.degraded", told);
}
// packages/muove/dist/wire/subjects.js
function messageSubject(prefix, mailbox, message) {
	const own = `muove.${mailbox}.${message}`;
	return prefix === void 0 ? own : `${prefix}.${own}`;
}
const cancelToken = "_cancel";
function cancelSubject(prefix, mailbox) {
	return messageSubject(prefix, mailbox, cancelToken);
}
function instanceSubject(prefix, mailbox, instance, message) {
	return messageSubject(prefix, mailbox, `_i.${instance}.${message}`);
}
function tagsSubject(prefix, mailbox, tags, message) {
	return messageSubject(prefix, mailbox, `_t.${tags}.${message}`);
}
function everyoneSubject(prefix, mailbox, message) {
	return messageSubject(prefix, mailbox, `_all.${message}`);
}
const watchToken = "_watch";
function presenceSubject(prefix, mailbox, service, instance) {
	const own = `muove-presence.${mailbox}.${service}.${instance}`;
	return prefix === void 0 ? own : `${prefix}.${own}`;
}
function eventSubject(prefix, mailbox, event) {
	return messageSubject(prefix, mailbox, `_event.${event}`);
}
const serviceApiSubjects = [
	"PING",
	"INFO",
	"STATS"
].map((verb) => `$SRV.${verb}`);
const serviceApiSubject = (name, instance) => [
	"$SRV",
	"*",
	name,
	instance
].filter((token) => token !== void 0).join(".");
const isServiceApiSubject = (subject) => subject.startsWith("$SRV.");
function inboxPrefix(service, instance) {
	return `_INBOX_muove.${service}.${instance}`;
}
// packages/muove/dist/telemetry/operation.js
var Operation = class {
	context;
	#described;
	#span;
	#duration;
	#startedAt;
	#ended = false;
	constructor(described, details, parent, { tracer, duration }, { startedAt, linked = false } = {}) {
		this.#described = described;
		this.#duration = duration;
		this.#startedAt = startedAt ?? performance.now();
		const cause = linked ? trace.getSpanContext(parent) : void 0;
		this.#span = tracer?.startSpan(described.name, {
			kind: described.kind,
			attributes: {
				...described.attributes,
				...details
			},
			...startedAt !== void 0 && { startTime: startedAt },
			...cause !== void 0 && { links: [{ context: cause }] }
		}, parent);
		this.context = this.#span === void 0 ? parent : trace.setSpan(parent, this.#span);
	}
	get traced() {
		return this.#span !== void 0;
	}
	run(work) {
		return this.traced ? context.with(this.context, work) : work();
	}
	end({ attributes, error, message, details, exception }) {
		if (this.#ended) return;
		this.#ended = true;
		const endedAt = performance.now();
		const outcome = error === void 0 ? attributes : {
			...attributes,
			"error.type": error
		};
		const measured = {
			...this.#described.attributes,
			...outcome
		};
		this.#duration?.record((endedAt - this.#startedAt) / 1e3, measured, this.context);
		if (this.#span === void 0) return;
		if (exception !== void 0) this.#span.recordException(exception);
		this.#span.setAttributes({
			...outcome,
			...details
		});
		if (error !== void 0) this.#span.setStatus({
			code: SpanStatusCode.ERROR,
			...message && { message }
		});
		this.#span.end(endedAt);
	}
};
// packages/muove/dist/telemetry/outgoing.js
var OutgoingOperation = class OutgoingOperation {
	trace;
	#operation;
	constructor(operation, scope) {
		this.#operation = operation;
		const { context } = operation;
		this.trace = {
			lines: operation.traced ? injected(context) : scope?.lines ?? "",
			context
		};
	}
	static call(target, from, scope) {
		const tools = {
			tracer: tracer(),
			duration: instruments()?.clientCallDuration
		};
		if (tools.tracer === void 0 && tools.duration === void 0) return void 0;
		const described = outgoingCall(`${target.mailbox}.${target.message}`);
		return new OutgoingOperation(new Operation(described, detailsOf(target, from), parentIn(scope), tools), scope);
	}
	static message(target, { from, prefix }, scope) {
		const tools = {
			tracer: tracer(),
			duration: instruments()?.sendDuration
		};
		if (tools.tracer === void 0 && tools.duration === void 0) return void 0;
		const { mailbox, message, definition } = target;
		const described = definition.kind === "cast" ? outgoingMessage("send", messageSubject(prefix, mailbox, message)) : outgoingMessage("publish", eventSubject(prefix, mailbox, message));
		return new OutgoingOperation(new Operation(described, detailsOf(target, from), parentIn(scope), tools), scope);
	}
	came(outcome) {
		this.#operation.end(outcomeEnding(outcome));
	}
	gathered(answers, nobody) {
		const ending = answers > 0 || nobody === void 0 ? answered("ok") : outcomeEnding(nobody);
		this.#operation.end({
			...ending,
			details: {
				...ending.details,
				"muove.answers": answers
			}
		});
	}
	left(receipt) {
		const error = receipt.status === "unsent" ? receipt.reason : void 0;
		this.#operation.end({
			attributes: {},
			error,
			details: { "muove.receipt": receipt.status }
		});
	}
};
function detailsOf({ mailbox, message, address }, from) {
	return {
		"messaging.client.id": from,
		...!(address === `${mailbox}.${message}`) && { "muove.to": address }
	};
}
// packages/muove/dist/telemetry/trace-ids.js
const form = /(?:^|\n)traceparent: (?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})\r\n/;
function traceIds(within) {
	if (within === void 0) return {};
	const span = within.context && trace.getSpanContext(within.context);
	if (span !== void 0 && isSpanContextValid(span)) {
		const { traceId: trace_id, spanId: span_id, traceFlags } = span;
		return {
			trace_id,
			span_id,
			trace_flags: traceFlags.toString(16).padStart(2, "0")
		};
	}
	const [, trace_id, span_id, trace_flags] = form.exec(within.lines) ?? [];
	if (trace_id === void 0 || span_id === void 0 || trace_flags === void 0) return {};
	return {
		trace_id,
		span_id,
		trace_flags
	};
}
// packages/muove/dist/wire/invalid-input.js
var InvalidInput = class extends MuoveError {
	code = "MUOVE_INVALID_INPUT";
	issues;
	constructor(address, issues, options) {
		super(`${address} was not sent because its input breaks the contract: ${issuesInWords(issues)}`, options);
		this.issues = issues;
	}
};
// packages/muove/dist/wire/too-large.js
var TooLarge = class extends MuoveError {
	code = "MUOVE_TOO_LARGE";
	size;
	limit;
	constructor(address, size, limit) {
		super(`${address} was not sent: it takes ${size} bytes and the NATS server allows ${limit}. Send a reference to the data instead, or raise max_payload on the server.`);
		this.size = size;
		this.limit = limit;
	}
};
// packages/muove/dist/wire/outgoing.js
function payloadOf({ address, input: schema }, input, encoding) {
	const result = validate(schema, input, address);
	if (result.issues) throw new InvalidInput(address, result.issues);
	try {
		return encode(schema === void 0 ? void 0 : input, encoding);
	} catch (error) {
		if (!(error instanceof Unencodable)) throw error;
		throw new InvalidInput(address, [{
			message: error.message,
			path: []
		}], { cause: error });
	}
}
function checkSize({ address }, payload, headers, limit) {
	const size = payload.length + headers.length;
	if (size > limit) throw new TooLarge(address, size, limit);
}
// packages/muove/dist/call/request.js
var Request = class {
	env;
	target;
	scope;
	payload;
	retries;
	timeout;
	madeAt;
	id;
	operation;
	#input;
	#key;
	#headers;
	constructor(env, target, scope, input, options, { key, cancellable = false } = {}) {
		const { timeout = target.definition.timeout, signal, retries = 0 } = options;
		this.env = env;
		this.target = target;
		this.scope = signal === void 0 ? scope : scope.within(void 0, signal);
		this.payload = payloadOf(target, input, env.encoding);
		this.retries = this.scope.nested ? 0 : retries;
		this.timeout = this.scope.allowance(Math.min(timeout, maxTimerDelay));
		this.id = cancellable || this.scope.signals.length > 0 ? nonce() : void 0;
		this.operation = OutgoingOperation.call(target, env.from, this.scope.trace);
		this.#input = input;
		this.#key = key;
		this.madeAt = performance.now();
		this.#headers = this.#headersAt(this.timeout, this.madeAt);
		checkSize(target, this.payload, this.#headers, env.link.maxPayload);
	}
	get endsAt() {
		return this.madeAt + this.timeout;
	}
	headers(timeout, now) {
		return now === this.madeAt ? this.#headers : this.#headersAt(timeout, now);
	}
	#headersAt(timeout, now) {
		const { from, clockOrigin } = this.env;
		const [whole, clock] = [Math.ceil(timeout), Math.floor(clockOrigin + now)];
		const trace = this.#trace?.lines;
		if (this.id === void 0 && !trace) return plainCallHeaders(from, whole, clock);
		return requestHeaders({
			from,
			timeout: whole,
			clock,
			call: this.id,
			trace
		});
	}
	get #trace() {
		return this.operation?.trace ?? this.scope.trace;
	}
	reported(resolve) {
		const { operation } = this;
		if (operation === void 0) return resolve;
		return (outcome) => {
			operation.came(outcome);
			resolve(outcome);
		};
	}
	get origin() {
		const { env, target, scope, payload } = this;
		const { address, definition, peer } = target;
		const scopedTo = this.#key === void 0 ? [address] : [this.#key, address];
		return {
			address,
			input: this.#input,
			sent: () => [...scopedTo, decode(payload).value],
			output: definition.output,
			memory: peer.memory,
			patience: () => scope.allowance(env.fallbackTimeout),
			failed: (err) => {
				const fields = () => ({
					message: address,
					err,
					...traceIds(this.#trace)
				});
				env.limitedLog.warn(`${target.mailbox}.${target.message} fallback`, fields, "a fallback failed");
			},
			degraded(outcome) {
				env.counts.degraded++;
				tellDegraded(target, scope.trace, outcome);
				if (env.events.heard("degraded")) env.events.emit("degraded", {
					address,
					outcome
				});
			}
		};
	}
};
// packages/muove/dist/call/send-call.js
function sendCall(env, target, scope, input, options) {
	const request = new Request(env, target, scope, input, checkedOptions(options, target));
	return new Call(request, (resolve) => {
		begin(request, new Dispatch(request, target, request.reported(resolve)));
	});
}
function sendKeyedCall(env, target, key, route, scope, input, options) {
	const request = new Request(env, target, scope, input, checkedOptions(options, target), { key });
	return new Call(request, (resolve) => {
		begin(request, new KeyedDispatch(request, route, request.reported(resolve)));
	});
}
function sendToAll(env, target, openWatch, scope, input, options = {}) {
	const problems = optionProblems(options, {
		timeout: rules$1.duration,
		signal: signalRule
	});
	if (problems.length > 0) throw new InvalidOptions(`The options of a call to ${target.address}`, problems);
	const request = new Request(env, target, scope, input, options, { cancellable: true });
	const broadcast = new Broadcast(request, openWatch);
	begin(request, broadcast);
	return broadcast;
}
function begin({ env, timeout, madeAt }, dispatch) {
	env.counts.calls++;
	env.retryBudget.earn();
	dispatch.send(timeout, madeAt);
}
// packages/muove/dist/presence/rendezvous.js
function hashOf(text) {
	const digest = hash("sha256", text, "buffer");
	return {
		high: digest.readUInt32BE(0),
		low: digest.readUInt32BE(4)
	};
}
function responsible(key, candidates, excluded = () => false) {
	let best;
	let [bestHigh, bestLow] = [0, 0];
	for (const candidate of candidates) {
		const { instance, hash } = candidate;
		const high = mix(key.high ^ hash.high, key.low ^ hash.low);
		const low = mixedLow;
		if (best !== void 0 && !isHigher(high, low, instance, bestHigh, bestLow, best)) continue;
		if (!excluded(candidate)) [best, bestHigh, bestLow] = [
			instance,
			high,
			low
		];
	}
	return best;
}
function isHigher(high, low, instance, bestHigh, bestLow, best) {
	if (high !== bestHigh) return high >>> 0 > bestHigh >>> 0;
	if (low !== bestLow) return low >>> 0 > bestLow >>> 0;
	return instance < best;
}
let mixedLow = 0;
function mix(high, low) {
	let top = multiply(high ^ high >>> 30, low ^ lowShifted(high, low, 30), 3210233709, 484763065);
	top = multiply(top ^ top >>> 27, mixedLow ^ lowShifted(top, mixedLow, 27), 2496678331, 321982955);
	mixedLow ^= lowShifted(top, mixedLow, 31);
	return top ^ top >>> 31;
}
const lowShifted = (high, low, bits) => low >>> bits | high << 32 - bits;
function multiply(high, low, byHigh, byLow) {
	const a1 = low >>> 16;
	const a0 = low & 65535;
	const b1 = byLow >>> 16;
	const b0 = byLow & 65535;
	const crossed = a0 * b1;
	const crossed2 = a1 * b0;
	const middle = (a0 * b0 >>> 16) + (crossed & 65535) + (crossed2 & 65535);
	const over = a1 * b1 + (crossed >>> 16) + (crossed2 >>> 16) + (middle >>> 16);
	mixedLow = Math.imul(low, byLow);
	return over + Math.imul(high, byLow) + Math.imul(low, byHigh) | 0;
}
// packages/muove/dist/presence/key-route.js
var KeyRoute = class {
	#watch;
	#key;
	#locate;
	#refused = new Set();
	#last;
	constructor(watch, key, locate) {
		this.#watch = watch;
		this.#key = hashOf(key);
		this.#locate = locate;
	}
	get known() {
		return this.#watched.settled;
	}
	get forbidden() {
		return this.#watched.forbidden;
	}
	next() {
		this.#last = this.#watched.roster.responsible(this.#key, this.#refused);
		return this.#last === void 0 ? void 0 : this.#locate(this.#last);
	}
	refused(reason) {
		if (this.#last === void 0) return;
		this.#refused.add(this.#last);
		if (reason === "absent") this.#watched.missed(this.#last);
		else this.#watched.roster.left(this.#last, "closed");
	}
	whenKnown(callback) {
		return this.#watched.whenKnown(callback);
	}
	get #watched() {
		const watch = this.#watch();
		watch.use();
		return watch;
	}
};
// packages/muove/dist/client/targets.js
function suffixOf({ kind, name }) {
	if (kind === "key") return "{key}";
	return kind === "everyone" ? "*" : name;
}
function* targetsOf(core, { name: mailbox, messages }, to) {
	const at = to === void 0 ? "" : `@${suffixOf(to)}`;
	const [line, cancels, alone] = [
		`${mailbox}${at}`,
		cancelOf(core, mailbox, to),
		to?.kind === "instance"
	];
	for (const [message, definition] of Object.entries(messages)) {
		const address = `${mailbox}.${message}${at}`;
		const subject = subjectOf(core, mailbox, message, to);
		const { input } = definition;
		if (definition.kind === "cast") yield {
			mailbox,
			message,
			address,
			subject,
			input,
			definition,
			line
		};
		if (definition.kind !== "call") continue;
		yield {
			mailbox,
			message,
			address,
			subject,
			input,
			definition,
			cancelSubject: cancels,
			peer: peerOf(core, address, `${mailbox}.${message}`, to),
			alone
		};
	}
}
function* eventTargets({ prefix }, { name: mailbox, messages }) {
	for (const [message, definition] of Object.entries(messages)) {
		if (definition.kind !== "event") continue;
		const address = `${mailbox}.${message}`;
		const subject = eventSubject(prefix, mailbox, message);
		yield {
			mailbox,
			message,
			address,
			subject,
			input: definition.input,
			definition,
			line: subject
		};
	}
}
function subjectOf({ prefix }, mailbox, message, to) {
	if (to === void 0 || to.kind === "key") return messageSubject(prefix, mailbox, message);
	if (to.kind === "everyone") return everyoneSubject(prefix, mailbox, message);
	if (to.kind === "tags") return tagsSubject(prefix, mailbox, to.name, message);
	return instanceSubject(prefix, mailbox, to.name, message);
}
function cancelOf({ prefix }, mailbox, to) {
	if (to?.kind === "instance") return instanceSubject(prefix, mailbox, to.name, cancelToken);
	return cancelSubject(prefix, mailbox);
}
function peerOf({ peers }, address, message, to) {
	return to?.kind === "instance" || to?.kind === "tags" ? peers.addressed(address, message, to.kind === "instance") : peers.of(address);
}
// packages/muove/dist/client/client.js
const internals = Symbol("muove.client");
const maxAddresses = 1024;
var Clients = class {
	core;
	casts;
	#watches;
	#prototypes = new WeakMap();
	#keyed = new WeakMap();
	#everyone = new WeakMap();
	#addressed = new WeakMap();
	#publishers = new WeakMap();
	constructor(core, casts, watches) {
		this.core = core;
		this.casts = casts;
		this.#watches = watches;
	}
	to(mailbox, scope, to) {
		if (to === void 0) return create(this.#prototypeOf(mailbox), {
			clients: this,
			scope,
			mailbox
		});
		if (to.kind !== "key") return create(this.#at(mailbox, to).prototype, {
			clients: this,
			scope,
			mailbox
		});
		return create(this.#keyedPrototypeOf(mailbox), {
			clients: this,
			scope,
			mailbox,
			key: to.name
		});
	}
	toAll(mailbox, scope) {
		const targets = () => targetsOf(this.core, mailbox, {
			kind: "everyone",
			name: ""
		});
		return create(cached(this.#everyone, mailbox, () => withMethods(targets(), everyoneSenderOf)), {
			clients: this,
			scope,
			mailbox
		});
	}
	watch({ name }) {
		return this.#watches.of(name);
	}
	route(mailbox, { message }, key) {
		const watch = () => this.watch(mailbox);
		const locate = (name) => this.#at(mailbox, {
			kind: "instance",
			name
		}).targets.get(message);
		return new KeyRoute(watch, key, locate);
	}
	publisher(mailbox, scope) {
		return create(this.#publisherOf(mailbox), {
			clients: this,
			scope,
			mailbox
		});
	}
	#prototypeOf(mailbox) {
		return cached(this.#prototypes, mailbox, () => withMethods(targetsOf(this.core, mailbox), senderOf));
	}
	#keyedPrototypeOf(mailbox) {
		const targets = () => targetsOf(this.core, mailbox, {
			kind: "key",
			name: ""
		});
		return cached(this.#keyed, mailbox, () => withMethods(targets(), keyedSenderOf));
	}
	#at(mailbox, to) {
		return cached(this.#addressed, mailbox, () => new LruMap(maxAddresses)).of(`${to.kind} ${to.name}`, () => {
			const targets = [...targetsOf(this.core, mailbox, to)];
			return {
				targets: new Map(targets.map((target) => [target.message, target])),
				prototype: withMethods(targets, senderOf)
			};
		});
	}
	#publisherOf(mailbox) {
		return cached(this.#publishers, mailbox, () => withMethods(eventTargets(this.core, mailbox), senderOf));
	}
};
function readdress(client, scope, to) {
	const { clients, mailbox, fallbacks } = client[internals];
	const readdressed = clients.to(mailbox, scope, to);
	return fallbacks === void 0 ? readdressed : derive(readdressed, { fallbacks });
}
function derive(client, changes) {
	return create(Object.getPrototypeOf(client), {
		...client[internals],
		...changes
	});
}
function isClient(value) {
	return internals in value;
}
function create(prototype, value) {
	return Object.defineProperty(Object.create(prototype), internals, { value });
}
function cached(known, mailbox, make) {
	const value = known.get(mailbox) ?? make();
	known.set(mailbox, value);
	return value;
}
function withMethods(targets, sender) {
	const prototype = Object.create(null);
	for (const target of targets) defineMethod(prototype, target.message, sender(target));
	return prototype;
}
function defineMethod(prototype, name, send) {
	Object.defineProperty(prototype, name, {
		enumerable: true,
		get() {
			const own = this[internals];
			const value = (input, options) => {
				try {
					return send(own, input, options);
				} catch (error) {
					throw withStackFrom(value, error);
				}
			};
			Object.defineProperty(this, name, {
				value,
				enumerable: true,
				writable: true,
				configurable: true
			});
			return value;
		}
	});
}
function withStackFrom(method, error) {
	if (isMuoveError(error)) Error.captureStackTrace(error, method);
	return error;
}
const senderOf = (target) => isCall(target) ? callSender(target) : castSender(target);
const keyedSenderOf = (target) => isCall(target) ? keyedCallSender(target) : keyedCastSender(target);
const everyoneSenderOf = (target) => isCall(target) ? everyoneSender(target) : castSender(target);
const isCall = (target) => target.definition.kind === "call";
function callSender(target) {
	return ({ clients, scope, fallbacks }, input, options) => {
		const call = sendCall(clients.core, target, scope, input, options);
		return fallbacks === void 0 ? call : applyFallbacks(call, target, fallbacks);
	};
}
function keyedCallSender(target) {
	return ({ clients, scope, mailbox, key = "", fallbacks }, input, options) => {
		const route = clients.route(mailbox, target, key);
		const call = sendKeyedCall(clients.core, target, key, route, scope, input, options);
		return fallbacks === void 0 ? call : applyFallbacks(call, target, fallbacks);
	};
}
function everyoneSender(target) {
	return ({ clients, scope, mailbox }, input, options) => sendToAll(clients.core, target, () => clients.watch(mailbox), scope, input, options);
}
function applyFallbacks(call, { message }, fallbacks) {
	const chain = fallbacks.get(message);
	return chain === void 0 || chain === none ? call : call.orElse(...chain);
}
function castSender(target) {
	return ({ clients, scope }, input, options) => clients.casts.send(target, scope, input, options);
}
function keyedCastSender(target) {
	return ({ clients, scope, mailbox, key = "" }, input, options) => clients.casts.sendKeyed(target, clients.route(mailbox, target, key), scope, input, options);
}
// packages/muove/dist/client/sender.js
const isAddressable = (target) => typeof target === "object" && target !== null && (isClient(target) || isMailbox(target));
function address(clients, scope, target, to) {
	if (!isAddressable(target)) throw new InvalidOptions("This address", [`it must be a mailbox() or a client, not ${describe(target)}`]);
	const resolved = resolveAddress(to);
	if (!isClient(target)) return clients.to(usable(target), scope, resolved);
	return resolved === void 0 ? derive(target, { scope }) : readdress(target, scope, resolved);
}
function everyone(clients, scope, mailbox) {
	if (!isMailbox(mailbox)) throw new InvalidOptions("This address", [`it must be a mailbox(), not ${describe(mailbox)}`]);
	return clients.toAll(usable(mailbox), scope);
}
var Within = class {
	#clients;
	#scope;
	constructor(clients, scope) {
		this.#clients = clients;
		this.#scope = scope;
	}
	get remaining() {
		return this.#scope.remaining;
	}
	to(target, to) {
		return address(this.#clients, this.#scope, target, to);
	}
	toAll(mailbox) {
		return everyone(this.#clients, this.#scope, mailbox);
	}
};
// packages/muove/dist/base/events.js
function safeListener(listener, name, log) {
	const failed = (error) => log.error({
		err: error,
		event: name
	}, "a listener threw");
	return (event) => {
		try {
			const result = listener(event);
			if (isPromise(result)) result.then(void 0, failed);
		} catch (error) {
			failed(error);
		}
	};
}
var Events = class {
	#emitter = new EventEmitter();
	#log;
	constructor(log) {
		this.#log = log;
		this.#emitter.setMaxListeners(0);
	}
	on(name, listener) {
		const safe = safeListener(listener, name, this.#log);
		this.#emitter.on(name, safe);
		return () => void this.#emitter.off(name, safe);
	}
	heard(name) {
		return this.#emitter.listenerCount(name) > 0;
	}
	emit(name, event) {
		this.#emitter.emit(name, event);
	}
};
// packages/muove/dist/presence/monitor.js
var Monitor = class {
	#watch;
	#log;
	#events;
	#release;
	#nobody = "unknown";
	#stopped = false;
	constructor(watch, log) {
		this.#watch = watch;
		this.#log = log;
		this.#events = new Events(log);
		this.#release = watch.hold(this.#watcher);
		if (watch.settled) this.#look();
	}
	on(name, listener) {
		let end = () => {};
		let ended = false;
		queueMicrotask(() => {
			if (ended || this.#stopped) return;
			end = this.#events.on(name, listener);
			if (name === "up") this.#catchUp(safeListener(listener, name, this.#log));
			else this.#tellOfNobody();
		});
		return () => {
			ended = true;
			end();
		};
	}
	get instances() {
		return this.#watch.roster.members;
	}
	get settled() {
		return this.#watch.settled;
	}
	whenSettled(options = {}) {
		const problems = optionProblems(options, { timeout: rules$1.milliseconds });
		if (problems.length > 0) throw new InvalidOptions("The options of whenSettled()", problems);
		return this.#watch.known(options.timeout ?? 1e3);
	}
	stop() {
		if (this.#stopped) return;
		this.#stopped = true;
		this.#release();
	}
	[Symbol.dispose]() {
		this.stop();
	}
	#catchUp(tell) {
		for (const member of this.#watch.roster.members) tell(member);
	}
	#look() {
		if (this.#nobody !== "unknown") return;
		this.#nobody = this.#watch.roster.size === 0 ? "to be told" : "told";
		this.#tellOfNobody();
	}
	#tellOfNobody() {
		if (this.#nobody !== "to be told" || !this.#events.heard("down")) return;
		this.#nobody = "told";
		if (this.#watch.roster.size === 0) this.#events.emit("down", { reason: "absent" });
	}
	#watcher = {
		up: (member) => this.#events.emit("up", member),
		down: (member, reason) => this.#events.emit("down", {
			...member,
			reason
		}),
		settled: () => this.#look()
	};
};
// packages/muove/dist/serve/capacity.js
const capacityRules = {
	concurrency: rules$1.count,
	backlog: rules$1.count,
	longest: rules$1.milliseconds
};
function capacityOf({ concurrency = 64, backlog = 1024, longest }) {
	return {
		concurrency,
		backlog,
		longest
	};
}
// packages/muove/dist/serve/handlers.js
function checkedHandlers({ name: mailbox, messages }, handlers) {
	if (typeof handlers !== "object" || handlers === null) throw new InvalidOptions(`The handlers of ${mailbox}`, [`they must be an object, not ${describe(handlers)}`]);
	const handled = Object.keys(messages).filter((name) => messages[name]?.kind !== "event");
	const missing = handled.flatMap((name) => {
		const handler = handlers[name];
		return typeof handler === "function" ? [] : [`${mailbox}.${name} needs a handler, a function, not ${describe(handler)}`];
	});
	const unknown = Object.entries(handlers).filter(([name, value]) => typeof value === "function" && !handled.includes(name)).map(([name]) => unknownProblem(mailbox, handled, name, Object.hasOwn(messages, name)));
	const problems = [...missing, ...unknown];
	if (problems.length > 0) throw new InvalidOptions(`The handlers of ${mailbox}`, problems);
	return new Map(handled.map((name) => [name, bound(handlers, name)]));
}
function unknownProblem(mailbox, handled, name, isEvent) {
	if (isEvent) return `${mailbox}.${name} is an event: its owner publishes it, and bus.on() listens to it`;
	if (handled.length === 0) return `${mailbox} has events only, so it needs no handler ${describe(name)}`;
	return `${describe(name)} is not a message of ${mailbox}: its messages are ${handled.join(", ")}`;
}
function bound(handlers, name) {
	const handler = handlers[name];
	return (input, ctx) => handler.call(handlers, input, ctx);
}
// packages/muove/dist/base/ring-buffer.js
const least$1 = 16;
var RingBuffer = class {
	#items = new Array(least$1).fill(void 0);
	#first = 0;
	#next = 0;
	get size() {
		return this.#next - this.#first;
	}
	push(item) {
		if (this.size === this.#items.length) this.#moveTo(this.#items.length * 2, [...this]);
		this.#items[this.#next++ & this.#items.length - 1] = item;
	}
	shift() {
		if (this.size === 0) return void 0;
		const at = this.#first++ & this.#items.length - 1;
		const item = this.#items[at];
		this.#items[at] = void 0;
		return item;
	}
	remove(gone) {
		const staying = [...this].filter((item) => !gone(item));
		if (staying.length < this.size) this.#moveTo(this.#items.length, staying);
	}
	clear() {
		this.#moveTo(least$1, []);
	}
	*[Symbol.iterator]() {
		for (let at = this.#first; at < this.#next; at++) yield this.#items[at & this.#items.length - 1];
	}
	#moveTo(length, items) {
		this.#items = [...items, ...new Array(length - items.length).fill(void 0)];
		this.#first = 0;
		this.#next = items.length;
	}
};
// packages/muove/dist/serve/delivery.js
var Delivery = class {
	endpoint;
	msg;
	headers;
	reply;
	admittedAt;
	endsAt;
	#onCancel;
	#cancelled = false;
	constructor(endpoint, msg, headers, reply, admittedAt, endsAt, onCancel) {
		this.endpoint = endpoint;
		this.msg = msg;
		this.headers = headers;
		this.reply = reply;
		this.admittedAt = admittedAt;
		this.endsAt = endsAt;
		this.#onCancel = onCancel;
	}
	get cancelled() {
		return this.#cancelled;
	}
	cancel() {
		if (this.#cancelled) return;
		this.#cancelled = true;
		this.#onCancel(this);
	}
};
// packages/muove/dist/serve/open-calls.js
var OpenCalls = class {
	#calls = new Map();
	add(id, call) {
		if (id !== void 0) this.#calls.set(id, call);
	}
	delete(id, call) {
		if (id !== void 0 && this.#calls.get(id) === call) this.#calls.delete(id);
	}
	cancel(id) {
		this.#calls.get(id)?.cancel();
	}
};
// packages/muove/dist/base/rate-limited-log.js
const interval = 1e3;
const mostKinds = 1024;
var RateLimitedLog = class {
	#log;
	#burst;
	#kinds = new Map();
	#others;
	constructor(log, burst = 1) {
		this.#log = log;
		this.#burst = burst;
		this.#others = this.#kind(performance.now());
	}
	warn(kind, fields, text) {
		const leftOut = this.#take(kind);
		if (leftOut !== void 0) this.#log.warn(leftOut > 0 ? {
			...fields(),
			leftOut
		} : fields(), text);
	}
	error(kind, fields, text) {
		const leftOut = this.#take(kind);
		if (leftOut === void 0) return false;
		this.#log.error(leftOut > 0 ? {
			...fields(),
			leftOut
		} : fields(), text);
		return true;
	}
	#take(name) {
		const now = performance.now();
		const kind = this.#kindOf(name, now);
		const earned = Math.floor((now - kind.at) / interval);
		if (earned > 0) {
			kind.left = Math.min(this.#burst, kind.left + earned);
			kind.at = now;
		}
		if (kind.left === 0) {
			kind.leftOut++;
			return;
		}
		kind.left--;
		const { leftOut } = kind;
		kind.leftOut = 0;
		return leftOut;
	}
	#kindOf(name, now) {
		const known = this.#kinds.get(name);
		if (known !== void 0) return known;
		if (this.#kinds.size >= mostKinds) return this.#others;
		const kind = this.#kind(now);
		this.#kinds.set(name, kind);
		return kind;
	}
	#kind(now) {
		return {
			left: this.#burst,
			at: now,
			leftOut: 0
		};
	}
};
// packages/muove/dist/telemetry/figures.js
function tellDeadLetter(address, reason) {
	instruments()?.deadLetters.add(1, {
		"muove.address": address,
		"error.type": reason
	});
}
function tellRefused(address, reason) {
	instruments()?.refused.add(1, {
		"muove.address": address,
		"error.type": reason
	});
}
// packages/muove/dist/serve/refusals.js
const maxNameLength = 64;
var Refusals = class {
	#env;
	#log;
	constructor(env) {
		this.#env = env;
		this.#log = new RateLimitedLog(env.log);
	}
	overloaded(endpoint, msg, retryAfter) {
		this.#env.counts.overloaded++;
		endpoint.figures.failure("overloaded");
		tellRefused(endpoint.address, "overloaded");
		const fields = () => ({
			...about(endpoint.address, msg),
			retryAfter
		});
		this.#log.warn(endpoint.address, fields, overloadText(endpoint));
		this.#refuse(endpoint, msg, this.#status(endpoint, "overloaded", { retryAfter }));
	}
	draining(endpoint, msg) {
		tellRefused(endpoint.address, "draining");
		this.#refuse(endpoint, msg, this.#status(endpoint, "draining"));
	}
	unknown(mailbox, message, msg, signature) {
		const address = `${mailbox}.${message.slice(0, maxNameLength)}`;
		this.#env.counts.rejected++;
		const { from, timeout } = readRequestHeaders(msg);
		const isCast = from !== void 0 && timeout === void 0;
		const headers = statusHeaders("unknown-message", `${address} is unknown here`, { from: signature });
		if (!isCast) this.#answer(msg, headers);
		const issues = [{
			message: "no such message here",
			path: []
		}];
		if (this.#env.events.heard("rejected")) this.#env.events.emit("rejected", {
			address,
			issues,
			from
		});
		this.#log.warn(`${mailbox} unknown`, () => about(address, msg), "rejected an unknown message");
	}
	expired(endpoint, msg, retryAfter) {
		this.#env.counts.expired++;
		endpoint.figures.failure("expired");
		tellRefused(endpoint.address, "expired");
		const fields = () => about(endpoint.address, msg);
		this.#log.warn(`${endpoint.address} expired`, fields, "expired: a message arrived after its deadline");
		this.#refuse(endpoint, msg, this.#status(endpoint, "overloaded", { retryAfter }));
	}
	#status({ address, signature }, status, extra = {}) {
		return statusHeaders(status, `${address} is ${status}`, {
			...extra,
			from: signature
		});
	}
	#refuse({ isCall }, msg, headers) {
		if (isCall) this.#answer(msg, headers);
	}
	#answer({ origin, reply }, headers) {
		const { answers } = this.#env;
		if (answers.mayGoTo(reply)) answers.send(origin, reply, nothing, headers);
	}
};
const overloadText = ({ isCall }) => isCall ? "overloaded: refused a call" : "overloaded: dropped a message";
function about(address, msg) {
	const { from, trace } = readRequestHeaders(msg);
	return {
		message: address,
		from,
		...traceIds(passedOn(trace))
	};
}
// packages/muove/dist/serve/failure.js
function isFailure(value) {
	return value instanceof Failure;
}
var Failure = class {
	code;
	data;
	constructor(code, data) {
		this.code = code;
		this.data = data;
	}
};
// packages/muove/dist/serve/handling.js
var Handling = class {
	#host;
	constructor(host) {
		this.#host = host;
	}
	run(delivery) {
		try {
			const result = this.#handle(delivery);
			if (isPromise(result)) return this.#later(result, delivery);
			this.#answer(result, delivery);
		} catch (error) {
			this.#crash(error, delivery);
		}
	}
	#handle({ endpoint: { handler }, input, context, operation }) {
		return operation === void 0 ? handler(input, context) : operation.run(() => handler(input, context));
	}
	async #later(result, delivery) {
		try {
			this.#answer(await result, delivery);
		} catch (error) {
			this.#crash(error, delivery);
		}
	}
	#answer(result, { endpoint, replier, context, operation }) {
		const { address, definition, figures } = endpoint;
		if (definition.kind === "call") {
			const oversize = result instanceof Failure ? fail$2(endpoint, definition, result, replier) : replier?.success(checked$1(endpoint, definition.output, result, "output"));
			if (oversize !== void 0) {
				figures.failure("replyTooLarge");
				operation?.failedWith("reply-too-large");
				const fields = () => ({
					...oversize,
					...context.logged
				});
				this.#host.log.error(`${address} oversize`, fields, "a reply exceeds the server's max_payload");
			}
		}
		if (result instanceof Failure) operation?.failed(result.code);
		else operation?.done();
	}
	#crash(error, { endpoint, replier, context, operation }) {
		if (gaveUp(context, error) && !context.awaited) {
			operation?.failedWith("cancelled");
			return;
		}
		const { address, figures } = endpoint;
		const { counts, events } = this.#host.env;
		const id = randomUUID();
		counts.crashed++;
		figures.crashed(id);
		operation?.crashed(id, error);
		if (logCrash(this.#host, context, id, error)) replier?.status("crashed", `${address} crashed: ${id}`, { id });
		else replier?.status("crashed", `${address} crashed`, {});
		if (events.heard("crashed")) events.emit("crashed", {
			address,
			id,
			error
		});
	}
};
function gaveUp({ signal }, error) {
	if (!signal.aborted) return false;
	try {
		const { name, cause } = error ?? {};
		return error === signal.reason || cause === signal.reason || name === "AbortError";
	} catch {
		return false;
	}
}
function logCrash({ crashes }, context, crash, error) {
	const { address, logged } = context;
	try {
		return crashes.error(address, () => ({
			err: error,
			crash,
			...logged
		}), "a handler threw");
	} catch {
		return crashes.error(`${address} odd`, () => ({
			crash,
			...logged
		}), "a handler threw a value that cannot be logged");
	}
}
function fail$2(endpoint, definition, failure, replier) {
	const { address, figures } = endpoint;
	const { code } = failure;
	const data = checkedFailure(endpoint, definition, failure);
	figures.failed++;
	return replier?.status("failed", `${address} answered ${code}`, data, { code });
}
function checkedFailure(endpoint, { errors }, { code, data }) {
	if (!Object.hasOwn(errors, code)) throw new Error(`${endpoint.address} does not declare the error ${code}`);
	return checked$1(endpoint, errors[code], data, `data of ${code}`);
}
function checked$1({ address }, schema, value, what) {
	const result = validate(schema, value, address);
	if (!result.issues) return result.value;
	throw new Error(`the ${what} breaks the contract: ${issuesInWords(result.issues)}`);
}
// packages/muove/dist/telemetry/incoming.js
var IncomingOperation = class IncomingOperation {
	trace;
	#operation;
	#isCall;
	constructor(operation, isCall, lines) {
		this.#operation = operation;
		this.#isCall = isCall;
		this.trace = {
			lines,
			context: operation.context
		};
	}
	static begin({ address, subject, definition }, me, { from, trace: lines }, admittedAt) {
		const isCall = definition.kind === "call";
		const measuring = instruments();
		const tools = {
			tracer: tracer(),
			duration: isCall ? measuring?.serverCallDuration : measuring?.processDuration
		};
		if (tools.tracer === void 0 && tools.duration === void 0) return void 0;
		const operation = new Operation(isCall ? incomingCall(address) : incomingMessage(subject), {
			"messaging.client.id": me,
			...from !== void 0 && { "muove.from": from }
		}, extracted(lines), tools, {
			startedAt: admittedAt,
			linked: !isCall
		});
		return new IncomingOperation(operation, isCall, lines);
	}
	run(handler) {
		return this.#operation.run(handler);
	}
	done() {
		this.#end(answered("ok"));
	}
	failed(code) {
		this.#end({
			...answered("failed"),
			details: declared(code)
		});
	}
	crashed(id, error) {
		const exception = error instanceof Error ? error : String(error);
		this.#end({
			...failed("crashed"),
			details: crashed(id),
			exception
		});
	}
	failedWith(reason) {
		this.#end(failed(reason));
	}
	#end(ending) {
		this.#operation.end(this.#isCall ? ending : {
			...ending,
			attributes: {}
		});
	}
};
// packages/muove/dist/serve/context.js
const fail$1 = (code, data) => new Failure(code, data);
var MessageContext = class {
	address;
	from;
	#host;
	#callerEndsAt;
	#endsAt;
	#trace;
	#controller;
	#abortReason;
	#cancelled = false;
	#scope;
	#publish;
	#log;
	constructor(host, address, from, trace, callerEndsAt, latest) {
		this.#host = host;
		this.address = address;
		this.from = from;
		this.#trace = trace;
		this.#callerEndsAt = callerEndsAt;
		this.#endsAt = isOneWay(callerEndsAt) ? callerEndsAt : Math.min(callerEndsAt, latest);
	}
	get remaining() {
		return Math.max(0, this.#endsAt - performance.now());
	}
	get awaited() {
		return !this.#cancelled && !isOneWay(this.#callerEndsAt) && performance.now() < this.#callerEndsAt;
	}
	get signal() {
		if (this.#controller === void 0) {
			this.#controller = new AbortController();
			if (this.#abortReason !== void 0) this.#controller.abort(this.#abortReason);
		}
		return this.#controller.signal;
	}
	get fail() {
		return fail$1;
	}
	get log() {
		this.#log ??= this.#host.env.log.child(this.logged);
		return this.#log;
	}
	get logged() {
		return {
			message: this.address,
			from: this.from,
			...traceIds(this.#trace)
		};
	}
	to(target, to) {
		return address(this.#host.clients, this.#inScope(), target, to);
	}
	toAll(mailbox) {
		return everyone(this.#host.clients, this.#inScope(), mailbox);
	}
	get publish() {
		const { clients, owned } = this.#host;
		this.#publish ??= owned === void 0 ? {} : clients.publisher(owned, this.#inScope());
		return this.#publish;
	}
	expire() {
		this.#abort(new DOMException(`${this.address}: the handler's time is over`, "TimeoutError"));
	}
	cancel() {
		this.#cancelled = true;
		this.#abort(new DOMException(`${this.address}: the caller cancelled it`, "AbortError"));
	}
	#inScope() {
		this.#scope ??= new Scope(this.#endsAt, [this.signal], this.#trace, true);
		return this.#scope;
	}
	#abort(reason) {
		this.#abortReason ??= reason;
		this.#controller?.abort(reason);
	}
};
const isOneWay = (endsAt) => endsAt === Number.POSITIVE_INFINITY;
// packages/muove/dist/serve/replier.js
var Replier = class {
	#answers;
	#origin;
	#subject;
	#encoding;
	#me;
	#signature;
	constructor(answers, origin, subject, encoding, me, signature) {
		this.#answers = answers;
		this.#origin = origin;
		this.#subject = subject;
		this.#encoding = encoding;
		this.#me = me;
		this.#signature = signature;
	}
	success(output) {
		const payload = encode(output, this.#encoding);
		const from = this.#signature ?? (needsSender(payload) ? this.#me : void 0);
		return this.#send(payload, from === void 0 ? void 0 : senderHeaders(from));
	}
	status(status, text, body, extra) {
		return this.#send(encode(body, this.#encoding), statusHeaders(status, text, {
			...extra,
			from: this.#signature
		}));
	}
	#send(payload, headers = "") {
		const size = payload.length + headers.length;
		const limit = this.#answers.maxPayload;
		if (size <= limit) {
			this.#answers.send(this.#origin, this.#subject, payload, headers);
			return;
		}
		const refusal = statusHeaders("reply-too-large", `answered with ${size} bytes and the NATS server allows ${limit}`, { from: this.#signature });
		const body = encode({
			size,
			limit
		}, this.#encoding);
		if (body.length + refusal.length <= limit) this.#answers.send(this.#origin, this.#subject, body, refusal);
		return {
			size,
			limit
		};
	}
};
function needsSender(payload) {
	if (encodingOf(payload) !== "json") return false;
	return Buffer.from(payload.buffer, payload.byteOffset, payload.length).includes("\"stream\"") && isStreamAcknowledgement(decode(payload).value);
}
// packages/muove/dist/serve/intake.js
var Intake = class {
	#host;
	constructor(host) {
		this.#host = host;
	}
	open({ endpoint, msg, headers, reply, admittedAt, endsAt }, latest) {
		const { answers, from } = this.#host.env;
		const operation = IncomingOperation.begin(endpoint, from, headers, admittedAt);
		const read = readInput(endpoint, msg);
		const encoding = read.encoding ?? (headers.from === void 0 ? "json" : "msgpack");
		const replier = reply === "" ? void 0 : new Replier(answers, msg.origin, reply, encoding, from, endpoint.signature);
		const trace = operation?.trace ?? passedOn(headers.trace);
		if (read.issues !== void 0) {
			this.#refuse(endpoint, read.issues, headers.from, trace, replier);
			operation?.failedWith("rejected");
			return;
		}
		const context = new MessageContext(this.#host, endpoint.address, headers.from, trace, endsAt, latest);
		return {
			endpoint,
			input: read.value,
			context,
			replier,
			operation
		};
	}
	#refuse({ address, figures }, issues, from, trace, replier) {
		const { env, log } = this.#host;
		env.counts.rejected++;
		figures.failure("rejected");
		replier?.status("rejected", `${address}: ${issuesInWords(issues)}`, { issues });
		if (env.events.heard("rejected")) env.events.emit("rejected", {
			address,
			issues,
			from
		});
		const fields = () => ({
			message: address,
			from,
			issues,
			...traceIds(trace)
		});
		log.warn(address, fields, "rejected a message that breaks the contract");
	}
};
function readInput({ address, definition }, { data }) {
	try {
		const { value, encoding } = decode(data);
		const { value: input, issues } = validate(definition.input, value, address);
		return {
			value: input,
			issues,
			encoding
		};
	} catch (error) {
		return {
			value: void 0,
			issues: [{
				message: error instanceof Malformed ? error.reason : "the schema of its input failed",
				path: []
			}],
			encoding: encodingOf(data)
		};
	}
}
// packages/muove/dist/serve/slot.js
var Slot = class extends Expiring {
	#deadlines;
	#runawayAt;
	#changed;
	#state = "in time";
	#expiresAt;
	#deadline;
	constructor(deadlines, now, overdueAt, runawayAt, changed) {
		super();
		this.#deadlines = deadlines;
		this.#runawayAt = runawayAt;
		this.#changed = changed;
		const time = roundedUp(overdueAt - now);
		this.#expiresAt = now + time;
		this.#deadline = this.#deadlines.add(time, this);
	}
	get state() {
		return this.#state;
	}
	get expiresAt() {
		return this.#expiresAt;
	}
	expire() {
		if (this.#state === "in time") {
			this.#state = "overdue";
			const now = performance.now();
			const time = roundedUp(this.#runawayAt - now);
			this.#expiresAt = now + time;
			this.#deadline = this.#deadlines.add(time, this);
		} else this.#state = "runaway";
		this.#changed(this.#state);
	}
	free() {
		this.#deadline.delete(this);
	}
};
function roundedUp(ms) {
	const whole = Math.max(1, Math.ceil(ms));
	const step = 2 ** Math.max(0, Math.floor(Math.log2(whole)) - 4);
	return Math.ceil(whole / step) * step;
}
// packages/muove/dist/serve/running.js
var Running = class {
	#host;
	#intake;
	#handling;
	#concurrency;
	#calls;
	#done;
	#log;
	#inTime = 0;
	#overdue = 0;
	#runaways = 0;
	constructor(host, concurrency, calls, done) {
		this.#host = host;
		this.#intake = new Intake(host);
		this.#handling = new Handling(host);
		this.#concurrency = concurrency;
		this.#calls = calls;
		this.#done = done;
		this.#log = new RateLimitedLog(host.env.log);
	}
	get inTime() {
		return this.#inTime;
	}
	get full() {
		return this.#inTime >= this.#concurrency;
	}
	get exhausted() {
		return this.#overdue >= this.#concurrency;
	}
	get stuck() {
		return this.#runaways >= this.#concurrency;
	}
	start(delivery, begun) {
		const { longest, figures } = delivery.endpoint;
		const open = this.#intake.open(delivery, begun + longest);
		const work = open && this.#handling.run(open);
		const now = performance.now();
		if (open !== void 0 && work !== void 0) this.#hold(work, open, delivery, begun, now);
		else {
			if (open !== void 0) figures.done(now - begun);
			this.#done(now, now - begun);
		}
		return now;
	}
	#hold(work, open, delivery, begun, now) {
		const { endpoint, headers, endsAt } = delivery;
		const { context } = open;
		const runawayAt = now + endpoint.longest;
		const slot = new Slot(this.#host.env.deadlines, now, Math.min(endsAt, runawayAt), runawayAt, (state) => {
			if (state === "overdue") this.#onOverdue(open);
			else this.#runaways++;
		});
		this.#inTime++;
		this.#calls.add(headers.call, context);
		work.then(() => {
			this.#calls.delete(headers.call, context);
			this.#free(slot);
			const done = performance.now();
			endpoint.figures.done(done - begun);
			this.#done(done, (done - now) / this.#concurrency);
		});
	}
	#free(slot) {
		slot.free();
		if (slot.state === "in time") this.#inTime--;
		else this.#overdue--;
		if (slot.state === "runaway") this.#runaways--;
	}
	#onOverdue({ endpoint: { address, figures }, context, operation }) {
		this.#inTime--;
		this.#overdue++;
		this.#host.env.counts.overdue++;
		figures.failure("overdue");
		operation?.failedWith("timeout");
		context.expire();
		const fields = () => ({
			...context.logged,
			overdue: this.#overdue
		});
		this.#log.warn(address, fields, "a handler exceeded its deadline and lost its slot; it is still running");
		this.#done(performance.now());
	}
};
// packages/muove/dist/serve/service-time-estimate.js
const weight = .1;
const maxMultiple = 4;
var ServiceTimeEstimate = class {
	#mean = NaN;
	#lastDone = NaN;
	done(now, waiting, alone) {
		const time = Number.isNaN(this.#lastDone) ? alone : now - this.#lastDone;
		if (time !== void 0) this.#learn(time);
		this.#lastDone = waiting > 0 ? now : NaN;
	}
	rest() {
		this.#lastDone = NaN;
	}
	timeFor(messages) {
		return Number.isNaN(this.#mean) ? 0 : messages * this.#mean;
	}
	#learn(time) {
		const mean = Number.isNaN(this.#mean) ? time : this.#mean;
		this.#mean = mean + weight * (Math.min(time, maxMultiple * mean) - mean);
	}
};
// packages/muove/dist/serve/backlog.js
const safetyFactor = 2;
const stuckRetry = 1e3;
var Backlog = class {
	#env;
	#limit;
	#refusals;
	#running;
	#serviceTime = new ServiceTimeEstimate();
	#waiting = new RingBuffer();
	#calls = new OpenCalls();
	#cancelled = 0;
	#draining = false;
	#working = false;
	#idle;
	constructor(host, capacity) {
		const { env } = host;
		this.#env = env;
		this.#limit = capacity.backlog;
		this.#refusals = new Refusals(env);
		this.#running = new Running(host, capacity.concurrency, this.#calls, (now, alone) => this.#done(now, alone));
	}
	get waiting() {
		return this.#waiting.size - this.#cancelled;
	}
	get running() {
		return this.#running.inTime;
	}
	get stuck() {
		return this.#running.stuck;
	}
	admit(endpoint, msg) {
		this.#env.counts.received++;
		endpoint.figures.received++;
		if (this.#draining && endpoint.isCall) return this.#refusals.draining(endpoint, msg);
		if (this.#running.exhausted) return this.#refusals.overloaded(endpoint, msg, stuckRetry);
		if (this.#full) return this.#refusals.overloaded(endpoint, msg, this.#retryAfter());
		const reply = endpoint.isCall ? msg.reply : "";
		if (!this.#env.answers.mayGoTo(reply)) return;
		const now = performance.now();
		const headers = readRequestHeaders(msg);
		const timeLeft = endpoint.isCall ? this.#timeLeft(endpoint, headers, now) : Number.POSITIVE_INFINITY;
		if (timeLeft <= 0) return this.#refusals.expired(endpoint, msg, this.#retryAfter());
		if (timeLeft < this.#expectedWait()) return this.#refusals.overloaded(endpoint, msg, this.#retryAfter());
		this.#wait(new Delivery(endpoint, msg, headers, reply, now, now + timeLeft, this.#onCancel));
	}
	refuseUnknown(mailbox, message, msg, signature) {
		this.#env.counts.received++;
		this.#refusals.unknown(mailbox, message, msg, signature);
	}
	cancel(call) {
		this.#calls.cancel(call);
	}
	stopTaking() {
		this.#draining = true;
	}
	idle() {
		return new Promise((resolve) => {
			this.#idle = resolve;
			this.#settleIdle();
		});
	}
	abandon() {
		const waiting = [...this.#waiting].filter(({ cancelled }) => !cancelled);
		this.#waiting.clear();
		this.#cancelled = 0;
		for (const each of waiting) {
			this.#calls.delete(each.headers.call, each);
			if (each.endpoint.isCall) this.#refusals.draining(each.endpoint, each.msg);
		}
		return waiting.filter(({ endpoint }) => !endpoint.isCall).length;
	}
	work(until) {
		this.#working = true;
		try {
			this.#startUntil(until);
		} finally {
			this.#working = false;
		}
		if (this.waiting === 0) this.#serviceTime.rest();
		this.#settleIdle();
		return this.waiting > 0 && !this.#running.full;
	}
	#startUntil(end) {
		let now = performance.now();
		do {
			const delivery = this.#running.full ? void 0 : this.#next();
			if (delivery === void 0) return;
			now = this.#start(delivery, now);
		} while (now < end);
	}
	get #full() {
		if (this.#waiting.size < this.#limit) return false;
		if (this.#cancelled * 8 < this.#limit) return true;
		this.#waiting.remove(({ cancelled }) => cancelled);
		this.#cancelled = 0;
		return false;
	}
	#wait(delivery) {
		this.#waiting.push(delivery);
		this.#calls.add(delivery.headers.call, delivery);
		this.#schedule();
	}
	#onCancel = (delivery) => {
		this.#calls.delete(delivery.headers.call, delivery);
		this.#cancelled++;
		this.#settleIdle();
	};
	#next() {
		for (let next = this.#waiting.shift(); next !== void 0; next = this.#waiting.shift()) if (next.cancelled) this.#cancelled--;
		else {
			this.#calls.delete(next.headers.call, next);
			return next;
		}
	}
	#timeLeft({ timeout }, headers, now) {
		const { timeout: given = timeout, clock, from } = headers;
		return clock === void 0 || from === void 0 ? given : given - this.#env.transitDelay.waited(from, clock, now);
	}
	#expectedWait() {
		return this.waiting === 0 ? 0 : this.#serviceTime.timeFor(this.waiting + 1) * safetyFactor;
	}
	#retryAfter() {
		return Math.max(1, Math.ceil(this.#serviceTime.timeFor(this.waiting) / 2));
	}
	#schedule() {
		if (!this.#working && this.waiting > 0) this.#env.scheduler.ask(this);
	}
	#start(delivery, now) {
		if (delivery.endsAt > now) return this.#running.start(delivery, now);
		this.#refusals.expired(delivery.endpoint, delivery.msg, this.#retryAfter());
		return now;
	}
	#done(now, alone) {
		this.#serviceTime.done(now, this.waiting, alone);
		this.#schedule();
		this.#settleIdle();
	}
	#settleIdle() {
		if (this.waiting > 0 || this.#running.inTime > 0) return;
		this.#idle?.();
		this.#idle = void 0;
	}
};
// packages/muove/dist/serve/endpoint.js
const oneWayTimeout = 3e4;
var Endpoint$1 = class {
	address;
	subject;
	definition;
	handler;
	isCall;
	timeout;
	longest;
	signature;
	figures;
	constructor({ address, subject, definition, figures, handler, longest, signature }) {
		this.address = address;
		this.subject = subject;
		this.definition = definition;
		this.handler = handler;
		this.isCall = definition.kind === "call";
		this.timeout = definition.kind === "call" ? definition.timeout : Number.POSITIVE_INFINITY;
		this.longest = longest ?? (definition.kind === "call" ? definition.timeout : oneWayTimeout);
		this.signature = signature;
		this.figures = figures;
	}
};
// packages/muove/dist/serve/figures.js
var Figures = class {
	received = 0;
	handled = 0;
	time = 0;
	failed = 0;
	failures = {
		rejected: 0,
		overloaded: 0,
		expired: 0,
		overdue: 0,
		crashed: 0,
		replyTooLarge: 0
	};
	#last;
	#crash = "";
	done(time) {
		this.handled++;
		this.time += time;
	}
	failure(reason) {
		this.failures[reason]++;
		this.#last = reason;
	}
	crashed(crash) {
		this.failure("crashed");
		this.#crash = crash;
	}
	get lastFailure() {
		if (this.#last === void 0) return "";
		return this.#last === "crashed" ? `${descriptions.crashed}, see its log for ${this.#crash}` : descriptions[this.#last];
	}
};
const descriptions = {
	rejected: "rejected: a message broke the contract",
	overloaded: "overloaded: the mailbox was full, or could not answer in time",
	expired: "expired: a message arrived after its deadline",
	overdue: "overdue: a handler exceeded its deadline",
	crashed: "crashed: a handler threw",
	replyTooLarge: "reply-too-large: a reply exceeded the server's max_payload"
};
// packages/muove/dist/serve/host.js
const crashBurst = 10;
function hostOf$1(env, clients, owned) {
	return {
		env,
		clients,
		log: new RateLimitedLog(env.log),
		crashes: new RateLimitedLog(env.log, crashBurst),
		owned
	};
}
// packages/muove/dist/serve/receiver.js
var Receiver = class {
	#kind;
	#name;
	#subscriptions;
	#backlog;
	#unlist;
	#stopMeasuring;
	#drained;
	#closed = false;
	constructor(kind, name, subscriptions, backlog, unlist = async () => {}) {
		this.#kind = kind;
		this.#name = name;
		this.#subscriptions = subscriptions;
		this.#backlog = backlog;
		this.#unlist = unlist;
		this.#stopMeasuring = measureDepth(name, backlog);
	}
	get label() {
		return this.#kind === "mailbox" ? `the mailbox ${this.#name}` : `the listener to ${this.#name}`;
	}
	get state() {
		if (this.#closed) return "closed";
		if (this.#drained !== void 0) return "draining";
		if (this.blockedBy.length > 0) return "forbidden";
		return this.#subscriptions.open ? "open" : "pending";
	}
	get blockedBy() {
		return this.#subscriptions.blockedBy;
	}
	get forbidden() {
		return this.#subscriptions.forbidden;
	}
	get work() {
		return this.#backlog;
	}
	drain() {
		this.#drained ??= this.#drain();
		return this.#drained;
	}
	abandon() {
		return this.#backlog.abandon();
	}
	async #drain() {
		this.#backlog.stopTaking();
		await Promise.all([this.#unlist(), this.#subscriptions.drain()]);
		await this.#backlog.idle();
		await this.#subscriptions.drainCancellations();
		this.#stopMeasuring();
		this.#closed = true;
	}
};
// packages/muove/dist/serve/subscriptions.js
var Subscriptions = class {
	#required;
	#optional;
	#cancellations;
	constructor(subscriptions) {
		const { required, optional = [], cancellations = [] } = subscriptions;
		this.#required = required;
		this.#optional = optional;
		this.#cancellations = cancellations;
	}
	get open() {
		return this.#all.every(({ state }) => state !== "pending");
	}
	get blockedBy() {
		return forbiddenOf(this.#required);
	}
	get forbidden() {
		return forbiddenOf(this.#all);
	}
	async drain() {
		await drainAll([...this.#required, ...this.#optional]);
	}
	async drainCancellations() {
		await drainAll(this.#cancellations);
	}
	get #all() {
		return [
			...this.#required,
			...this.#optional,
			...this.#cancellations
		];
	}
};
async function drainAll(subscriptions) {
	await Promise.all(subscriptions.map((subscription) => subscription.drain()));
}
const forbiddenOf = (subscriptions) => subscriptions.filter(({ state }) => state === "forbidden").map(({ subject }) => subject);
// packages/muove/dist/serve/open-listener.js
function openListener(env, clients, event, handler, options) {
	check(event, handler, options);
	const { mailbox, event: name, definition } = event;
	const { group } = options;
	const address = `${mailbox}.${name}`;
	const backlog = new Backlog(hostOf$1(env, clients), capacityOf(options));
	const subject = eventSubject(env.prefix, mailbox, name);
	const figures = new Figures();
	const { longest } = options;
	const endpoint = new Endpoint$1({
		address,
		subject,
		definition,
		figures,
		handler,
		longest
	});
	return {
		event,
		group,
		receiver: new Receiver("listener", address, new Subscriptions({ required: [env.link.subscribe(subject, {
			...group !== void 0 && { queue: group },
			receive: (msg) => backlog.admit(endpoint, msg)
		})] }), backlog)
	};
}
function check(event, handler, options) {
	if (event?.kind !== "event-reference") throw new InvalidOptions("This listener", [`it must listen to the name of one of the bus's own events, such as "connected", or an event of a mailbox, not to ${describe(event)}`]);
	const problems = optionProblems(options, {
		...capacityRules,
		group: (value) => nameProblem$1("(the group's name)", value)
	});
	if (typeof handler !== "function") problems.unshift(`its handler must be a function, not ${describe(handler)}`);
	if (problems.length > 0) throw new InvalidOptions(`The listener to ${event.mailbox}.${event.event}`, problems);
}
// packages/muove/dist/presence/leases.js
const shortest$1 = 100;
const rarest = 6e4;
const longest$3 = 18e5;
var Leases = class {
	#until = new Map();
	take({ interval, lease }, now) {
		this.#forget(now);
		const every = step(interval);
		const until = now + clamp(lease, every, longest$3);
		this.#until.set(every, Math.max(until, this.#until.get(every) ?? 0));
	}
	interval(now) {
		this.#forget(now);
		return this.#until.size === 0 ? void 0 : Math.min(...this.#until.keys());
	}
	#forget(now) {
		for (const [every, until] of this.#until) if (until <= now) this.#until.delete(every);
	}
};
function step(interval) {
	const most = clamp(interval, shortest$1, rarest);
	let every = shortest$1;
	while (every * 2 <= most) every *= 2;
	return every;
}
const clamp = (value, least, most) => value > least ? Math.min(value, most) : least;
// packages/muove/dist/presence/member.js
const name = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const id = /^[A-Za-z0-9_-]{1,64}$/;
const version = /^[0-9A-Za-z.+-]{1,64}$/;
const latest = 864e13;
function readMember(value) {
	const said = value ?? {};
	const { instance, service, tags = {}, since, degraded } = said;
	if (!isInstance(instance) || !isService(service) || tagsProblem(tags) !== void 0) return void 0;
	if (!isText(said.version, version) || !isInstant(since)) return void 0;
	return {
		instance,
		service,
		version: said.version,
		tags,
		since,
		degraded: degraded === true
	};
}
function readCard(value) {
	const member = readMember(value);
	return member && {
		member,
		leaving: value.leaving === true
	};
}
const isInstance = (value) => isText(value, id);
const isService = (value) => isText(value, name);
const isText = (value, form) => typeof value === "string" && form.test(value);
const isInstant = (value) => Number.isSafeInteger(value) && value >= 0 && value <= latest;
// packages/muove/dist/presence/signs.js
const longest$2 = 4096;
const helloOf = (member) => json({
	type: "hello",
	protocol: 1,
	...member
});
const beatOf = ({ instance, degraded }) => json({
	type: "beat",
	instance,
	degraded
});
const goodbyeOf = ({ instance }) => json({
	type: "goodbye",
	instance
});
const cardOf = (member, leaving) => json({
	protocol: 1,
	...member,
	...leaving ? { leaving } : {}
});
const watchOf = ({ interval, lease }) => json({
	interval,
	lease
});
function signerOf(subject) {
	const [service, instance] = subject.split(".").slice(-2);
	return isService(service) && isInstance(instance) ? {
		service,
		instance
	} : void 0;
}
function readSign(message, { service, instance }) {
	const value = read(message) ?? {};
	const { type, degraded } = value;
	if (value.instance !== instance || (value.service ?? service) !== service) return void 0;
	if (type === "beat") return {
		type,
		degraded: degraded === true
	};
	if (type === "goodbye") return { type };
	const member = type === "hello" ? readMember(value) : void 0;
	return member && {
		type: "hello",
		member
	};
}
function readWatch(message) {
	const { interval, lease } = read(message) ?? {};
	if (!Number.isFinite(interval) || !Number.isFinite(lease)) return void 0;
	return {
		interval,
		lease
	};
}
function read(message) {
	const { data } = message;
	if (data.length > longest$2) return void 0;
	try {
		return decode(data).value;
	} catch {
		return;
	}
}
const json = (value) => encode(value, "json");
// packages/muove/dist/presence/presence.js
const farewell = 250;
var Presence = class {
	#core;
	#mailbox;
	#subject;
	#since = Date.now();
	#leases = new Leases();
	#stopGreeting;
	#beat;
	#left = false;
	constructor(core, mailbox) {
		this.#core = core;
		this.#mailbox = mailbox;
		this.#subject = presenceSubject(core.prefix, mailbox.name, core.service, core.instance);
		this.#stopGreeting = core.events.on("connected", () => this.#say(helloOf));
		this.#say(helloOf);
	}
	watched(message) {
		const { reply, origin } = message;
		const { answers } = this.#core;
		if (!answers.mayGoTo(reply)) return;
		if (reply !== "") answers.send(origin, reply, cardOf(this.#member, this.#left), "");
		const pulse = this.#left ? void 0 : readWatch(message);
		if (pulse === void 0) return;
		this.#leases.take(pulse, performance.now());
		this.#schedule();
	}
	async leave() {
		if (this.#left) return;
		const listenedTo = this.#leases.interval(performance.now()) !== void 0;
		this.#say(goodbyeOf);
		this.#left = true;
		this.#stopGreeting();
		clearTimeout(this.#beat?.timer);
		if (listenedTo && this.#core.link.up) await this.#answerDoubts();
	}
	async #answerDoubts() {
		const { link, prefix, instance } = this.#core;
		const questions = instanceSubject(prefix, this.#mailbox.name, instance, watchToken);
		const subscription = link.subscribe(questions, { receive: (message) => this.watched(message) });
		await setTimeout$1(farewell);
		await subscription.drain();
	}
	get #member() {
		const { instance, service, tags, peers } = this.#core;
		const { version } = this.#mailbox;
		return {
			instance,
			service,
			version,
			tags,
			since: this.#since,
			degraded: peers.missing().length > 0
		};
	}
	#say(sign) {
		this.#core.link.publish(this.#subject, sign(this.#member));
	}
	#schedule() {
		const interval = this.#leases.interval(performance.now());
		if (this.#beat !== void 0 && (interval === void 0 || this.#beat.interval <= interval)) return;
		clearTimeout(this.#beat?.timer);
		this.#beat = void 0;
		if (interval === void 0) return;
		const timer = setTimeout(this.#next, interval * (.9 + Math.random() / 10));
		this.#beat = {
			timer,
			interval
		};
	}
	#next = () => {
		this.#beat = void 0;
		if (this.#leases.interval(performance.now()) !== void 0) this.#say(beatOf);
		this.#schedule();
	};
};
// packages/muove/dist/serve/mailbox-subscriptions.js
function mailboxSubscriptions({ link, prefix, instance, tags }, mailbox, messages, routes) {
	const shared = (subject, message) => link.subscribe(subject, {
		queue: "q",
		receive: routes.toAny(message)
	});
	const own = (subject, take) => link.subscribe(subject, { receive: (msg) => take(lastToken(msg.subject), msg) });
	return new Subscriptions({
		required: messages.map((message) => shared(messageSubject(prefix, mailbox, message), message)),
		optional: [
			own(instanceSubject(prefix, mailbox, instance, "*"), (message, msg) => routes.toInstance(message, msg)),
			own(everyoneSubject(prefix, mailbox, "*"), (message, msg) => routes.toEveryone(message, msg)),
			...tagTokens(tags).flatMap((token) => messages.map((message) => shared(tagsSubject(prefix, mailbox, token, message), message)))
		],
		cancellations: [link.subscribe(cancelSubject(prefix, mailbox), { receive: (msg) => routes.cancel(msg) })]
	});
}
const lastToken = (subject) => subject.slice(subject.lastIndexOf(".") + 1);
// packages/muove/dist/serve/open-mailbox.js
var OpenMailbox = class {
	mailbox;
	receiver;
	#host;
	#longest;
	#backlog;
	#presence;
	#handlers;
	#figures;
	#endpoints;
	#signed = new Map();
	constructor(env, clients, mailbox, handlers, capacity) {
		this.mailbox = mailbox;
		this.#host = hostOf$1(env, clients, mailbox);
		this.#longest = capacity.longest;
		this.#backlog = new Backlog(this.#host, capacity);
		this.#handlers = handlers;
		this.#figures = new Map([...handlers.keys()].map((message) => [message, new Figures()]));
		this.#endpoints = new Map([...handlers].map(([message, handler]) => [message, this.#endpoint(message, handler)]));
		const subscriptions = mailboxSubscriptions(env, mailbox.name, [...handlers.keys()], {
			toAny: (message) => this.#receiverOf(message),
			toInstance: (message, msg) => this.#toInstance(message, msg),
			toEveryone: (message, msg) => this.#toEveryone(message, msg),
			cancel: (msg) => this.#cancel(msg)
		});
		this.#presence = new Presence(env, mailbox);
		const unlist = env.discovery.list({
			mailbox,
			figures: this.#figures
		});
		this.receiver = new Receiver("mailbox", mailbox.name, subscriptions, this.#backlog, async () => {
			await Promise.all([this.#presence.leave(), unlist()]);
		});
	}
	#receiverOf(message) {
		const endpoint = this.#endpoints.get(message);
		if (endpoint === void 0) throw new Error(`${this.mailbox.name} has no message ${message}`);
		const backlog = this.#backlog;
		return (msg) => backlog.admit(endpoint, msg);
	}
	#toInstance(message, msg) {
		if (message === "_cancel") return this.#cancel(msg);
		if (message === "_watch") return this.#presence.watched(msg);
		const endpoint = this.#endpoints.get(message);
		if (endpoint !== void 0) this.#backlog.admit(endpoint, msg);
		else this.#refuse(message, msg, void 0);
	}
	#toEveryone(message, msg) {
		if (message === "_watch") return this.#presence.watched(msg);
		const endpoint = this.#signedEndpoint(message);
		if (endpoint !== void 0) this.#backlog.admit(endpoint, msg);
		else this.#refuse(message, msg, this.#host.env.from);
	}
	#refuse(message, msg, signature) {
		this.#backlog.refuseUnknown(this.mailbox.name, message, msg, signature);
	}
	#cancel(msg) {
		const call = readCancellation(msg);
		if (call !== void 0) this.#backlog.cancel(call);
	}
	#signedEndpoint(message) {
		const known = this.#signed.get(message);
		const handler = this.#handlers.get(message);
		if (known !== void 0 || handler === void 0) return known;
		const endpoint = this.#endpoint(message, handler, this.#host.env.from);
		this.#signed.set(message, endpoint);
		return endpoint;
	}
	#endpoint(message, handler, signature) {
		const { name, messages } = this.mailbox;
		const [definition, figures] = [messages[message], this.#figures.get(message)];
		if (definition === void 0 || figures === void 0) throw new Error(`${name} has no message ${message}`);
		const subject = messageSubject(this.#host.env.prefix, name, message);
		const [address, longest] = [`${name}.${message}`, this.#longest];
		return new Endpoint$1({
			address,
			subject,
			definition,
			figures,
			handler,
			longest,
			signature
		});
	}
};
// packages/muove/dist/bus/close.js
const castsTimeout = 1e3;
async function closeBus({ core, casts, watches }, receivers, timeout) {
	core.log.info("draining");
	if (await timeLimited(Promise.all(receivers.map((receiver) => receiver.drain())), timeout) === late) {
		const lost = receivers.reduce((sum, receiver) => sum + receiver.abandon(), 0);
		const running = receivers.map(({ label, work }) => ({
			of: label,
			running: work.running
		}));
		core.log.warn({
			timeout,
			running,
			lost
		}, "closing before all handlers have finished");
	}
	await timeLimited(casts.close(), castsTimeout);
	watches.close();
	await core.link.close();
	core.log.info("closed");
	core.events.emit("closed", {});
}
// packages/muove/dist/bus/health.js
function healthOf(core, receivers, closing) {
	const stuck = receivers.filter(({ work }) => work.stuck).map(stuckProblem);
	const forbidden = receivers.flatMap((receiver) => receiver.blockedBy.map((subject) => forbiddenProblem(receiver, subject)));
	const inbox = core.inbox.forbidden ? [inboxProblem] : [];
	const unready = [
		...closing ? ["it is closing"] : [],
		...forbidden,
		...inbox
	];
	const missing = [...missingNats(core), ...core.peers.missing()];
	return {
		live: stuck.length === 0,
		ready: unready.length === 0,
		degraded: missing.length > 0,
		problems: [...stuck, ...unready],
		missing
	};
}
const inboxProblem = "it cannot make calls: NATS permissions refuse its inbox, the subjects that begin with _INBOX_muove and its name";
const stuckProblem = ({ label }) => `${label} is stuck: as many handlers as it has slots exceeded their time and are still running`;
const forbiddenProblem = ({ label }, subject) => `${label} cannot open: NATS permissions refuse ${subject}`;
function missingNats({ link }) {
	const { state, since } = link.status;
	return state === "up" ? [] : [{
		address: "nats",
		reason: "unreachable",
		since
	}];
}
// packages/muove/dist/bus/status.js
function connectionStatus({ lastError, ...status }) {
	return lastError === void 0 ? status : {
		...status,
		lastError: {
			name: lastError.name,
			message: lastError.message
		}
	};
}
function mailboxStatus({ mailbox: { name, version }, receiver }) {
	return {
		name,
		version,
		...receiverStatus(receiver)
	};
}
function listenerStatus({ event: { mailbox, event }, group, receiver }) {
	return {
		mailbox,
		event,
		...group !== void 0 && { group },
		...receiverStatus(receiver)
	};
}
function receiverStatus({ state, forbidden, work: { waiting, running } }) {
	return {
		state,
		forbidden,
		waiting,
		running
	};
}
// packages/muove/dist/bus/bus.js
var Bus = class {
	#parts;
	#core;
	#mailboxes = new Map();
	#listeners = new Set();
	#closing;
	constructor(parts) {
		this.#parts = parts;
		this.#core = parts.core;
	}
	serve(mailbox, handlers, options = {}) {
		const served = usable(mailbox);
		const checked = checkedHandlers(served, handlers);
		const problems = optionProblems(options, capacityRules);
		const problem = this.#serveProblem(served);
		if (problem !== void 0) problems.push(problem);
		if (problems.length > 0) throw new InvalidOptions(`The mailbox ${served.name}`, problems);
		const { clients } = this.#parts;
		this.#mailboxes.set(served.name, new OpenMailbox(this.#core, clients, served, checked, capacityOf(options)));
		return Object.freeze({ publish: clients.publisher(served, Scope.open) });
	}
	to(target, to) {
		return address(this.#parts.clients, Scope.open, target, to);
	}
	toAll(mailbox) {
		return everyone(this.#parts.clients, Scope.open, mailbox);
	}
	within(options) {
		const problems = optionProblems(options, {
			timeout: rules$1.duration,
			signal: signalRule
		});
		if (problems.length > 0) throw new InvalidOptions("The options of within()", problems);
		return new Within(this.#parts.clients, Scope.open.within(options.timeout, options.signal));
	}
	monitor(mailbox) {
		const problems = this.#monitorProblems(mailbox);
		if (problems.length > 0) throw new InvalidOptions("This monitor", problems);
		return new Monitor(this.#parts.watches.of(usable(mailbox).name), this.#core.log);
	}
	on(what, listener, options = {}) {
		if (typeof what === "string") return this.#core.events.on(what, listener);
		return this.#listen(what, listener, options);
	}
	get health() {
		return healthOf(this.#core, this.#receivers, this.#closing !== void 0);
	}
	get log() {
		return this.#core.log;
	}
	get status() {
		const { service, instance, tags, link, inbox, counts } = this.#core;
		return {
			service,
			instance,
			tags,
			connection: connectionStatus(link.status),
			mailboxes: [...this.#mailboxes.values()].map(mailboxStatus),
			listeners: [...this.#listeners].map(listenerStatus),
			pending: inbox.size,
			counts: {
				...counts,
				strayReplies: inbox.strays
			}
		};
	}
	close(options = {}) {
		const problems = optionProblems(options, { timeout: rules$1.milliseconds });
		if (problems.length > 0) throw new InvalidOptions("The options of close()", problems);
		this.#closing ??= closeBus(this.#parts, this.#receivers, options.timeout ?? 1e4);
		return this.#closing;
	}
	async [Symbol.asyncDispose]() {
		await this.close();
	}
	get #receivers() {
		return [...this.#mailboxes.values(), ...this.#listeners].map(({ receiver }) => receiver);
	}
	#listen(event, handler, options) {
		if (this.#closing !== void 0) throw new InvalidOptions("This listener", ["cannot start: this bus is closing"]);
		const known = event?.kind === "event-reference" ? usableEvent(event) : event;
		const listener = openListener(this.#core, this.#parts.clients, known, handler, options);
		this.#listeners.add(listener);
		return async () => {
			await listener.receiver.drain();
			this.#listeners.delete(listener);
		};
	}
	#monitorProblems(mailbox) {
		if (this.#closing !== void 0) return ["cannot start: this bus is closing"];
		return isMailbox(mailbox) ? [] : [`it must have a mailbox(), not ${describe(mailbox)}`];
	}
	#serveProblem({ name }) {
		if (this.#closing !== void 0) return "cannot be served: this bus is closing";
		if (!this.#mailboxes.has(name)) return void 0;
		return `is already served by this bus: pass all handlers of ${describe(name)} to one serve()`;
	}
};
// packages/muove/dist/base/fair-scheduler.js
const slice = 5;
var FairScheduler = class {
	#waiting = new Set();
	#scheduled = false;
	ask(worker) {
		this.#waiting.add(worker);
		this.#schedule();
	}
	#schedule() {
		if (this.#scheduled || this.#waiting.size === 0) return;
		this.#scheduled = true;
		setImmediate(this.#run);
	}
	#run = () => {
		this.#scheduled = false;
		try {
			this.#giveTurns(performance.now() + slice);
		} finally {
			this.#schedule();
		}
	};
	#giveTurns(until) {
		for (const worker of this.#waiting) {
			this.#waiting.delete(worker);
			let more = true;
			try {
				more = worker.work(until);
			} finally {
				if (more) this.#waiting.add(worker);
			}
			if (performance.now() >= until) return;
		}
	}
};
// packages/muove/dist/call/retry-budget.js
var RetryBudget = class {
	#max = 10;
	#left = this.#max;
	earn() {
		this.#left = Math.min(this.#max, this.#left + .1);
	}
	spend() {
		if (this.#left < 1) return false;
		this.#left -= 1;
		return true;
	}
};
// packages/muove/dist/cast/cast-buffer.js
const reconnectGrace = 5e3;
const retryPause = 100;
var CastBuffer = class {
	#postbox;
	#room;
	#waiting = new Map();
	#probing = new Set();
	#sending = new Map();
	#graceEndsAt = Number.NEGATIVE_INFINITY;
	#closed = false;
	constructor(postbox, room) {
		this.#postbox = postbox;
		this.#room = room;
	}
	holds(line) {
		return this.#sending.has(line);
	}
	add(letter, bufferFor) {
		if (this.#closed || !this.#room.enter()) return false;
		const timer = setTimeout(() => this.#overdue(letter), bufferFor);
		this.#waiting.set(letter, {
			endsAt: performance.now() + bufferFor,
			timer
		});
		return true;
	}
	flush() {
		this.#graceEndsAt = performance.now() + reconnectGrace;
		for (const letter of this.#waiting.keys()) if (this.#postbox.fits(letter)) this.#send(letter.target.line);
		else this.#end(letter, "unreachable", "no");
	}
	async close() {
		this.#closed = true;
		for (const letter of this.#waiting.keys()) this.#overdue(letter);
		await Promise.all(this.#sending.values());
	}
	#send(line) {
		if (!this.#sending.has(line)) this.#sending.set(line, this.#sendAll(line));
	}
	async #sendAll(line) {
		for (let first = this.#firstOf(line); first !== void 0; first = this.#firstOf(line)) {
			if (!this.#postbox.fits(first)) {
				this.#end(first, "unreachable", "no");
				continue;
			}
			const result = await this.#probe(first);
			if (result === "unsent") break;
			if (result === "absent" && this.#mayWait(first)) await setTimeout$1(retryPause);
			else {
				this.#postbox.sent(first);
				this.#end(first, result);
				this.#follow(line);
			}
		}
		this.#sending.delete(line);
	}
	async #probe(letter) {
		this.#probing.add(letter);
		const result = await this.#postbox.probe(letter);
		this.#probing.delete(letter);
		return result;
	}
	#follow(line) {
		for (const letter of this.#waiting.keys()) {
			if (letter.target.line !== line) continue;
			if (!this.#postbox.fits(letter)) this.#end(letter, "unreachable", "no");
			else if (this.#postbox.post(letter)) this.#remove(letter);
			else return;
		}
	}
	#mayWait(letter) {
		const { endsAt = 0 } = this.#waiting.get(letter) ?? {};
		const now = performance.now();
		return !this.#closed && now < this.#graceEndsAt && now < endsAt;
	}
	#firstOf(line) {
		for (const letter of this.#waiting.keys()) if (letter.target.line === line) return letter;
	}
	#overdue(letter) {
		if (!this.#probing.has(letter)) this.#end(letter, "unreachable", "no");
	}
	#end(letter, result, delivered = deliveredBy(result)) {
		this.#remove(letter);
		if (result !== "accepted") this.#postbox.giveUp(letter, result, delivered);
	}
	#remove(letter) {
		clearTimeout(this.#waiting.get(letter)?.timer);
		if (this.#waiting.delete(letter)) this.#room.leave();
	}
};
const deliveredBy = (result) => result === "unreachable" ? "maybe" : "no";
// packages/muove/dist/cast/receipt.js
const sent = Object.freeze({ status: "sent" });
const buffered = Object.freeze({ status: "buffered" });
const unsent = Object.freeze({
	status: "unsent",
	reason: "unreachable",
	delivered: "no"
});
// packages/muove/dist/cast/keyed-casts.js
const lookupTimeout = 5e3;
var KeyedCasts = class {
	#link;
	#postbox;
	#room;
	#waiting = new Map();
	constructor(link, postbox, room) {
		this.#link = link;
		this.#postbox = postbox;
		this.#room = room;
	}
	send(letter, whenUnreachable) {
		const buffers = typeof whenUnreachable === "object";
		const connected = this.#link.up;
		if (connected && letter.route.known && !this.#holds(letter.target.line)) return this.#post(letter) ? sent : unsent;
		const timeout = buffers ? whenUnreachable.bufferFor : lookupTimeout;
		if ((connected || buffers) && this.#wait(letter, timeout)) return buffered;
		if (whenUnreachable === "drop") this.#postbox.dropped(letter.target);
		else this.#postbox.giveUp(letter, "unreachable", "no");
		return unsent;
	}
	close() {
		for (const letter of [...this.#waiting.keys()]) this.#overdue(letter);
	}
	#holds(line) {
		for (const { target } of this.#waiting.keys()) if (target.line === line) return true;
		return false;
	}
	#post(letter) {
		const { route } = letter;
		if (!this.#postbox.fits(letter)) return this.#giveUp(letter, "unreachable");
		if (route.forbidden) return this.#giveUp(letter, "forbidden");
		const target = route.next();
		if (target === void 0) return this.#giveUp(letter, "absent");
		const elsewhere = () => {
			route.refused("absent");
			this.#post(letter);
		};
		return this.#postbox.post({
			...letter,
			target,
			elsewhere
		}) || this.#giveUp(letter, "unreachable");
	}
	#giveUp(letter, reason) {
		this.#postbox.giveUp(letter, reason, "no");
		return false;
	}
	#wait(letter, timeout) {
		if (!this.#room.enter()) return false;
		const waiting = {
			timer: setTimeout(() => this.#overdue(letter), timeout),
			stop: () => {}
		};
		this.#waiting.set(letter, waiting);
		waiting.stop = letter.route.whenKnown(() => queueMicrotask(() => this.#look(letter)));
		return true;
	}
	#look(letter) {
		const waiting = this.#waiting.get(letter);
		if (waiting === void 0) return;
		if (letter.route.forbidden || this.#link.up && letter.route.known) {
			this.#forget(letter);
			this.#post(letter);
		} else this.#waiting.set(letter, {
			...waiting,
			stop: letter.route.whenKnown(() => this.#look(letter))
		});
	}
	#overdue(letter) {
		this.#forget(letter);
		this.#giveUp(letter, "unreachable");
	}
	#forget(letter) {
		const waiting = this.#waiting.get(letter);
		clearTimeout(waiting?.timer);
		waiting?.stop();
		if (this.#waiting.delete(letter)) this.#room.leave();
	}
};
// packages/muove/dist/cast/batch.js
var Batch = class {
	#tokens = [];
	#nonces = [];
	#casts = [];
	#size = 0;
	get size() {
		return this.#size;
	}
	add(nonce, token, cast) {
		this.#nonces.push(nonce);
		this.#tokens.push(token);
		this.#casts.push(cast);
		this.#size++;
	}
	take(token) {
		const at = this.#find(token);
		return at === -1 ? void 0 : this.#takeAt(at);
	}
	nonceOf(token) {
		return this.#nonces[this.#find(token)];
	}
	*takeAll() {
		for (let at = 0; at < this.#casts.length; at++) {
			const cast = this.#takeAt(at);
			if (cast !== void 0) yield cast;
		}
	}
	tokensTo(subject) {
		return this.#tokens.filter((_, at) => this.#casts[at]?.target.subject === subject);
	}
	#takeAt(at) {
		const cast = this.#casts[at];
		if (cast === void 0) return void 0;
		this.#casts[at] = void 0;
		this.#size--;
		return cast;
	}
	#find(token) {
		let [from, to] = [0, this.#tokens.length];
		while (from < to) {
			const middle = from + to >> 1;
			if (this.#tokens[middle] < token) from = middle + 1;
			else to = middle;
		}
		return this.#tokens[from] === token && this.#casts[from] !== void 0 ? from : -1;
	}
};
// packages/muove/dist/cast/cast-watch.js
var CastWatch = class {
	#link;
	#inbox;
	#giveUp;
	#pinged = new Batch();
	#recent = new Batch();
	#running;
	constructor(link, inbox, giveUp) {
		this.#link = link;
		this.#inbox = inbox;
		this.#giveUp = giveUp;
	}
	get size() {
		return this.#pinged.size + this.#recent.size;
	}
	watch(nonce, token, cast) {
		this.#recent.add(nonce, token, cast);
		this.#running ??= this.#run();
	}
	async idle() {
		await this.#running;
	}
	nonceOf(token) {
		return this.#pinged.nonceOf(token) ?? this.#recent.nonceOf(token);
	}
	received(token, message) {
		if (isNoResponders(message)) this.#fail(token, "absent");
	}
	lost() {
		const batches = [this.#pinged, this.#recent];
		this.#pinged = new Batch();
		this.#recent = new Batch();
		for (const batch of batches) this.#lose(batch);
	}
	tokensTo(subject) {
		return [...this.#pinged.tokensTo(subject), ...this.#recent.tokensTo(subject)];
	}
	forbidden(token) {
		this.#fail(token, "forbidden");
	}
	#lose(batch) {
		for (const cast of batch.takeAll()) this.#giveUp(cast, "unreachable", "maybe");
	}
	#fail(token, reason) {
		const cast = this.#pinged.take(token) ?? this.#recent.take(token);
		if (cast !== void 0) this.#giveUp(cast, reason, "no");
	}
	async #run() {
		do {
			await setImmediate$1();
			this.#pinged = this.#recent;
			this.#recent = new Batch();
			if (await this.#link.fence()) await this.#inbox.refusalsSettled;
			else this.#lose(this.#pinged);
			this.#pinged = new Batch();
		} while (this.#recent.size > 0);
		this.#running = void 0;
	}
};
// packages/muove/dist/cast/dead-letters.js
var DeadLetters = class {
	#counts;
	#events;
	#log;
	constructor(counts, events, log) {
		this.#counts = counts;
		this.#events = events;
		this.#log = new RateLimitedLog(log);
	}
	add({ target, input, headers }, reason, delivered) {
		const { mailbox, message, address, definition } = target;
		const { kind } = definition;
		this.#counts.deadLetters++;
		tellDeadLetter(`${mailbox}.${message}`, reason);
		const letter = {
			kind,
			mailbox,
			message,
			address,
			input,
			reason,
			delivered
		};
		if (this.#events.heard("deadLetter")) this.#events.emit("deadLetter", letter);
		this.#log.warn(`${mailbox}.${message} ${reason}`, () => ({
			message: address,
			reason,
			delivered,
			...traceIds(passedOn(headers))
		}), `${kind === "cast" ? "a cast" : "an event"} reached nobody`);
	}
};
// packages/muove/dist/cast/probe.js
var Probe = class {
	nonce = nonce();
	subject;
	result = "accepted";
	constructor(subject) {
		this.subject = subject;
	}
	received(message) {
		if (isNoResponders(message)) this.result = "absent";
	}
	lost() {
		if (this.result === "accepted") this.result = "unreachable";
	}
	forbidden() {
		this.result = "forbidden";
	}
};
async function sendProbe(core, { target, payload, headers }) {
	const probe = new Probe(target.subject);
	const token = core.inbox.open(probe);
	try {
		const reply = core.inbox.subject(probe.nonce, token);
		if (!core.link.publish(target.subject, payload, {
			reply,
			headers
		})) return "unsent";
		if (!await core.link.fence()) probe.lost();
		await core.inbox.refusalsSettled;
		return probe.result;
	} finally {
		core.inbox.close(token);
	}
}
// packages/muove/dist/cast/postbox.js
var Postbox = class {
	#core;
	#watch;
	#deadLetters;
	constructor(core) {
		this.#core = core;
		this.#watch = new CastWatch(core.link, core.inbox, this.giveUp);
		core.inbox.keep(this.#watch);
		this.#deadLetters = new DeadLetters(core.counts, core.events, core.log);
	}
	post(letter) {
		const { link, inbox } = this.#core;
		const { target, input, payload, headers, elsewhere } = letter;
		const [random, token] = [nonce(), inbox.reserve()];
		if (!link.publish(target.subject, payload, {
			reply: inbox.subject(random, token),
			headers
		})) return false;
		this.sent(letter);
		this.#watch.watch(random, token, {
			target,
			input,
			headers,
			elsewhere
		});
		return true;
	}
	fits({ target, payload, headers }) {
		const { link, log } = this.#core;
		const [size, limit] = [payload.length + headers.length, link.maxPayload];
		if (size > limit) {
			const fields = {
				message: target.address,
				size,
				limit,
				...traceIds(passedOn(headers))
			};
			log.error(fields, "a buffered cast exceeds the server's max_payload");
		}
		return size <= limit;
	}
	sent({ target }) {
		this.#core.counts[target.definition.kind === "cast" ? "casts" : "events"]++;
	}
	dropped({ definition }) {
		this.#core.counts[definition.kind === "cast" ? "droppedCasts" : "droppedEvents"]++;
	}
	probe(letter) {
		return sendProbe(this.#core, letter);
	}
	giveUp = (cast, reason, delivered) => {
		if (reason === "absent" && cast.elsewhere !== void 0) return cast.elsewhere();
		if (reason === "absent" && cast.target.definition.kind === "event") return;
		this.#deadLetters.add(cast, reason, delivered);
	};
	idle() {
		return this.#watch.idle();
	}
};
// packages/muove/dist/cast/waiting-room.js
var WaitingRoom = class {
	#limit;
	#size = 0;
	constructor(limit) {
		this.#limit = limit;
	}
	enter() {
		if (this.#size >= this.#limit) return false;
		this.#size++;
		return true;
	}
	leave() {
		this.#size--;
	}
};
// packages/muove/dist/cast/casts.js
var Casts = class {
	#core;
	#headers;
	#postbox;
	#buffer;
	#keyed;
	constructor(core, limit) {
		this.#core = core;
		this.#headers = requestHeaders({ from: core.from });
		this.#postbox = new Postbox(core);
		const room = new WaitingRoom(limit);
		this.#buffer = new CastBuffer(this.#postbox, room);
		this.#keyed = new KeyedCasts(core.link, this.#postbox, room);
	}
	send(target, scope, input, options) {
		const { whenUnreachable = target.definition.whenUnreachable } = checked(options, target);
		const letter = this.#write(target, scope, input);
		const receipt = this.#post(letter, whenUnreachable);
		letter.operation?.left(receipt);
		return receipt;
	}
	#post(letter, whenUnreachable) {
		const { target } = letter;
		if (this.#buffer.holds(target.line) && this.#wait(letter, whenUnreachable)) return buffered;
		if (this.#postbox.post(letter)) return sent;
		if (this.#wait(letter, whenUnreachable)) return buffered;
		if (whenUnreachable === "drop") this.#postbox.dropped(target);
		else this.#postbox.giveUp(letter, "unreachable", "no");
		return unsent;
	}
	sendKeyed(target, route, scope, input, options) {
		const { whenUnreachable = target.definition.whenUnreachable } = checked(options, target);
		const letter = this.#write(target, scope, input);
		const receipt = this.#keyed.send({
			...letter,
			route
		}, whenUnreachable);
		letter.operation?.left(receipt);
		return receipt;
	}
	connected() {
		this.#buffer.flush();
	}
	async close() {
		this.#keyed.close();
		await Promise.all([this.#buffer.close(), this.#postbox.idle()]);
	}
	#wait(letter, whenUnreachable) {
		return typeof whenUnreachable === "object" && this.#buffer.add(letter, whenUnreachable.bufferFor);
	}
	#write(target, { trace }, input) {
		const { from, encoding, link } = this.#core;
		const payload = payloadOf(target, input, encoding);
		const operation = OutgoingOperation.message(target, this.#core, trace);
		const lines = (operation?.trace ?? trace)?.lines;
		const headers = lines ? requestHeaders({
			from,
			trace: lines
		}) : this.#headers;
		checkSize(target, payload, headers, link.maxPayload);
		return {
			target,
			input,
			payload,
			headers,
			operation,
			elsewhere: void 0
		};
	}
};
function checked(options, { address, definition }) {
	if (options === void 0) return {};
	const problems = optionProblems(options, { whenUnreachable: whenUnreachableProblem });
	if (problems.length > 0) throw new InvalidOptions(`The options of the ${definition.kind} ${address}`, problems);
	return options;
}
// packages/muove/dist/discovery/metadata.js
const maxNamed = 10;
function serviceMetadata({ service, prefix, tags }, missing) {
	return {
		"muove.service": service,
		"muove.protocol": String(1),
		...prefix === void 0 ? {} : { "muove.prefix": prefix },
		...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`muove.tag.${name}`, value])),
		"muove.degraded": String(missing.length > 0),
		...missing.length === 0 ? {} : { "muove.missing": summaryOf$1(missing) }
	};
}
function messageMetadata(message) {
	return message.kind === "call" ? callMetadata(message) : { "muove.kind": message.kind };
}
function callMetadata({ timeout, idempotent, errors }) {
	const codes = Object.keys(errors);
	return {
		"muove.kind": "call",
		"muove.timeout": String(timeout),
		"muove.idempotent": String(idempotent),
		...codes.length === 0 ? {} : { "muove.errors": codes.join(",") }
	};
}
function schemaMetadata(message) {
	const input = schemaEntry("muove.input", message.input, "input");
	if (message.kind !== "call") return input;
	const errors = Object.entries(message.errors).map(([code, data]) => schemaEntry(`muove.error.${code}`, data, "output"));
	return Object.assign(input, schemaEntry("muove.output", message.output, "output"), ...errors);
}
function eventMetadata({ events }, schemas) {
	const names = Object.keys(events);
	if (names.length === 0) return {};
	const described = Object.values(events).map(({ event, definition: { input } }) => schemaEntry(`muove.event.${event}`, input, "input"));
	return Object.assign({ "muove.events": names.join(",") }, ...schemas ? described : []);
}
function schemaEntry(name, schema, side) {
	const text = schema === void 0 ? "void" : jsonSchemaText(schema, side);
	return text === void 0 ? {} : { [name]: text };
}
function summaryOf$1(missing) {
	const named = missing.slice(0, maxNamed).map(({ address, reason, since }) => {
		return `${address} ${reason} since ${new Date(since).toISOString()}`;
	});
	const others = missing.length - named.length;
	return [...named, ...others > 0 ? [`and ${others} more`] : []].join("; ");
}
// packages/muove/dist/discovery/listed-service.js
var ListedService = class {
	#bus;
	#mailbox;
	#endpoints;
	#started = new Date().toISOString();
	constructor(identity, { mailbox, figures }) {
		this.#bus = identity;
		this.#mailbox = mailbox;
		this.#endpoints = [...figures].flatMap(([name, ofMessage]) => {
			const definition = mailbox.messages[name];
			const subject = messageSubject(identity.prefix, mailbox.name, name);
			return definition === void 0 ? [] : [new Endpoint(name, subject, definition, ofMessage)];
		});
	}
	ping() {
		return {
			type: "io.nats.micro.v1.ping_response",
			...this.#identity()
		};
	}
	info(schemas) {
		return {
			type: "io.nats.micro.v1.info_response",
			...this.#identity({
				...eventMetadata(this.#mailbox, schemas === true),
				...schemas === true ? {} : { "muove.schemas": schemas.instead }
			}),
			description: `the mailbox ${this.#mailbox.name}, served by ${this.#bus.service}`,
			endpoints: this.#endpoints.map((endpoint) => endpoint.info(schemas === true))
		};
	}
	stats() {
		return {
			type: "io.nats.micro.v1.stats_response",
			...this.#identity(),
			started: this.#started,
			endpoints: this.#endpoints.map((endpoint) => endpoint.stats())
		};
	}
	#identity(more = {}) {
		const { name, version } = this.#mailbox;
		const metadata = {
			...serviceMetadata(this.#bus, this.#bus.missing()),
			...more
		};
		return {
			name,
			id: this.#bus.instance,
			version,
			metadata
		};
	}
};
var Endpoint = class {
	#name;
	#subject;
	#definition;
	#figures;
	#schemas;
	constructor(name, subject, definition, figures) {
		this.#name = name;
		this.#subject = subject;
		this.#definition = definition;
		this.#figures = figures;
	}
	info(schemas) {
		if (schemas) this.#schemas ??= schemaMetadata(this.#definition);
		const metadata = {
			...messageMetadata(this.#definition),
			...schemas ? this.#schemas : {}
		};
		return {
			...this.#identity(),
			metadata
		};
	}
	stats() {
		const { received, handled, time, failed, failures, lastFailure } = this.#figures;
		return {
			...this.#identity(),
			num_requests: received,
			num_errors: Object.values(failures).reduce((sum, count) => sum + count),
			last_error: lastFailure,
			processing_time: nanoseconds(time),
			average_processing_time: received === 0 ? 0 : Math.trunc(nanoseconds(time) / received),
			data: {
				handled,
				failed,
				...failures
			}
		};
	}
	#identity() {
		return {
			name: this.#name,
			subject: this.#subject,
			queue_group: "q"
		};
	}
};
const nanoseconds = (milliseconds) => Math.round(milliseconds * 1e6);
// packages/muove/dist/discovery/discovery.js
const maxRequests = 64;
var Discovery = class {
	#link;
	#answers;
	#log;
	#scheduler;
	#identity;
	#services = new Map();
	#requests = new Set();
	#own = [];
	#refused = false;
	constructor(link, answers, log, scheduler, identity) {
		this.#link = link;
		this.#answers = answers;
		this.#log = log;
		this.#scheduler = scheduler;
		this.#identity = identity;
	}
	list(listed) {
		const { name } = listed.mailbox;
		if (this.#services.size === 0) this.#own = serviceApiSubjects.map((subject) => this.#subscribe(subject, () => this.#services.values()));
		this.#services.set(name, new ListedService(this.#identity, listed));
		const subscriptions = [serviceApiSubject(name), serviceApiSubject(name, this.#identity.instance)].map((subject) => this.#subscribe(subject, () => this.#named(name)));
		return async () => {
			this.#services.delete(name);
			const last = this.#services.size === 0 ? this.#own : [];
			await Promise.all([...subscriptions, ...last].map((each) => each.drain()));
		};
	}
	refused() {
		if (this.#refused) return;
		this.#refused = true;
		this.#log.info("NATS permissions refuse $SRV subjects: tools of the NATS service API do not see all of this service");
	}
	*#named(name) {
		const service = this.#services.get(name);
		if (service !== void 0) yield service;
	}
	#subscribe(subject, services) {
		return this.#link.subscribe(subject, { receive: ({ subject, reply, origin }) => {
			if (reply === "" || !this.#answers.mayGoTo(reply)) return;
			const [, verb = ""] = subject.split(".");
			this.#ask({
				verb,
				reply,
				origin,
				services: services()
			});
		} });
	}
	#ask(request) {
		if (this.#requests.size >= maxRequests) return;
		this.#requests.add(request);
		this.#scheduler.ask(this);
	}
	work(until) {
		for (const request of this.#requests) {
			while (this.#answerNext(request)) if (performance.now() >= until) return true;
			this.#requests.delete(request);
		}
		return false;
	}
	#answerNext(request) {
		const { value: service, done } = request.services.next();
		if (done) return false;
		if (request.verb === "PING") this.#reply(request, service.ping());
		if (request.verb === "STATS") this.#reply(request, service.stats());
		if (request.verb === "INFO") this.#replyInfo(request, service);
		return true;
	}
	#replyInfo(request, service) {
		const whole = encoded(service.info(true));
		const limit = this.#answers.maxPayload;
		if (whole.length <= limit) return this.#send(request, whole);
		const instead = `left out: with them this answer has ${whole.length} bytes, and the NATS server allows ${limit}`;
		this.#reply(request, service.info({ instead }));
	}
	#reply(request, answer) {
		this.#send(request, encoded(answer));
	}
	#send({ origin, reply }, payload) {
		const limit = this.#answers.maxPayload;
		if (payload.length <= limit) return this.#answers.send(origin, reply, payload, "");
		const text = `answered with ${payload.length} bytes and the NATS server allows ${limit}`;
		this.#answers.send(origin, reply, nothing, statusHeaders("reply-too-large", text));
	}
};
const encoded = (answer) => Buffer.from(JSON.stringify(answer));
// packages/muove/dist/inbox/publish-refusals.js
const saidWithin = 1e4;
const mostUnanswered = 1024;
var PublishRefusals = class {
	#link;
	#open;
	#ledger;
	#refusals = new Map();
	#unanswered = [];
	#settledBelow = 0;
	#forgottenBelow = 0;
	#settled;
	constructor(link, open, ledger) {
		this.#link = link;
		this.#open = open;
		this.#ledger = ledger;
	}
	get settled() {
		return this.#settled;
	}
	add(subject) {
		this.#refusals.set(subject, (this.#refusals.get(subject) ?? 0) + 1);
		if (this.#settled === void 0) this.#check();
	}
	unanswered(subject, token) {
		const now = performance.now();
		if (this.#unanswered.length >= mostUnanswered) this.#forgetOld(now);
		this.#unanswered.push({
			subject,
			token,
			at: now
		});
	}
	lost() {
		this.#refusals.clear();
		this.#unanswered = [];
		this.#settledBelow = this.#open.next;
	}
	#check() {
		let [askedAt, ended] = [0, false];
		const settled = new Promise((resolve) => {
			this.#link.check({
				asked: () => {
					askedAt = this.#open.next;
				},
				ended: (answered) => {
					ended = true;
					this.#settled = void 0;
					if (answered) this.#settle(askedAt);
					resolve();
				}
			});
		});
		if (!ended) this.#settled = settled;
	}
	#settle(askedAt) {
		const refused = [...this.#refusals].map(([subject, count]) => this.#certain(subject, count, askedAt));
		this.#refusals.clear();
		this.#settledBelow = askedAt;
		this.#unanswered = this.#unanswered.filter(({ token }) => token >= askedAt);
		for (const tokens of refused) for (const token of tokens) this.#tell(token);
	}
	#certain(subject, count, askedAt) {
		const unsettled = (token) => token >= this.#settledBelow && token < askedAt;
		const waiting = this.#open.entries().filter(([, awaiting]) => awaiting.subject === subject);
		const sent = (this.#ledger()?.tokensTo(subject) ?? []).filter(unsettled);
		const meant = [...waiting.map(([token]) => token).filter(unsettled), ...sent];
		const gone = this.#unanswered.filter((each) => each.subject === subject && unsettled(each.token));
		return this.#forgottenBelow <= this.#settledBelow && gone.length + meant.length === count ? meant : [];
	}
	#tell(token) {
		const awaiting = this.#open.get(token);
		if (awaiting === void 0) this.#ledger()?.forbidden(token);
		else awaiting.forbidden();
	}
	#forgetOld(now) {
		this.#unanswered = this.#unanswered.filter(({ at }) => now - at < saidWithin);
		if (this.#unanswered.length < mostUnanswered) return;
		this.#forgottenBelow = this.#open.next;
		this.#unanswered = [];
	}
};
// packages/muove/dist/inbox/slot-table.js
const least = 256;
const mostKept = 4096;
var SlotTable = class {
	#things = places(least);
	#tokens = new Array(least).fill(-1);
	#mask = 255;
	#size = 0;
	#next = 0;
	get size() {
		return this.#size;
	}
	add(thing) {
		while (this.#things[this.#next & this.#mask] !== void 0) this.#next++;
		const token = this.#next++;
		this.#put(token, thing);
		if (++this.#size * 2 > this.#things.length) this.#resize(this.#things.length * 2);
		return token;
	}
	skip() {
		return this.#next++;
	}
	get(token) {
		const at = token & this.#mask;
		return this.#tokens[at] === token ? this.#things[at] : void 0;
	}
	take(token) {
		const thing = this.get(token);
		if (thing === void 0) return void 0;
		this.#things[token & this.#mask] = void 0;
		if (--this.#size === 0 && this.#things.length > mostKept) this.#resize(least);
		return thing;
	}
	entries() {
		const all = [];
		for (const [at, thing] of this.#things.entries()) if (thing !== void 0) all.push([this.#tokens[at], thing]);
		return all.sort(([one], [other]) => one - other);
	}
	get next() {
		return this.#next;
	}
	#put(token, thing) {
		this.#things[token & this.#mask] = thing;
		this.#tokens[token & this.#mask] = token;
	}
	#resize(length) {
		const [things, tokens] = [this.#things, this.#tokens];
		this.#things = places(length);
		this.#tokens = new Array(length).fill(-1);
		this.#mask = length - 1;
		for (const [at, thing] of things.entries()) if (thing !== void 0) this.#put(tokens[at], thing);
	}
};
function places(length) {
	return new Array(length).fill(void 0);
}
// packages/muove/dist/inbox/inbox.js
var Inbox = class {
	#prefix;
	#subscription;
	#open = new SlotTable();
	#refusals;
	#ledger;
	#strays = 0;
	#answered = -1;
	constructor(link, prefix) {
		this.#prefix = `${prefix}.`;
		this.#refusals = new PublishRefusals(link, this.#open, () => this.#ledger);
		this.#subscription = link.subscribe(`${this.#prefix}*`, { receive: (message) => this.#receive(message) });
	}
	get forbidden() {
		return this.#subscription.state === "forbidden";
	}
	get size() {
		return this.#open.size + (this.#ledger?.size ?? 0);
	}
	get strays() {
		return this.#strays;
	}
	open(awaiting) {
		return this.#open.add(awaiting);
	}
	keep(ledger) {
		this.#ledger = ledger;
	}
	reserve() {
		return this.#open.skip();
	}
	subject(nonce, token) {
		return `${this.#prefix}${nonce}${token}`;
	}
	withdraw(token) {
		this.#open.take(token);
	}
	close(token) {
		const awaiting = this.#open.take(token);
		if (awaiting !== void 0 && token !== this.#answered) this.#refusals.unanswered(awaiting.subject, token);
	}
	get refusalsSettled() {
		return this.#refusals.settled;
	}
	lost() {
		for (const [, awaiting] of this.#open.entries()) awaiting.lost();
		this.#ledger?.lost();
		this.#refusals.lost();
	}
	publishForbidden(subject) {
		this.#refusals.add(subject);
	}
	#receive(message) {
		const at = this.#prefix.length;
		const token = message.subjectNumber(at + 11);
		const awaiting = this.#open.get(token);
		const nonce = awaiting === void 0 ? this.#ledger?.nonceOf(token) : awaiting.nonce;
		if (nonce === void 0 || !message.subjectHas(nonce, at)) this.#strays++;
		else if (awaiting !== void 0) {
			this.#answered = token;
			awaiting.received(message);
		} else this.#ledger?.received(token, message);
	}
};
// packages/muove/dist/link/dial-failure.js
var CredentialsError = class extends Error {
	name = "CredentialsError";
};
function kindOf(error) {
	if (isAboutCredentials(error) || error instanceof CredentialsError) return "credentials";
	if (error instanceof TimeoutError) return "timeout";
	const code = codeOf(error);
	if (code === "ECONNREFUSED") return "refused";
	return code === "ETIMEDOUT" ? "timeout" : "other";
}
function isAboutCredentials(error) {
	return error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError;
}
function codeOf(error) {
	if (!(error instanceof Error)) return void 0;
	return "code" in error ? error.code : codeOf(error.cause);
}
// packages/muove/dist/link/outbox.js
const slab = 65536;
const firstPortion = 8192;
const lineEnd = 3338;
var Outbox = class {
	#send;
	#bytes = Buffer.alloc(0);
	#from = 0;
	#to = 0;
	#due = false;
	#portion = firstPortion;
	constructor(send) {
		this.#send = send;
	}
	write(subject, reply, headers, payload) {
		const head = headOf(subject, reply, headers, payload.length);
		const to = this.#reserve(head.length + payload.length + 2);
		this.#bytes.write(head, to, "latin1");
		this.#bytes.set(payload, to + head.length);
		this.#bytes.writeUInt16BE(lineEnd, to + head.length + payload.length);
		if (this.#to - this.#from >= this.#portion) {
			this.flush();
			this.#portion *= 2;
		}
		if (!this.#due) {
			this.#due = true;
			queueMicrotask(this.#onTurnsEnd);
		}
	}
	flush() {
		if (this.#from === this.#to) return;
		const bytes = this.#bytes.subarray(this.#from, this.#to);
		this.#from = this.#to;
		if (!this.#send(bytes)) return;
		if (this.#bytes.length > slab) this.#bytes = Buffer.alloc(0);
		this.#from = 0;
		this.#to = 0;
	}
	#onTurnsEnd = () => {
		this.#due = false;
		this.#portion = firstPortion;
		this.flush();
	};
	#reserve(size) {
		if (this.#to + size > this.#bytes.length) this.flush();
		if (this.#to + size > this.#bytes.length) {
			this.#bytes = Buffer.allocUnsafeSlow(Math.max(slab, size));
			this.#from = 0;
			this.#to = 0;
		}
		const to = this.#to;
		this.#to += size;
		return to;
	}
};
function headOf(subject, reply, headers, size) {
	const to = reply === "" ? subject : `${subject} ${reply}`;
	if (headers === "") return `PUB ${to} ${size}\r\n`;
	return `HPUB ${to} ${headers.length} ${headers.length + size}\r\n${headers}`;
}
// packages/muove/dist/link/status-tap.js
var StatusTap = class extends QueuedIteratorImpl {
	#tell;
	constructor(tell) {
		super();
		this.#tell = tell;
	}
	push(status) {
		if (typeof status !== "function") this.#tell(status);
	}
};
function tapStatus(client, tell) {
	client.protocol.listeners.push(new StatusTap(tell));
}
// packages/muove/dist/link/nats-message.js
const zero = 48;
const mostDigits = 15;
var NatsMessage = class {
	origin;
	#bytes;
	#subject;
	#subjectEnd;
	#reply;
	#replyEnd;
	#headers;
	#data;
	#end;
	constructor(origin, bytes, subject, subjectEnd, reply, replyEnd, headers, data, end) {
		this.origin = origin;
		this.#bytes = bytes;
		this.#subject = subject;
		this.#subjectEnd = subjectEnd;
		this.#reply = reply;
		this.#replyEnd = replyEnd;
		this.#headers = headers;
		this.#data = data;
		this.#end = end;
	}
	get subject() {
		return this.#bytes.toString("latin1", this.#subject, this.#subjectEnd);
	}
	subjectNumber(length) {
		const bytes = this.#bytes;
		const from = this.#subject + length;
		const digits = this.#subjectEnd - from;
		if (digits < 1 || digits > mostDigits || bytes[from] === zero && digits > 1) return -1;
		let number = 0;
		for (let at = from; at < this.#subjectEnd; at++) {
			const digit = bytes[at] - zero;
			if (digit < 0 || digit > 9) return -1;
			number = number * 10 + digit;
		}
		return number;
	}
	subjectHas(text, length) {
		const from = this.#subject + length;
		if (from + text.length > this.#subjectEnd) return false;
		for (let at = 0; at < text.length; at++) if (this.#bytes[from + at] !== text.charCodeAt(at)) return false;
		return true;
	}
	get reply() {
		return this.#bytes.toString("latin1", this.#reply, this.#replyEnd);
	}
	get headers() {
		return this.#bytes.toString("latin1", this.#headers, this.#data);
	}
	get data() {
		return this.#bytes.subarray(this.#data, this.#end);
	}
	get empty() {
		return this.#data === this.#end;
	}
};
// packages/muove/dist/link/frame-reader.js
const newLine = 10;
const carriageReturn = 13;
const blank = 32;
const tab = 9;
const rubout = 127;
const mostBytes = 67108864;
var FrameReader = class {
	#origin;
	#lines;
	#receive;
	#kept = [];
	#keptLength = 0;
	#missing = 0;
	constructor(origin, lines, receive) {
		this.#origin = origin;
		this.#lines = lines;
		this.#receive = receive;
	}
	read(chunk) {
		if (chunk.length < this.#missing) return this.#keep(chunk, this.#missing - chunk.length);
		const bytes = this.#withKept(chunk);
		let at = 0;
		while (at < bytes.length) {
			const end = this.#frame(bytes, at);
			if (end > bytes.length) return this.#keep(bytes.subarray(at), end - bytes.length);
			at = end;
		}
	}
	#keep(bytes, missing) {
		this.#kept.push(bytes);
		this.#keptLength += bytes.length;
		this.#missing = missing;
	}
	#withKept(chunk) {
		if (this.#keptLength === 0) return chunk;
		const bytes = Buffer.concat([...this.#kept, chunk], this.#keptLength + chunk.length);
		this.#kept = [];
		this.#keptLength = 0;
		this.#missing = 0;
		return bytes;
	}
	#frame(bytes, at) {
		const line = bytes.indexOf(newLine, at);
		if (line === -1) return bytes.length + 1;
		if (this.#lines.state === 0 && isMessage(bytes[at])) return this.#message(bytes, at, line);
		this.#lines.parse(bytes.subarray(at, line + 1));
		return line + 1;
	}
	#message(bytes, at, line) {
		const subject = wordFrom(bytes, endOfWord(bytes, at));
		const subjectEnd = endOfWord(bytes, subject);
		const sid = wordFrom(bytes, subjectEnd);
		const sidEnd = endOfWord(bytes, sid);
		const lineEnd = wordUntil(bytes, bytes[line - 1] === carriageReturn ? line - 1 : line);
		const size = startOfWord(bytes, lineEnd);
		if (size < sidEnd) throw noProtocol(bytes, at, line);
		const data = line + 1;
		const end = data + numberIn(bytes, size, lineEnd);
		if (end + 2 > bytes.length) return end + 2;
		if (bytes[end] !== carriageReturn || bytes[end + 1] !== newLine) throw noProtocol(bytes, at, line);
		let replyEnd = wordUntil(bytes, size);
		let payload = data;
		if (isHeaded(bytes[at])) {
			const headers = startOfWord(bytes, replyEnd);
			payload += numberIn(bytes, headers, replyEnd);
			replyEnd = wordUntil(bytes, headers);
		}
		if (replyEnd < sidEnd || payload > end) throw noProtocol(bytes, at, line);
		const reply = replyFrom(bytes, sidEnd, replyEnd);
		const message = new NatsMessage(this.#origin, bytes, subject, subjectEnd, reply, replyEnd, data, payload, end);
		this.#receive(numberIn(bytes, sid, sidEnd), message);
		return end + 2;
	}
};
function replyFrom(bytes, sidEnd, end) {
	if (end === sidEnd) return end;
	const start = wordFrom(bytes, sidEnd);
	for (let at = start; at < end; at++) if (bytes[at] <= blank || bytes[at] === rubout) return end;
	return start;
}
const isMessage = (byte) => (byte | 32) === 109 || isHeaded(byte);
const isHeaded = (byte) => (byte | 32) === 104;
const isWord = (byte) => byte > blank || byte !== blank && byte !== tab && byte !== newLine && byte !== void 0;
function wordFrom(bytes, at) {
	let from = at;
	while (bytes[from] === blank || bytes[from] === tab) from++;
	return from;
}
function endOfWord(bytes, at) {
	let end = at;
	while (isWord(bytes[end])) end++;
	return end;
}
function wordUntil(bytes, at) {
	let end = at;
	while (bytes[end - 1] === blank || bytes[end - 1] === tab) end--;
	return end;
}
function startOfWord(bytes, end) {
	let from = end;
	while (isWord(bytes[from - 1])) from--;
	return from;
}
function numberIn(bytes, from, end) {
	let number = 0;
	for (let at = from; at < end; at++) {
		const digit = bytes[at] - 48;
		number = digit >= 0 && digit <= 9 ? number * 10 + digit : NaN;
	}
	if (end > from && number <= mostBytes) return number;
	throw new Error(`not a number of the NATS protocol: ${JSON.stringify(bytes.toString("latin1", from, end))}`);
}
function noProtocol(bytes, at, line) {
	return new Error(`not the NATS protocol: ${JSON.stringify(bytes.toString("latin1", at, line))}`);
}
// packages/muove/dist/link/tap-messages.js
function tapMessages(client, origin, receive, failed) {
	const { parser } = client.protocol;
	const frames = new FrameReader(origin, {
		parse: parser.parse.bind(parser),
		get state() {
			return parser.state;
		}
	}, receive);
	let broken = false;
	parser.parse = (bytes) => {
		if (broken) return;
		try {
			frames.read(bytes);
		} catch (error) {
			broken = true;
			failed(error instanceof Error ? error : new Error(String(error)));
		}
	};
}
// packages/muove/dist/link/connection.js
const mostUnsent = 67108864;
var Connection = class {
	server;
	succession;
	encrypted;
	#client;
	#socket;
	#events;
	#outbox;
	#attachments = new Map();
	#receivers = [];
	#waiting = new Set();
	#succeed = () => {};
	#held = [];
	#ping;
	#lastError;
	#lame = false;
	#retired = false;
	#ended = false;
	constructor(client, server, events) {
		this.#client = client;
		this.#socket = socketOf(client);
		this.#outbox = new Outbox((bytes) => this.#send(bytes));
		this.server = server;
		this.encrypted = client.protocol.transport.isEncrypted();
		this.#events = events;
		this.succession = new Promise((resolve) => {
			this.#succeed = resolve;
		});
		this.#watch();
	}
	get alive() {
		return !this.#ended && !this.#client.isClosed() && this.#socket?.writable !== false;
	}
	get lame() {
		return this.#lame;
	}
	get maxPayload() {
		return this.#client.protocol.info?.max_payload;
	}
	get gossip() {
		return this.#client.protocol.info?.connect_urls ?? [];
	}
	get settled() {
		return [...this.#attachments.values()].every(({ state }) => state !== "pending");
	}
	open() {
		const held = this.#held ?? [];
		this.#held = void 0;
		for (const [subscriber, message] of held) this.#deliver(subscriber, message);
	}
	publish(subject, payload, { reply = "", headers = "" }) {
		if (!this.alive || this.#retired || (this.#socket?.writableLength ?? 0) > mostUnsent) return false;
		const size = headers.length + payload.length;
		if (size > (this.maxPayload ?? size)) return false;
		this.#outbox.write(subject, reply, headers, payload);
		return true;
	}
	flush() {
		if (!this.alive) return Promise.resolve(false);
		this.#ping ??= this.#pingAfterThisTurn();
		return this.#ping;
	}
	check({ asked, ended }) {
		if (!this.alive) return ended(false);
		this.#outbox.flush();
		asked();
		const pong = deferred();
		const settle = (answered) => {
			if (this.#waiting.delete(settle)) ended(answered);
		};
		this.#waiting.add(settle);
		pong.catch(() => {});
		this.#client.protocol.flush(Object.assign(pong, { resolve: () => settle(true) }));
	}
	async retire() {
		this.#retired = true;
		await this.flush();
	}
	attach(subscriber) {
		if (!this.alive) return;
		const { subject, queue } = subscriber;
		const callback = (error) => {
			if (error !== null) this.#refuse(subscriber);
		};
		const inner = this.#client.subscribe(subject, {
			callback,
			...queue !== void 0 && { queue }
		});
		this.#receivers[inner.getID()] = subscriber;
		const attachment = {
			inner,
			state: "pending"
		};
		this.#attachments.set(subscriber, attachment);
		this.flush().then((answered) => {
			if (answered && attachment.state === "pending") attachment.state = "open";
		});
	}
	stateOf(subscriber) {
		return this.#attachments.get(subscriber)?.state ?? "pending";
	}
	async drain(subscriber) {
		const attachment = this.#attachments.get(subscriber);
		if (attachment === void 0 || attachment.state === "forbidden" || !this.alive) return;
		this.#outbox.flush();
		await this.#answered(attachment.inner.drain());
		this.#attachments.delete(subscriber);
		this.#receivers[attachment.inner.getID()] = void 0;
		this.#deliverHeldFor(subscriber);
	}
	async drainAll() {
		await Promise.all([...this.#attachments.keys()].map((subscriber) => this.drain(subscriber)));
	}
	discard() {
		this.#end({ reason: "closed" });
	}
	#watch() {
		tapStatus(this.#client, (status) => this.#onStatus(status));
		tapMessages(this.#client, this, (subscription, message) => this.#receive(subscription, message), (error) => this.#end({
			reason: "lost",
			error
		}));
		this.#socket?.once("error", (error) => this.#end({
			reason: "lost",
			error
		}));
		this.#socket?.once("end", () => this.#lose());
		this.#client.closed().then(() => this.#lose());
		this.#lame = this.#client.protocol.info?.ldm === true;
		if (this.#lame) this.#succeed();
	}
	#onStatus(status) {
		if (status.type === "staleConnection") this.#end({
			reason: "stale",
			...this.#cause()
		});
		else if (status.type === "disconnect") this.#lose();
		else if (status.type === "ldm") this.#duck();
		else if (status.type === "error") this.#onError(status.error);
	}
	#onError(error) {
		if (error instanceof PermissionViolationError) {
			if (error.operation === "publish") this.#events.forbidden({
				operation: "publish",
				subject: error.subject
			});
			return;
		}
		this.#lastError = error;
		if (isAboutCredentials(error)) this.#end({
			reason: "lost",
			error
		});
		else this.#events.fault(error);
	}
	#duck() {
		if (this.#lame || this.#ended) return;
		this.#lame = true;
		this.#events.lameDuck(this);
		this.#succeed();
	}
	#refuse(subscriber) {
		const attachment = this.#attachments.get(subscriber);
		if (attachment === void 0 || this.#ended) return;
		attachment.state = "forbidden";
		const { subject, queue } = subscriber;
		this.#events.forbidden({
			operation: "subscribe",
			subject,
			...queue !== void 0 && { queue }
		});
	}
	#send(bytes) {
		const { protocol } = this.#client;
		protocol.sendCommand(bytes);
		protocol["flushPending"]();
		return protocol.outbound.size() === 0 && this.#socket?.writableLength === 0;
	}
	#receive(subscription, message) {
		const subscriber = this.#receivers[subscription];
		if (subscriber === void 0) return;
		if (this.#held) this.#held.push([subscriber, message]);
		else this.#deliver(subscriber, message);
	}
	#deliverHeldFor(subscriber) {
		const held = this.#held ?? [];
		if (this.#held) this.#held = held.filter(([owner]) => owner !== subscriber);
		for (const [owner, message] of held) if (owner === subscriber) this.#deliver(owner, message);
	}
	#deliver(subscriber, message) {
		if (this.#ended) return;
		try {
			subscriber.receive(message);
		} catch (error) {
			this.#events.fault(error instanceof Error ? error : new Error(String(error)), subscriber.subject);
		}
	}
	async #pingAfterThisTurn() {
		await void 0;
		this.#ping = void 0;
		if (!this.alive) return false;
		this.#outbox.flush();
		return this.#answered(this.#client.flush());
	}
	#answered(pong) {
		return new Promise((resolve) => {
			const settle = (answered) => {
				this.#waiting.delete(settle);
				resolve(answered);
			};
			this.#waiting.add(settle);
			pong.then(() => settle(true), () => settle(false));
		});
	}
	#lose() {
		this.#end({
			reason: "lost",
			...this.#cause()
		});
	}
	#cause() {
		const error = this.#lastError ?? this.#client.protocol.transport.closeError;
		return error ? { error } : {};
	}
	#end(why) {
		if (this.#ended) return;
		this.#ended = true;
		for (const settle of this.#waiting) settle(false);
		this.#events.ended(this, why);
		this.#succeed();
		this.#client.close().catch(() => {});
	}
};
function socketOf(client) {
	return client.protocol.transport.socket;
}
// packages/muove/dist/link/socket-trap.js
const created = channel("net.client.socket");
var SocketTrap = class {
	#context = new AsyncLocalStorage();
	#sockets = new Set();
	#sprung = false;
	async watch(dial) {
		created.subscribe(this.#keep);
		try {
			return await this.#context.run(this, dial);
		} finally {
			created.unsubscribe(this.#keep);
			this.#context.disable();
		}
	}
	spring() {
		this.#sprung = true;
		for (const socket of this.#sockets) socket.destroy();
		this.#sockets.clear();
	}
	release() {
		const earlier = [...this.#sockets].slice(0, -1);
		for (const socket of earlier) socket.destroy();
		this.#sockets.clear();
	}
	#keep = (message) => {
		if (this.#context.getStore() !== this) return;
		const { socket } = message;
		if (this.#sprung) process.nextTick(() => socket.destroy());
		else this.#sockets.add(socket);
	};
};
// packages/muove/dist/link/dial.js
async function dial(server, options, signal) {
	const trap = new SocketTrap();
	const failed = new AbortController();
	const request = clientOptions(server, options, failed.signal);
	const attempt = trap.watch(() => connect$1(request));
	try {
		const client = await unlessAborted(attempt, signal);
		trap.release();
		return client;
	} catch (error) {
		trap.spring();
		failed.abort();
		attempt.catch(() => {});
		throw error;
	}
}
async function unlessAborted(attempt, signal) {
	signal.throwIfAborted();
	let abort = () => {};
	const aborted = new Promise((_, reject) => {
		abort = () => reject(signal.reason);
	});
	signal.addEventListener("abort", abort, { once: true });
	try {
		return await Promise.race([attempt, aborted]);
	} finally {
		signal.removeEventListener("abort", abort);
	}
}
function clientOptions(server, options, failed) {
	const tls = tlsOf(server, options.tls, failed);
	return {
		servers: [server.listen],
		name: options.name,
		timeout: options.dialTimeout,
		pingInterval: options.pingInterval,
		maxPingOut: options.maxPingsOut,
		reconnect: false,
		maxReconnectAttempts: 0,
		ignoreClusterUpdates: true,
		noAsyncTraces: true,
		...credentialsFor(server, options.credentials),
		...tls && { tls }
	};
}
function credentialsFor(server, given) {
	if (server.credentials) return server.credentials;
	if (typeof given !== "function") return given;
	try {
		return given();
	} catch (cause) {
		throw new CredentialsError("the function that provides the credentials threw", { cause });
	}
}
function tlsOf(server, tls, failed) {
	if (!server.tls && tls === void 0) return void 0;
	return {
		signal: failed,
		...server.servername && { servername: server.servername },
		...tls
	};
}
// packages/muove/dist/link/backoff.js
var Backoff = class {
	#bounds;
	#random;
	#ceiling;
	constructor(bounds, random = Math.random) {
		this.#bounds = bounds;
		this.#random = random;
		this.#ceiling = bounds.min;
	}
	next() {
		const pause = Math.floor(this.#random() * this.#ceiling);
		this.#ceiling = Math.min(this.#bounds.max, this.#ceiling * 2);
		return pause;
	}
	reset() {
		this.#ceiling = this.#bounds.min;
	}
};
// packages/muove/dist/link/server-address.js
const scheme = /^([a-z][a-z0-9+.-]*):\/\//i;
const defaultPort = "4222";
function parseServer(text) {
	const url = new URL(`nats://${text.replace(scheme, "")}`);
	const credentials = credentialsOf(url);
	return {
		listen: `${url.hostname}:${url.port || defaultPort}`,
		tls: scheme.exec(text)?.[1]?.toLowerCase() === "tls",
		...credentials && { credentials }
	};
}
function gossipedServer(text, teacher, encrypted) {
	const { listen } = parseServer(text);
	const known = teacher.servername ?? hostOf(teacher);
	const nameless = isIP(hostOf({ listen })) !== 0 && isIP(known) === 0;
	return {
		listen,
		tls: teacher.tls || encrypted,
		...teacher.credentials && { credentials: teacher.credentials },
		...nameless && { servername: known }
	};
}
function hostOf({ listen }) {
	return listen.slice(0, listen.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}
function credentialsOf({ username, password }) {
	if (username === "") return void 0;
	if (password === "") return { token: decoded(username) };
	return {
		user: decoded(username),
		pass: decoded(password)
	};
}
function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
// packages/muove/dist/link/server-pool.js
var ServerPool = class {
	#configured;
	#random;
	#gossiped = [];
	constructor(servers, random = Math.random) {
		this.#configured = servers.map(parseServer);
		this.#random = random;
	}
	learn(urls, teacher, encrypted) {
		if (urls.length === 0) return;
		const known = new Set(this.#configured.map((server) => server.listen));
		this.#gossiped = urls.filter((url) => URL.canParse(`nats://${url}`)).map((url) => gossipedServer(url, teacher, encrypted)).filter((server) => !known.has(server.listen));
	}
	round(avoid) {
		const all = [...this.#shuffled(this.#configured), ...this.#shuffled(this.#gossiped)];
		const avoided = (server) => server.listen === avoid?.listen;
		return [...all.filter((server) => !avoided(server)), ...all.filter(avoided)];
	}
	#shuffled(servers) {
		return servers.map((server) => ({
			server,
			rank: this.#random()
		})).sort((a, b) => a.rank - b.rank).map(({ server }) => server);
	}
};
// packages/muove/dist/link/dial-loop.js
var DialLoop = class {
	#pool;
	#backoff;
	#failed;
	#stable;
	#begun = false;
	#attempts = 0;
	#lastError;
	constructor(options, failed) {
		this.#pool = new ServerPool(options.servers);
		this.#backoff = new Backoff(options.backoff);
		this.#stable = options.backoff.max;
		this.#failed = failed;
	}
	get attempts() {
		return this.#attempts;
	}
	get lastError() {
		return this.#lastError;
	}
	async run(attempt, signal, former) {
		while (await this.#pause(signal)) {
			if (former) this.#pool.learn(former.gossip, former.server, former.encrypted);
			for (const server of this.#pool.round(former?.server)) {
				if (await this.#succeeds(attempt, server, signal)) return true;
				if (signal.aborted) return false;
			}
		}
		return false;
	}
	arrived() {
		this.#attempts = 0;
		this.#lastError = void 0;
	}
	lasted(ms) {
		if (ms >= this.#stable) this.#backoff.reset();
	}
	async #pause(signal) {
		const pause = this.#begun ? this.#backoff.next() : 0;
		this.#begun = true;
		if (pause > 0) await setTimeout$1(pause, void 0, { signal }).catch(() => {});
		return !signal.aborted;
	}
	async #succeeds(attempt, server, signal) {
		this.#attempts += 1;
		try {
			await attempt(server);
			return true;
		} catch (thrown) {
			const error = thrown instanceof Error ? thrown : new Error(String(thrown));
			if (!signal.aborted) this.#report(error);
			return false;
		}
	}
	#report(error) {
		this.#lastError = error;
		this.#failed(error, this.#attempts, kindOf(error));
	}
};
// packages/muove/dist/link/echoes.js
const mostHeard = 65536;
var Echoes = class {
	#heard;
	begin() {
		this.#heard ??= new Map();
	}
	end() {
		this.#heard = void 0;
	}
	isEcho(subscriber, message) {
		if (this.#heard === void 0) return false;
		const { reply } = message;
		if (reply === "") return false;
		const heard = this.#heard.get(subscriber) ?? new Set();
		if (heard.has(reply)) return true;
		this.#heard.set(subscriber, heard.add(reply));
		if (heard.size > mostHeard) heard.delete(heard.values().next().value);
		return false;
	}
};
// packages/muove/dist/link/observer.js
function safeObserver(observer) {
	const fault = (error, subject) => {
		try {
			observer.fault?.(error, subject);
		} catch {}
	};
	const guard = (tell) => {
		try {
			tell();
		} catch (error) {
			fault(error instanceof Error ? error : new Error(String(error)));
		}
	};
	return {
		up: (server) => guard(() => observer.up(server)),
		down: (why) => guard(() => observer.down(why)),
		dialFailed: (error, attempt, kind) => guard(() => observer.dialFailed(error, attempt, kind)),
		forbidden: (violation) => guard(() => observer.forbidden(violation)),
		lameDuck: (server) => guard(() => observer.lameDuck(server)),
		fault
	};
}
// packages/muove/dist/link/publication.js
const subjectForm = /^[\x21-\x7e\x80-\xff]+$/;
function assertSubject(subject) {
	if (!subjectForm.test(subject)) throw new TypeError(`not a subject: ${JSON.stringify(subject)}`);
}
// packages/muove/dist/link/subscription.js
var LastingSubscription = class {
	subject;
	queue;
	#home;
	#subscriber;
	#drained;
	#closed = false;
	constructor(subscriber, home) {
		this.subject = subscriber.subject;
		if (subscriber.queue !== void 0) this.queue = subscriber.queue;
		this.#subscriber = subscriber;
		this.#home = home;
	}
	get state() {
		return this.#closed ? "closed" : this.#home.stateOf(this.#subscriber);
	}
	drain() {
		this.#drained ??= this.#home.drain(this.#subscriber).then(() => this.end());
		return this.#drained;
	}
	end() {
		this.#closed = true;
	}
};
// packages/muove/dist/link/link.js
const overlap = 250;
const defaultMaxPayload = 1048576;
var Link = class {
	#options;
	#observer;
	#loop;
	#closing = new AbortController();
	#subscriptions = new Map();
	#retiring = new Set();
	#echoes = new Echoes();
	#unconfirmed = new Map();
	#running;
	#current;
	#candidate;
	#former;
	#state = "connecting";
	#since = Date.now();
	#upAt = 0;
	#lostBy;
	#maxPayload = defaultMaxPayload;
	#closed;
	constructor(options, observer) {
		this.#options = options;
		this.#observer = safeObserver(observer);
		this.#loop = new DialLoop(options, this.#observer.dialFailed);
	}
	start() {
		this.#running ??= this.#run();
	}
	get status() {
		const lastError = this.#state === "up" ? void 0 : this.#loop.lastError ?? this.#lostBy;
		return {
			state: this.#state,
			since: this.#since,
			...this.#current && { server: this.#current.server.listen },
			...lastError && { lastError },
			attempts: this.#loop.attempts
		};
	}
	get closed() {
		return this.#state === "closed";
	}
	get up() {
		return this.#current !== void 0;
	}
	get maxPayload() {
		return this.#current?.maxPayload ?? this.#maxPayload;
	}
	publish(subject, payload, options = {}) {
		if (this.#state === "closed") return false;
		return this.#current?.publish(subject, payload, options) ?? false;
	}
	subscribe(subject, { queue, receive }) {
		assertSubject(subject);
		if (queue !== void 0) assertSubject(queue);
		if (this.#state === "closed") throw new Error(`cannot subscribe to ${subject}: the link is closed`);
		const subscriber = {
			subject,
			queue,
			receive: queue === void 0 ? (msg) => this.#echoes.isEcho(subscriber, msg) || receive(msg) : receive
		};
		const subscription = new LastingSubscription(subscriber, this.#home);
		this.#subscriptions.set(subscriber, subscription);
		this.#current?.attach(subscriber);
		this.#candidate?.attach(subscriber);
		return subscription;
	}
	async fence() {
		if (!this.#current) return false;
		return (await Promise.all([this.#current.flush(), ...this.#unconfirmed.values()])).every(Boolean);
	}
	check(check) {
		if (this.#current === void 0 || this.#unconfirmed.size > 0) check.ended(false);
		else this.#current.check(check);
	}
	close({ timeout = 1e3 } = {}) {
		this.#closed ??= this.#shut(timeout);
		return this.#closed;
	}
	async #run() {
		const attempt = (server) => this.#connect(server);
		while (await this.#loop.run(attempt, this.#closing.signal, this.#former)) await this.#former?.succession;
	}
	async #connect(server) {
		const { signal } = this.#closing;
		const connection = new Connection(await dial(server, this.#options, signal), server, this.#events);
		this.#candidate = connection;
		if (this.#current) this.#echoes.begin();
		try {
			if (connection.lame && this.#current?.alive) throw new Error(`${server.listen} is in lame duck mode`);
			for (const subscriber of this.#subscriptions.keys()) connection.attach(subscriber);
			do
				await this.#confirm(connection);
			while (!connection.settled);
			this.#makeCurrent(connection);
		} catch (error) {
			connection.discard();
			throw error;
		} finally {
			this.#candidate = void 0;
			this.#endEchoes();
		}
	}
	async #confirm(connection) {
		const confirmed = await timeLimited(connection.flush(), this.#options.dialTimeout);
		this.#closing.signal.throwIfAborted();
		if (confirmed !== true) throw new Error(`${connection.server.listen} did not confirm the subscriptions`);
	}
	#makeCurrent(connection) {
		const { listen } = connection.server;
		if (!connection.alive) throw new Error(`${listen} closed the connection`);
		const former = this.#current;
		this.#candidate = void 0;
		this.#current = connection;
		this.#former = connection;
		this.#upAt = performance.now();
		this.#loop.arrived();
		this.#enter("up");
		if (former) this.#retire(former);
		this.#observer.up(listen);
		if (connection.lame) this.#observer.lameDuck(listen);
		connection.open();
	}
	async #retire(former) {
		const confirmed = former.flush();
		this.#retiring.add(former);
		this.#unconfirmed.set(former, confirmed);
		await confirmed;
		this.#unconfirmed.delete(former);
		await setTimeout$1(overlap, void 0, { signal: this.#closing.signal }).catch(() => {});
		await former.drainAll();
		await former.retire();
		if (this.#state !== "closed") former.discard();
		this.#retiring.delete(former);
		this.#endEchoes();
	}
	#endEchoes() {
		if (this.#retiring.size === 0 && this.#candidate === void 0) this.#echoes.end();
	}
	#events = {
		ended: (connection, why) => this.#onEnded(connection, why),
		lameDuck: (connection) => {
			if (connection === this.#current) this.#observer.lameDuck(connection.server.listen);
		},
		forbidden: (violation) => this.#observer.forbidden(violation),
		fault: (error, subject) => this.#observer.fault(error, subject)
	};
	#onEnded(connection, why) {
		if (connection === this.#current) {
			this.#maxPayload = this.maxPayload;
			this.#current = void 0;
			this.#lostBy = why.error;
			this.#loop.lasted(performance.now() - this.#upAt);
			if (this.#state !== "closed") this.#enter("down");
			this.#observer.down(why);
		} else if (this.#unconfirmed.delete(connection) && this.#state !== "closed") {
			this.#observer.down(why);
			if (this.#current) this.#observer.up(this.#current.server.listen);
		}
	}
	#home = {
		stateOf: (subscriber) => this.#current?.stateOf(subscriber) ?? "pending",
		drain: async (subscriber) => {
			this.#subscriptions.delete(subscriber);
			await Promise.all(this.#connections().map((connection) => connection.drain(subscriber)));
		}
	};
	#connections() {
		return [...[this.#current, this.#candidate].filter((connection) => connection !== void 0), ...this.#retiring];
	}
	async #shut(timeout) {
		this.#enter("closed");
		this.#closing.abort();
		this.#candidate?.discard();
		const connections = this.#connections();
		await timeLimited(Promise.all(connections.map((connection) => connection.flush())), timeout);
		for (const connection of connections) connection.discard();
		for (const subscription of this.#subscriptions.values()) subscription.end();
		this.#subscriptions.clear();
		await this.#running;
	}
	#enter(state) {
		this.#state = state;
		this.#since = Date.now();
	}
};
// packages/muove/dist/link/options.js
const linkDefaults = {
	pingInterval: 3e3,
	maxPingsOut: 2,
	dialTimeout: 2e3,
	backoff: {
		min: 50,
		max: 1e3
	}
};
// packages/muove/dist/outcome/counts.js
const newCounts = () => ({
	calls: 0,
	retries: 0,
	degraded: 0,
	casts: 0,
	droppedCasts: 0,
	events: 0,
	droppedEvents: 0,
	deadLetters: 0,
	received: 0,
	rejected: 0,
	overloaded: 0,
	expired: 0,
	overdue: 0,
	crashed: 0,
	refusedReplySubjects: 0,
	streamAcknowledgements: 0,
	unsignedReplies: 0
});
// packages/muove/dist/peers/circuit.js
const threshold = 4;
const firstPause = 250;
const longestPause = 1e3;
var Circuit = class {
	#timeouts = [];
	#answered = Number.NEGATIVE_INFINITY;
	#nextTrial;
	#pause = firstPause;
	#changed;
	constructor(changed) {
		this.#changed = changed;
	}
	get open() {
		return this.#nextTrial !== void 0;
	}
	admits(now) {
		if (this.#nextTrial === void 0) return true;
		if (now < this.#nextTrial) return false;
		this.#nextTrial = now + this.#pause;
		return true;
	}
	answered(sentAt) {
		this.#answered = Math.max(this.#answered, sentAt);
		if (this.#timeouts.length > 0) this.#timeouts = this.#timeouts.filter((timedOut) => timedOut > sentAt);
		if (!this.open) return;
		this.#nextTrial = void 0;
		this.#pause = firstPause;
		this.#changed(false);
	}
	timedOut(sentAt, now) {
		if (this.open) {
			this.#pause = Math.min(longestPause, this.#pause * 2);
			return;
		}
		if (sentAt < this.#answered) return;
		this.#timeouts.push(sentAt);
		if (this.#timeouts.length < threshold) return;
		this.#nextTrial = now + this.#pause;
		this.#changed(true);
	}
};
// packages/muove/dist/peers/memory.js
const entrySize = 128;
var Memory = class {
	#kept = new Map();
	#entries = 0;
	#maxBytes = 0;
	#bytes = 0;
	get bytes() {
		return this.#bytes;
	}
	keep(input, value, { entries, maxBytes }) {
		this.#entries = Math.max(this.#entries, entries);
		this.#maxBytes = Math.max(this.#maxBytes, maxBytes);
		const [key, payload] = [keyOf(input), encode(value, "msgpack")];
		this.#drop(key);
		if (sizeOf(key, payload) > this.#maxBytes) return;
		this.#add(key, {
			payload: new Uint8Array(payload),
			at: performance.now()
		});
		while (this.#kept.size > this.#entries || this.#bytes > this.#maxBytes) this.#dropLeastRecentlyUsed();
	}
	recall(input, maxAge) {
		const key = keyOf(input);
		const kept = this.#kept.get(key);
		if (kept === void 0) return void 0;
		const age = performance.now() - kept.at;
		if (age > maxAge) return void 0;
		this.#drop(key);
		this.#add(key, kept);
		return {
			value: decode(kept.payload).value,
			age: Math.round(age)
		};
	}
	#add(key, kept) {
		this.#kept.set(key, kept);
		this.#bytes += sizeOf(key, kept.payload);
	}
	#drop(key) {
		const kept = this.#kept.get(key);
		if (kept === void 0) return;
		this.#kept.delete(key);
		this.#bytes -= sizeOf(key, kept.payload);
	}
	#dropLeastRecentlyUsed() {
		const [first] = this.#kept.keys();
		if (first !== void 0) this.#drop(first);
	}
};
const sizeOf = (key, payload) => entrySize + key.length + payload.length;
function keyOf(input) {
	const key = canonicalKey(input);
	return key.length <= 64 ? key : `=${createHash("sha256").update(key).digest("base64")}`;
}
// packages/muove/dist/peers/peer.js
const ours = new Set([
	"expired",
	"cancelled",
	"unreachable"
]);
const missedFor = 6e4;
const mostAddressed = 1024;
const signsOfLife = new Set([
	"absent",
	"overloaded",
	"draining"
]);
var Peer = class {
	address;
	circuit;
	memory;
	#instance;
	#missing;
	#endedAt = 0;
	constructor(address, circuitChanged, memory = new Memory(), instance = false) {
		this.address = address;
		this.memory = memory;
		this.#instance = instance;
		this.circuit = new Circuit((open) => circuitChanged(address, open));
	}
	get missing() {
		if (this.#instance && performance.now() - this.#endedAt > missedFor) return void 0;
		return this.#missing;
	}
	ended(outcome, attempt) {
		this.#note(outcome);
		if (isSignOfLife(outcome)) this.circuit.answered(attempt.sentAt);
		else if (outcome.reason === "timeout" && attempt.hadItsTime) this.circuit.timedOut(attempt.sentAt, performance.now());
	}
	#note(outcome) {
		if (this.#instance) this.#endedAt = performance.now();
		if (outcome.status !== "unavailable" && outcome.status !== "faulty") this.#missing = void 0;
		else if (this.#instance && gone.has(outcome.reason)) this.#missing = void 0;
		else if (!ours.has(outcome.reason)) this.#missing = {
			address: this.address,
			reason: outcome.reason,
			since: this.#missing?.since ?? Date.now()
		};
	}
};
const gone = new Set(["absent", "draining"]);
function isSignOfLife(outcome) {
	return outcome.status !== "unavailable" || signsOfLife.has(outcome.reason);
}
var Peers = class {
	#peers = new Map();
	#addressed = new LruMap(mostAddressed);
	#circuitChanged;
	constructor(circuitChanged) {
		this.#circuitChanged = circuitChanged;
	}
	of(address) {
		const known = this.#peers.get(address) ?? new Peer(address, this.#circuitChanged);
		this.#peers.set(address, known);
		return known;
	}
	addressed(address, message, instance) {
		const { memory } = this.of(message);
		return this.#addressed.of(address, () => new Peer(address, this.#circuitChanged, memory, instance));
	}
	missing() {
		return [...this.#peers.values(), ...this.#addressed.values()].flatMap(({ missing }) => missing ?? []);
	}
};
// packages/muove/dist/presence/presence-query.js
var PresenceQuery = class {
	nonce = nonce();
	subject;
	#core;
	#answers;
	#token;
	#reply;
	constructor(core, subject, pulse, answers) {
		this.#core = core;
		this.subject = subject;
		this.#answers = answers;
		this.#token = core.inbox.open(this);
		this.#reply = core.inbox.subject(this.nonce, this.#token);
		this.repeat(pulse);
	}
	repeat(pulse) {
		this.#core.link.publish(this.subject, watchOf(pulse), { reply: this.#reply });
	}
	received(message) {
		if (isNoResponders(message)) return this.#answers.nobody();
		const value = read(message);
		const card = readCard(value);
		if (card !== void 0) this.#answers.card(card);
		else if (isStreamAcknowledgement(value)) this.#answers.captured();
	}
	lost() {}
	forbidden() {
		this.#answers.forbidden();
	}
	close() {
		this.#core.inbox.close(this.#token);
	}
};
// packages/muove/dist/presence/liveness-probes.js
const patience = 2e3;
const pause = 100;
const mostStrangers = 256;
var LivenessProbes = class {
	#core;
	#mailbox;
	#events;
	#open = new Map();
	#strangers = 0;
	constructor(core, mailbox, events) {
		this.#core = core;
		this.#mailbox = mailbox;
		this.#events = events;
	}
	get roomForStrangers() {
		return this.#strangers < mostStrangers;
	}
	overdue(instance, pulse) {
		const doubt = this.#open.get(instance);
		if (doubt === void 0) this.#ask(instance, pulse, false);
		else this.#repeat(doubt, pulse);
	}
	ask(instance, pulse) {
		const doubt = this.#open.get(instance);
		if (doubt !== void 0) doubt.again = true;
		this.overdue(instance, pulse);
	}
	askStranger(instance, pulse) {
		if (this.#open.has(instance) || !this.roomForStrangers) return;
		this.#strangers++;
		this.#ask(instance, pulse, true);
	}
	forget(instance) {
		const doubt = this.#open.get(instance);
		if (doubt === void 0) return;
		clearTimeout(doubt.timer);
		doubt.question?.close();
		this.#open.delete(instance);
		this.#stopCounting(doubt);
	}
	forgetAll() {
		for (const instance of this.#open.keys()) this.forget(instance);
	}
	#ask(instance, pulse, stranger) {
		const doubt = {
			instance,
			stranger,
			question: void 0,
			askedAt: performance.now(),
			timer: void 0,
			again: false
		};
		this.#open.set(instance, doubt);
		doubt.timer = setTimeout(() => this.#over(doubt, pulse), patience);
		const subject = instanceSubject(this.#core.prefix, this.#mailbox, instance, watchToken);
		doubt.question = new PresenceQuery(this.#core, subject, pulse, {
			card: (card) => {
				if (card.member.instance !== instance) return;
				this.#stopCounting(doubt);
				this.#answered(doubt, pulse);
				this.#events.card(card, doubt.again);
			},
			nobody: () => {
				this.#answered(doubt, pulse);
				this.#events.gone(instance);
			},
			captured: () => {},
			forbidden: () => this.#answered(doubt, pulse)
		});
	}
	#repeat(doubt, pulse) {
		const now = performance.now();
		if (doubt.question === void 0 || now - doubt.askedAt < pause) return;
		doubt.askedAt = now;
		doubt.question.repeat(pulse);
	}
	#stopCounting(doubt) {
		if (doubt.stranger) this.#strangers--;
		doubt.stranger = false;
	}
	#answered(doubt, pulse) {
		doubt.question?.close();
		doubt.question = void 0;
		clearTimeout(doubt.timer);
		doubt.timer = setTimeout(() => this.#over(doubt, pulse), Math.max(1, doubt.askedAt + pause - performance.now()));
	}
	#over({ instance, again }, pulse) {
		this.forget(instance);
		if (again) this.#ask(instance, pulse, false);
	}
};
// packages/muove/dist/presence/pulse.js
const shortest = 400;
const longest$1 = 6e4;
const mostBeatsPerSecond = 400;
const leased = 15;
function pulseFor(instances) {
	let interval = shortest;
	while (interval < longest$1 && instances * 1e3 / interval > mostBeatsPerSecond) interval *= 2;
	return {
		interval,
		lease: interval * leased
	};
}
// packages/muove/dist/presence/roster.js
const mostInstances = 4096;
var Roster = class {
	#events;
	#entries = new Map();
	#missed = new Set();
	constructor(events) {
		this.#events = events;
	}
	get size() {
		return this.#entries.size;
	}
	get full() {
		return this.#entries.size >= mostInstances;
	}
	get members() {
		return Array.from(this.#entries.values(), ({ member }) => member);
	}
	member(instance) {
		return this.#entries.get(instance)?.member;
	}
	responsible(key, except) {
		return responsible(key, this.#entries.values(), ({ instance }) => except.has(instance) || this.#missed.has(instance));
	}
	introduced(member) {
		const { instance } = member;
		const known = this.#entries.get(instance);
		if (known !== void 0) {
			this.#heard(known);
			known.leaving = false;
			known.member = member;
			return;
		}
		if (this.full) return;
		this.#entries.set(instance, {
			instance,
			member,
			hash: hashOf(instance),
			silence: 0,
			leaving: false
		});
		this.#events.up(member);
	}
	heard(instance, degraded) {
		const known = this.#entries.get(instance);
		if (known === void 0) return;
		this.#heard(known);
		if (known.member.degraded !== degraded) known.member = {
			...known.member,
			degraded
		};
	}
	leaves(instance) {
		const known = this.#entries.get(instance);
		if (known !== void 0) known.leaving = true;
	}
	left(instance, reason) {
		const known = this.#entries.get(instance);
		if (known === void 0) return;
		this.#entries.delete(instance);
		this.#missed.delete(instance);
		this.#events.down(known.member, known.leaving ? "closed" : reason);
	}
	miss(instance) {
		const known = this.#entries.get(instance);
		if (known === void 0) return;
		if (known.leaving) this.left(instance, "closed");
		else this.#missed.add(instance);
	}
	missAll() {
		for (const instance of this.#entries.keys()) this.miss(instance);
	}
	dropMissed() {
		for (const instance of this.#missed) this.left(instance, "gone");
	}
	tick({ doubtAfter, doubtEvery, silentAfter }) {
		for (const [instance, entry] of this.#entries) {
			entry.silence++;
			if (entry.silence >= silentAfter) this.left(instance, "silent");
			else if (entry.silence >= doubtAfter && (entry.silence - doubtAfter) % doubtEvery === 0) this.#events.doubt(instance);
		}
	}
	retake(ticks) {
		for (const entry of this.#entries.values()) entry.silence = ticks;
	}
	#heard(entry) {
		entry.silence = 0;
		this.#missed.delete(entry.instance);
	}
};
// packages/muove/dist/presence/round.js
const quiet = 50;
const asLongAs = 2;
const silence = 500;
const longest = 1e3;
var Round = class {
	#events;
	#question;
	#askedAt = performance.now();
	#limit;
	#timer;
	#answers = 0;
	#patience = quiet;
	#ended = false;
	constructor(core, subject, pulse, events) {
		this.#events = events;
		this.#limit = setTimeout(() => setImmediate(() => this.#end(this.#answers > 0)), longest);
		this.#question = new PresenceQuery(core, subject, pulse, {
			card: (card) => this.#answered(card),
			nobody: () => this.#deserted(),
			captured: () => this.#wait(silence),
			forbidden: () => {
				this.close();
				events.forbidden();
			}
		});
	}
	close() {
		this.#ended = true;
		clearTimeout(this.#limit);
		clearTimeout(this.#timer);
		this.#question.close();
	}
	#answered(card) {
		if (this.#ended) return;
		if (this.#answers++ === 0) this.#patience = Math.max(quiet, asLongAs * (performance.now() - this.#askedAt));
		this.#events.card(card);
		if (this.#answers < 4096) this.#wait(this.#patience);
		else this.#end(true);
	}
	#deserted() {
		if (this.#ended) return;
		this.#events.nobody();
		this.#end(true);
	}
	#wait(patience) {
		if (this.#ended) return;
		const answers = this.#answers;
		const look = () => {
			if (this.#answers === answers) this.#end(true);
		};
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => setImmediate(look), patience);
	}
	#end(complete) {
		if (this.#ended) return;
		this.close();
		if (complete) this.#events.complete();
		else this.#events.unanswered();
	}
};
// packages/muove/dist/presence/watch.js
const lingering = 6e4;
const ticksPerBeat = 4;
const doubtAfter = 6;
const answerWithin = 2e3;
const askEvery = 500;
const homecoming = 2e3;
var Watch = class {
	roster;
	#core;
	#mailbox;
	#subject;
	#ended;
	#doubts;
	#signs;
	#watchers = new Set();
	#waiting = new Set();
	#round;
	#tick;
	#pulse = pulseFor(1);
	#renewAt = 0;
	#homeBy = Number.NEGATIVE_INFINITY;
	#usedAt = Number.NEGATIVE_INFINITY;
	#settled = false;
	#refused = false;
	#leftOut = false;
	#over = false;
	constructor(core, mailbox, ended) {
		this.#core = core;
		this.#mailbox = mailbox;
		this.#ended = ended;
		this.#subject = everyoneSubject(core.prefix, mailbox, watchToken);
		this.#doubts = new LivenessProbes(core, mailbox, {
			card: (card, doubted) => {
				this.#take(card);
				if (doubted) this.roster.leaves(card.member.instance);
			},
			gone: (instance) => this.missed(instance)
		});
		this.roster = new Roster({
			up: (member) => this.#tell((watcher) => watcher.up(member)),
			down: (member, reason) => this.#lost(member, reason),
			doubt: (instance) => this.#doubts.overdue(instance, this.#pulse)
		});
		const signs = presenceSubject(core.prefix, mailbox, "*", "*");
		this.#signs = core.link.subscribe(signs, { receive: (message) => this.#hear(message) });
		this.connected();
	}
	get settled() {
		return this.#settled;
	}
	get forbidden() {
		return this.#refused || this.#signs.state === "forbidden";
	}
	hold(watcher) {
		this.#watchers.add(watcher);
		return () => {
			this.#watchers.delete(watcher);
			if (this.#idle) this.end();
		};
	}
	use() {
		this.#usedAt = performance.now();
	}
	whenKnown(callback) {
		if (!this.#unknown) {
			callback();
			return () => {};
		}
		this.#waiting.add(callback);
		return () => void this.#waiting.delete(callback);
	}
	known(timeout) {
		return new Promise((resolve) => {
			let stopWaiting = () => {};
			const answer = () => {
				clearTimeout(timer);
				stopWaiting();
				resolve(this.#settled);
			};
			const timer = setTimeout(answer, timeout);
			const wait = () => {
				stopWaiting = this.whenKnown(() => this.#unknown ? wait() : answer());
			};
			wait();
		});
	}
	connected() {
		if (this.#over || !this.#core.link.up) return;
		this.#refused = false;
		if (this.#homeBy === Number.POSITIVE_INFINITY) this.#homeBy = performance.now() + homecoming;
		this.roster.retake(5);
		this.#ask();
	}
	disconnected() {
		this.#settled = false;
		this.#homeBy = Number.POSITIVE_INFINITY;
		this.#rest();
		this.#answerWaiting();
	}
	missed(instance) {
		this.roster.miss(instance);
		this.#dropMissed();
	}
	end() {
		if (this.#over) return;
		this.#over = true;
		this.#settled = false;
		this.#rest();
		this.#signs.drain();
		this.#answerWaiting();
		this.#ended();
	}
	#dropMissed() {
		if (performance.now() >= this.#homeBy) this.roster.dropMissed();
	}
	get #unknown() {
		return !this.#settled && !this.forbidden && !this.#over;
	}
	get #idle() {
		return this.#watchers.size === 0 && performance.now() - this.#usedAt > lingering;
	}
	#rest() {
		clearTimeout(this.#tick);
		this.#round?.close();
		this.#doubts.forgetAll();
	}
	#ask() {
		this.#round?.close();
		clearTimeout(this.#tick);
		this.#pulse = pulseFor(this.roster.size);
		this.#round = new Round(this.#core, this.#subject, this.#pulse, {
			card: (card) => this.#take(card),
			nobody: () => {
				this.roster.missAll();
				this.#dropMissed();
			},
			complete: () => this.#settle(),
			unanswered: () => this.#idle ? this.end() : this.#ask(),
			forbidden: () => {
				this.#refused = true;
				this.#answerWaiting();
			}
		});
	}
	#settle() {
		this.#settled = true;
		this.#renewAt = performance.now() + this.#pulse.lease / 3;
		this.#adjust();
		this.#scheduleTick();
		this.#tell((watcher) => watcher.settled());
		this.#answerWaiting();
	}
	#hear(message) {
		const signer = signerOf(message.subject);
		if (signer === void 0 || this.#over) return;
		const known = this.roster.member(signer.instance);
		if (known === void 0) this.#hearStranger(message, signer);
		else if (known.service === signer.service) this.#hearOf(known, message, signer);
	}
	#hearStranger(message, signer) {
		if (this.roster.full) return this.#leaveOut();
		if (!this.#doubts.roomForStrangers) return;
		const sign = readSign(message, signer);
		if (sign === void 0 || sign.type === "goodbye") return;
		this.#doubts.askStranger(signer.instance, this.#pulse);
	}
	#hearOf({ instance, since, version }, message, signer) {
		const sign = readSign(message, signer);
		if (sign?.type === "beat") return this.roster.heard(instance, sign.degraded);
		if (sign?.type === "hello") {
			this.roster.heard(instance, sign.member.degraded);
			if (sign.member.since === since && sign.member.version === version) return;
		} else if (sign?.type === "goodbye") this.roster.leaves(instance);
		else return;
		this.#doubts.ask(instance, this.#pulse);
	}
	#take({ member, leaving }) {
		if (leaving) this.roster.left(member.instance, "closed");
		else this.roster.introduced(member);
	}
	#leaveOut() {
		if (this.#leftOut) return;
		this.#leftOut = true;
		const fields = {
			mailbox: this.#mailbox,
			most: mostInstances
		};
		this.#core.log.warn(fields, "too many instances serve a mailbox; the bus ignores those above the limit");
	}
	#lost(member, reason) {
		this.#doubts.forget(member.instance);
		this.#tell((watcher) => watcher.down(member, reason));
	}
	#scheduleTick() {
		clearTimeout(this.#tick);
		this.#tick = setTimeout(() => setImmediate(this.#turn), this.#pulse.interval / ticksPerBeat);
	}
	#turn = () => {
		if (!this.#settled) return;
		if (this.#idle) return this.end();
		this.#dropMissed();
		this.roster.tick(this.#patience);
		if (performance.now() >= this.#renewAt) this.#renew();
		this.#adjust();
		this.#scheduleTick();
	};
	get #patience() {
		const tick = this.#pulse.interval / ticksPerBeat;
		const silentAfter = doubtAfter + Math.max(doubtAfter, Math.ceil(answerWithin / tick));
		return {
			doubtAfter,
			doubtEvery: Math.max(1, Math.ceil(askEvery / tick)),
			silentAfter
		};
	}
	#adjust() {
		const pulse = pulseFor(this.roster.size);
		if (pulse.interval === this.#pulse.interval) return;
		this.#pulse = pulse;
		this.#renew();
	}
	#renew() {
		this.#renewAt = performance.now() + this.#pulse.lease / 3;
		this.#core.link.publish(this.#subject, watchOf(this.#pulse));
	}
	#tell(tell) {
		for (const watcher of [...this.#watchers]) tell(watcher);
	}
	#answerWaiting() {
		const waiting = [...this.#waiting];
		this.#waiting.clear();
		for (const callback of waiting) callback();
	}
};
// packages/muove/dist/presence/watches.js
var Watches = class {
	#core;
	#watches = new Map();
	constructor(core) {
		this.#core = core;
	}
	of(mailbox) {
		const known = this.#watches.get(mailbox);
		if (known !== void 0) return known;
		const watch = new Watch(this.#core, mailbox, () => this.#watches.delete(mailbox));
		this.#watches.set(mailbox, watch);
		return watch;
	}
	connected() {
		for (const watch of [...this.#watches.values()]) watch.connected();
	}
	disconnected() {
		for (const watch of [...this.#watches.values()]) watch.disconnected();
	}
	close() {
		for (const watch of [...this.#watches.values()]) watch.end();
	}
};
// packages/muove/dist/serve/transit-delay.js
const window = 1e4;
const maxJump = 3e5;
const maxSenders = 16384;
var TransitDelay = class {
	#senders = new Map();
	waited(from, clock, now) {
		const difference = now - clock;
		const known = this.#senders.get(from);
		if (known === void 0 || now - known.heardAt > 3 * window) return this.#add(from, difference, now);
		if (Math.abs(difference - known.current) > maxJump) return 0;
		known.heardAt = now;
		if (now - known.since > window) startWindow(known, difference, now);
		known.current = Math.min(known.current, difference);
		return difference - Math.min(known.current, known.previous);
	}
	#add(from, difference, now) {
		this.#senders.delete(from);
		if (this.#senders.size >= maxSenders) this.#dropOldest();
		this.#senders.set(from, {
			current: difference,
			previous: difference,
			since: now,
			heardAt: now
		});
		return 0;
	}
	#dropOldest() {
		let oldest;
		let looked = 0;
		for (const entry of this.#senders) {
			if (oldest === void 0 || entry[1].heardAt < oldest[1].heardAt) oldest = entry;
			if (++looked === 8) break;
		}
		if (oldest !== void 0) this.#senders.delete(oldest[0]);
	}
};
function startWindow(minimum, difference, now) {
	minimum.previous = minimum.current;
	minimum.current = difference;
	minimum.since = now;
}
// packages/muove/dist/wire/answers.js
const inboxes = ["_INBOX", "_R_."];
var Answers = class {
	#link;
	#counts;
	#log;
	#inboxes;
	constructor(link, counts, log, prefixes) {
		this.#link = link;
		this.#counts = counts;
		this.#log = log;
		this.#inboxes = [...inboxes, ...prefixes.map((prefix) => `${prefix}.`)];
	}
	get maxPayload() {
		return this.#link.maxPayload;
	}
	mayGoTo(reply) {
		if (reply === "") return true;
		for (const inbox of this.#inboxes) if (reply.startsWith(inbox)) return true;
		this.#counts.refusedReplySubjects++;
		this.#log.warn("reply subject", () => ({ reply: plainText(reply) }), "refused a request whose reply subject is not an inbox; list other clients' inbox prefixes in replyPrefixes");
		return false;
	}
	send(origin, reply, payload, headers) {
		if (reply === "") return;
		const options = { headers };
		if (origin.publish(reply, payload, options) || this.#link.publish(reply, payload, options)) return;
		const size = payload.length + headers.length;
		const text = "an answer was not sent: it exceeds the server's max_payload";
		if (size > this.maxPayload) this.#log.warn("answer", () => ({ size }), text);
	}
};
// packages/muove/dist/wire/subject-kind.js
function subjectKind(prefix, subject) {
	const root = prefix === void 0 ? "" : `${prefix}.`;
	if (!subject.startsWith(root)) return "elsewhere";
	const tokens = subject.slice(root.length).split(".");
	const [first = ""] = tokens;
	if (first === "muove-presence") return `${first}.${tokens[1]}`;
	if (first !== "muove") return "elsewhere";
	return tokens.map((token, at) => tokens[at - 1] === "_i" ? "*" : token).join(".");
}
// packages/muove/dist/bus/observer.js
const maxSubjectLength = 1024;
function observer(parts) {
	const core = () => parts().core;
	return {
		up(server) {
			core().log.info({ server }, "connected to NATS");
			parts().casts.connected();
			parts().watches.connected();
			core().events.emit("connected", { server });
		},
		down(why) {
			core().inbox.lost();
			parts().watches.disconnected();
			if (why.reason === "closed") return;
			core().log.warn({
				reason: why.reason,
				err: why.error
			}, "lost the connection to NATS; reconnecting");
			core().events.emit("disconnected", why);
		},
		dialFailed(error, attempt, kind) {
			logFailure(core(), error, attempt, kind);
			core().events.emit("connectFailed", {
				error,
				attempt,
				kind
			});
		},
		forbidden({ operation, subject }) {
			if (isServiceApiSubject(subject)) return core().discovery.refused();
			const text = "NATS permissions refuse a subject";
			const fields = {
				operation,
				subject: plainText(subject, maxSubjectLength)
			};
			core().limitedLog.warn(`${operation} ${subjectKind(core().prefix, subject)}`, () => fields, text);
			if (operation === "publish") core().inbox.publishForbidden(subject);
			core().events.emit("forbidden", fields);
		},
		lameDuck(server) {
			core().log.info({ server }, "the NATS server is shutting down; moving to another one");
			core().events.emit("lameDuck", { server });
		},
		fault(error, subject) {
			core().limitedLog.error(`fault ${subject ?? ""}`, () => ({
				err: error,
				subject
			}), "failed to receive a message");
		}
	};
}
function announceCircuit(log, events, address, open) {
	if (open) log.warn({ message: address }, "circuit opened: calls to it keep timing out");
	else log.info({ message: address }, "circuit closed: it answers again");
	events.emit(open ? "circuitOpened" : "circuitClosed", { address });
}
function logFailure({ log }, error, attempt, kind) {
	const notable = Number.isInteger(Math.log10(attempt));
	const text = kind === "credentials" ? "NATS refused the credentials, or they are not available; retrying" : "cannot connect to NATS; running without it, and retrying";
	log[notable ? "warn" : "debug"]({
		kind,
		attempt,
		reason: plainText(error.message),
		...causeOf(error)
	}, text);
}
function causeOf({ cause }) {
	return cause instanceof Error ? { cause: plainText(cause.message) } : {};
}
// packages/muove/dist/bus/make-parts.js
function makeParts(settings) {
	const core = makeCore(settings, () => parts);
	const casts = new Casts(core, settings.castBuffer);
	const watches = new Watches(core);
	const parts = {
		core,
		casts,
		watches,
		clients: new Clients(core, casts, watches)
	};
	core.link.start();
	return parts;
}
function makeCore(settings, parts) {
	const { service, tags, prefix, encoding, fallbackTimeout } = settings;
	const instance = randomBytes(8).toString("hex");
	const log = makeLogger(settings).child({
		service,
		instance
	});
	const events = new Events(log);
	const link = new Link(linkOptions(settings, instance), observer(parts));
	const scheduler = new FairScheduler();
	const counts = newCounts();
	const limitedLog = new RateLimitedLog(log);
	const answers = new Answers(link, counts, limitedLog, settings.replyPrefixes);
	const peers = new Peers((address, open) => announceCircuit(log, events, address, open));
	return {
		service,
		instance,
		from: `${service}/${instance}`,
		tags,
		prefix,
		encoding,
		fallbackTimeout,
		link,
		inbox: new Inbox(link, inboxPrefix(service, instance)),
		events,
		counts,
		log,
		limitedLog,
		peers,
		retryBudget: new RetryBudget(),
		discovery: new Discovery(link, answers, log, scheduler, {
			service,
			instance,
			prefix,
			tags,
			missing: () => peers.missing()
		}),
		deadlines: new Deadlines(),
		scheduler,
		transitDelay: new TransitDelay(),
		clockOrigin: randomInt(2 ** 47),
		answers
	};
}
function linkOptions({ servers, credentials, pingInterval, service }, instance) {
	return {
		...linkDefaults,
		servers,
		name: `${service}/${instance}`,
		pingInterval,
		...credentials === void 0 ? {} : { credentials }
	};
}
function makeLogger({ logger }) {
	if (logger === false) return pino({ level: "silent" });
	return logger ?? pino({ level: process.env.LOG_LEVEL ?? "info" });
}
// packages/muove/dist/bus/servers.js
const schemes = new Set(["nats:", "tls:"]);
function serversProblem(value) {
	const servers = typeof value === "string" ? value.split(",").map((server) => server.trim()) : value;
	if (!Array.isArray(servers) || servers.length === 0) return `must be a URL such as "nats://127.0.0.1:4222", or several, not ${Array.isArray(value) ? "none" : describe(value)}`;
	return servers.map(serverProblem).find((problem) => problem !== void 0);
}
function serverProblem(server) {
	if (typeof server !== "string") return `contains ${describe(server)}: each must be a URL`;
	const url = parse$1(server);
	if (url === void 0 || url.hostname === "") return `contains ${redacted(server)}, which is not a URL such as "nats://127.0.0.1:4222"`;
	if (!schemes.has(url.protocol)) return `contains ${redacted(server)}: the scheme must be nats:// or tls://`;
	if (!["", "/"].includes(url.pathname)) return `contains ${redacted(server)}: nothing may follow the port`;
}
function parse$1(server) {
	const url = server.includes("://") ? server : `nats://${server}`;
	return URL.canParse(url) ? new URL(url) : void 0;
}
function redacted(server) {
	return describe(server.replace(/^([a-z]+:\/\/)?.*@/s, "$1***@"));
}
// packages/muove/dist/bus/options.js
function settings(options) {
	const problems = optionProblems(options, connectRules);
	if (options?.service === void 0) problems.unshift("service is missing: name this service, such as \"pricing\"");
	if (problems.length > 0) throw new InvalidOptions("The options of connect()", problems);
	const { service, servers = "nats://127.0.0.1:4222", credentials, prefix, encoding = "msgpack", logger } = options;
	const { tags = {}, fallbackTimeout = 500, castBuffer = 1e3, replyPrefixes = [], pingInterval = linkDefaults.pingInterval } = options;
	const list = typeof servers === "string" ? servers.split(",").map((server) => server.trim()) : [...servers];
	return Object.freeze({
		service,
		servers: list,
		credentials,
		tags: sortedTags(tags),
		prefix,
		encoding,
		logger,
		fallbackTimeout,
		castBuffer,
		replyPrefixes: Object.freeze([...replyPrefixes]),
		pingInterval
	});
}
const connectRules = {
	service: (value) => nameProblem$1("(the service's name)", value),
	servers: serversProblem,
	credentials: credentialsProblem,
	tags: tagsProblem,
	prefix: prefixProblem,
	encoding: (value) => value === "msgpack" || value === "json" ? void 0 : `must be "msgpack" or "json", not ${describe(value)}`,
	logger: loggerProblem,
	fallbackTimeout: rules$1.milliseconds,
	castBuffer: rules$1.count,
	replyPrefixes: replyPrefixesProblem,
	pingInterval: rules$1.milliseconds
};
function credentialsProblem(value) {
	if (typeof value === "function") return void 0;
	const { user, pass, token } = value ?? {};
	return typeof token === "string" || typeof user === "string" && typeof pass === "string" ? void 0 : "must be { user, pass }, { token }, or a function that returns one of them";
}
const maxPrefixLength = 256;
function prefixProblem(value) {
	if (typeof value === "string" && value.length <= maxPrefixLength && /^[\w-]+(\.[\w-]+)*$/.test(value)) return void 0;
	return `must be ${`tokens of letters, digits, - and _ joined by dots, at most ${maxPrefixLength} characters`}, not ${describe(value)}`;
}
const reservedRoot = /^(?:\$|muove(?:-|\.|$))/;
function replyPrefixesProblem(value) {
	if (!Array.isArray(value)) return `must be a list such as ["_MYAPP"], not ${describe(value)}`;
	const wrong = value.find((prefix) => prefixProblem(prefix) !== void 0 || reservedRoot.test(prefix));
	if (wrong === void 0) return void 0;
	return `contains ${describe(wrong)}: each must be tokens of letters, digits, - and _ joined by dots, and not begin with muove`;
}
function loggerProblem(value) {
	if (value === false) return void 0;
	const { child, debug, info, warn, error } = value ?? {};
	return [
		child,
		debug,
		info,
		warn,
		error
	].every((method) => typeof method === "function") ? void 0 : "must be a pino logger, or false for none";
}
// packages/muove/dist/bus/connect.js
function connect(options) {
	return new Bus(makeParts(settings(options)));
}
// packages/muove/dist/bus/health-handler.js
const checks = {
	"/livez": ({ live }) => live,
	"/readyz": ({ ready }) => ready,
	"/healthz": ({ live, ready }) => live && ready
};
function healthHandler(bus, options = {}) {
	const problems = optionProblems(options, { details: rules$1.boolean });
	if (problems.length > 0) throw new InvalidOptions("The options of healthHandler()", problems);
	const { details = false } = options;
	return (request, response) => {
		const path = (request.url ?? "").split("?", 1)[0] ?? "";
		const check = Object.hasOwn(checks, path) ? checks[path] : void 0;
		if (check === void 0) return false;
		const health = bus.health;
		response.writeHead(check(health) ? 200 : 503, {
			"content-type": "application/json",
			"cache-control": "no-store"
		});
		response.end(JSON.stringify(details ? health : summaryOf(health)));
		return true;
	};
}
const summaryOf = ({ live, ready, degraded }) => ({
	live,
	ready,
	degraded
});
// packages/muove/dist/bus/supervised.js
const beforeTimeout = 3e3;
const faultTimeout = 2e3;
const signals = ["SIGTERM", "SIGINT"];
const supervisedBuses = new Map();
let faulted = false;
function supervised(bus, options = {}) {
	const problems = optionProblems(options, { before: (value) => typeof value === "function" ? void 0 : "must be a function" });
	if (problems.length > 0) throw new InvalidOptions("The options of supervised()", problems);
	supervisedBuses.set(bus, options);
	bus.on("closed", () => supervisedBuses.delete(bus));
	if (process.listeners("SIGTERM").includes(stop)) return;
	faulted = false;
	for (const signal of signals) process.on(signal, stop);
	for (const fault of ["uncaughtException", "unhandledRejection"]) process.once(fault, fail);
}
async function stop() {
	for (const signal of signals) process.off(signal, stop);
	await Promise.all([...supervisedBuses].map(end));
	process.exit(faulted ? 1 : 0);
}
async function end([bus, options]) {
	bus.log.info("received a signal; shutting down");
	await closeFirst(bus, options);
	await bus.close();
}
async function fail(error) {
	faulted = true;
	const buses = [...supervisedBuses.keys()];
	for (const bus of buses) bus.log.fatal({ err: error }, "uncaught error; exiting, so that the supervisor restarts the process");
	await timeLimited(Promise.all(buses.map((bus) => bus.close({ timeout: faultTimeout }))), 2500);
	process.exit(1);
}
async function closeFirst(bus, { before }) {
	try {
		if (await timeLimited(Promise.resolve(before?.()), beforeTimeout) === late) bus.log.warn({ timeout: beforeTimeout }, "the before hook took too long; draining");
	} catch (error) {
		bus.log.error({ err: error }, "the before hook failed; draining");
	}
}
// packages/muove/dist/client/with-fallback.js
function withFallback(client, fallbacks) {
	if (typeof client !== "object" || client === null || !isClient(client)) throw new InvalidOptions("withFallback()", [`its client must come from bus.to(), not ${describe(client)}`]);
	const { mailbox } = client[internals];
	const problems = fallbackProblems(mailbox, fallbacks);
	if (problems.length > 0) throw new InvalidOptions(`The fallbacks of ${mailbox.name}`, problems);
	return derive(client, { fallbacks: new Map(Object.entries(fallbacks)) });
}
function fallbackProblems({ name: mailbox, messages }, fallbacks) {
	const given = new Map(Object.entries(fallbacks));
	const calls = Object.entries(messages).filter((entry) => entry[1].kind === "call");
	return [...[...given.keys()].filter((name) => !calls.some(([call]) => call === name)).map((name) => `${mailbox} has no call ${describe(name)}: its calls are ${calls.map(([c]) => c).join(", ")}`), ...calls.flatMap(([name, definition]) => problemsOf(`${mailbox}.${name}`, definition, given.get(name)))];
}
function problemsOf(address, { output }, chain) {
	if (chain === none) return [];
	if (Array.isArray(chain) && chain.length > 0) return chainProblems(address, output, chain);
	return [`${address} needs an array of fallbacks, or none (import { none } from "muove") to have no fallback`];
}
export { Bus, CallError, FallbackError, InvalidContract, InvalidInput, InvalidOptions, MuoveError, TooLarge, Unencodable, call, cast, connect, event, healthHandler, isFailure, isMuoveError, lastKnown, mailbox, none, supervised, withFallback };
