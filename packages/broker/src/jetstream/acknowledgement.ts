import { isEmpty, said } from "./shapes.js";
import { milliseconds } from "./units.js";

/** What the subject of an acknowledgement says: `$JS.ACK.<stream>.<consumer>.<delivered>.<sequence>.<delivery>.…` */
export interface AckSubject {
  /** As keys. */
  readonly stream: string;
  readonly consumer: string;
  readonly delivered: number;
  readonly sequence: number;
  readonly delivery: number;
}

/** What becomes of a delivery. */
export type Verdict =
  | { readonly kind: "ack" | "progress" | "unknown" }
  | { readonly kind: "next"; readonly request: Buffer }
  | { readonly kind: "nak"; readonly delay: number | undefined }
  | { readonly kind: "term"; readonly reason: string };

const tokensInSubject = 9;

export function readAckSubject(subject: string): AckSubject | undefined {
  const tokens = subject.split(".");
  if (tokens.length !== tokensInSubject) return undefined;
  const [, , stream = "", consumer = ""] = tokens;
  const [delivered = 0, sequence = 0, delivery = 0] = tokens.slice(4, 7).map(numberIn);
  return { stream, consumer, delivered, sequence, delivery };
}

const numberIn = (token: string): number => (/^\d{1,15}$/.test(token) ? Number(token) : 0);

export function readVerdict(body: Buffer): Verdict {
  const text = body.toString("latin1");
  if (text === "" || text === "+ACK" || text === "+OK") return { kind: "ack" };
  if (text.startsWith("+NXT")) return { kind: "next", request: body.subarray(4) };
  if (text.startsWith("-NAK")) return { kind: "nak", delay: delayIn(body.subarray(4)) };
  if (text === "+WPI") return { kind: "progress" };
  if (text.startsWith("+TERM")) return { kind: "term", reason: body.toString("utf8", 5).trim() };
  return { kind: "unknown" };
}

/** `{"delay": <ns>}`, or Go's form of a duration. Undefined: at once. */
function delayIn(argument: Buffer): number | undefined {
  const text = argument.toString("latin1").trim();
  if (text === "") return undefined;
  if (!text.startsWith("{")) return goDuration(text);
  const fields = isEmpty(argument) ? {} : said("nakOptions", argument);
  return fields && milliseconds((fields.delay as number | undefined) ?? 0);
}

const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 3.6e6 };

/** A duration such as `1h30m` in ms. */
function goDuration(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  if (!/^[+-]?(\d+\.?\d*(ns|us|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+\.?\d*)(ns|us|ms|s|m|h)/g)];
  const sum = parts.reduce((total, [, number, unit = ""]) => total + Number(number) * (units[unit] as number), 0);
  return text.startsWith("-") ? -sum : sum;
}
