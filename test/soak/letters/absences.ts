import type { Connected, LetterRecord, Trouble } from "./records.js";

/**
 * How long a holder is silent before the server gives its letters away, in ms, less what may have passed since it last said
 * something when its silence begins.
 */
const silence = 4_000 - 1_700;
/** How long before a handler begins its letter may have been delivered, in ms; much longer, and it was given away. */
const inHand = 4_000;
/** How long a member may take to notice that its connection is lost and to have another one, in ms. */
const reconnecting = 5_000;
/** How long it may take until what a member says has reached the store, in ms: there are slow paths. */
const onTheWay = 1_000;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** When the members of the soak and the store were not there. All times are in ms since the epoch. */
export class Absences {
  readonly #troubles: readonly Trouble[];
  readonly #connections: readonly Connected[];

  constructor(records: readonly LetterRecord[]) {
    const troubles = records.filter((record): record is Trouble => record.type === "trouble");
    this.#troubles = troubles.sort((a, b) => a.from - b.from);
    const connections = records.filter((record): record is Connected => record.type === "connected");
    this.#connections = connections.sort((a, b) => a.at - b.at);
  }

  /** The troubles of these members, of the store and of all, in that time. */
  of(members: readonly string[], span: Span): Trouble[] {
    const concerned = [...members, "NATS", "everyone"];
    return this.#troubles.filter((trouble) => concerned.includes(trouble.of) && overlap(trouble, span));
  }

  /** Whether the store restarted in that time. */
  restarted(span: Span): boolean {
    return this.#any("killed", "NATS", span);
  }

  killed(member: string, span: Span): boolean {
    return this.#any("killed", member, span);
  }

  /** Whether a member was told to end in that time. */
  ended(member: string, span: Span): boolean {
    return this.#any("ended", member, span);
  }

  /**
   * Whether the holder of a letter was gone: killed before it could say what became of it, out of reach for so long that
   * the letter was given to somebody else, or told to end while it was out of reach.
   *
   * @param from when it began. @param finished when it was done, if it was. @param until when the next one began.
   */
  gone(holder: string, from: number, finished: number | undefined, until: number): boolean {
    const done = Math.min(finished ?? until, until);
    const said = { from: done === until ? from : done, to: Math.min(done + onTheWay, until) };
    const silences = this.#silences(holder, { from: from - inHand, to: until }).filter((span) => overlap(span, said));
    if (silences.some((span) => span.to - span.from >= silence)) return true;
    const open = { from, to: Math.max(said.to, ...silences.map(({ to }) => to)) };
    return this.killed(holder, open) || (silences.length > 0 && this.ended(holder, open));
  }

  /** Whether a handler began late: its process stood still with a letter that was given to somebody else meanwhile. */
  late(holder: string, at: number): boolean {
    const silences = this.#silences(holder, { from: at - 2 * inHand, to: at });
    return silences.some((span) => span.to === at && span.to - span.from >= silence);
  }

  /** When nothing that a member said may have reached the store, as spans that do not overlap. */
  #silences(member: string, within: Span): Span[] {
    const spans: { from: number; to: number }[] = [];
    for (const trouble of this.of([member], within)) {
      if (trouble.what !== "cut" && trouble.what !== "stood still") continue;
      const [from, to] = [Math.max(trouble.from, within.from), Math.min(this.#backAt(member, trouble), within.to)];
      const last = spans.at(-1);
      if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
      else spans.push({ from, to });
    }
    return spans;
  }

  /** When a member was back: with another connection, if it lost its own. */
  #backAt(member: string, { to }: Trouble): number {
    const next = this.#connections.find(({ of, at }) => of === member && to <= at && at <= to + reconnecting);
    return (next?.at ?? to) + onTheWay;
  }

  #any(what: Trouble["what"], member: string, span: Span): boolean {
    return this.#troubles.some((trouble) => trouble.what === what && trouble.of === member && overlap(trouble, span));
  }
}

const overlap = (a: Span, b: Span): boolean => a.from <= b.to && b.from <= a.to;
